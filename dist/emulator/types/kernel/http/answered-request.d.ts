/** A request that the local cloud answered. */
export interface AnsweredRequest {
    /** What answered, e.g. `run.googleapis.com`, or `cloud-run/web` for what was deployed; undefined for a path of none. */
    readonly service: string | undefined;
    readonly method: string;
    /** As the service has it, with the query. */
    readonly path: string;
    readonly status: number;
    readonly agent: string;
    /** When it was answered, by the cloud's clock, in milliseconds since the epoch. */
    readonly time: number;
}
