/** What a local cloud has, as a person looks for it. */
export interface Resources {
    readonly services: readonly Deployed[];
    readonly jobs: readonly {
        readonly name: string;
        readonly location: string;
        readonly executions: number;
    }[];
    readonly gateways: readonly Deployed[];
    readonly keys: readonly {
        readonly name: string;
        readonly key: string;
        readonly services: readonly string[];
    }[];
    readonly apps: readonly {
        readonly name: string;
        readonly url: string;
        readonly machines: number;
    }[];
    readonly repositories: readonly {
        readonly name: string;
        readonly images: number;
    }[];
}
export interface Deployed {
    readonly name: string;
    readonly location: string;
    readonly url: string;
    /** A revision, or an API config. */
    readonly serves: string;
    readonly ready: boolean;
    /** Whether anybody may call it without a token of Google's. */
    readonly open: boolean;
    /** A path that answers GET, by the document that it serves. */
    readonly path: string;
    /** Of a gateway: the managed service that its keys are for. */
    readonly managedService?: string;
}
