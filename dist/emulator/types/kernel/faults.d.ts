import type { Canonical } from './errors.js';
/** A fault on request: the next `times` matching requests are answered with it instead. */
export interface Fault {
    /** Matches `METHOD /path`, e.g. `/^POST .*\/configs$/`. */
    readonly match: RegExp;
    readonly times: number;
    /** HTTP status to answer with; the body is Google's error of that status unless `body` is given. */
    readonly status?: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** Cut the connection without an answer. */
    readonly reset?: boolean;
    /** Take so many bytes of the request's body, then cut the connection. For what is uploaded as a stream. */
    readonly cut?: number;
    /** End every registry token given out so far, then serve the request. */
    readonly expired?: boolean;
    /** Serve the request, then cut the connection in place of the answer. */
    readonly lost?: boolean;
    /** Serve the request; the operation it starts fails with this. */
    readonly failed?: {
        readonly status: Canonical;
        readonly message: string;
    };
    /** Milliseconds to hold the request back; alone, the request is then served as usual. */
    readonly delay?: number;
}
export declare class Faults {
    #private;
    add(fault: Fault): void;
    /** How many requests are still to meet a fault. */
    get pending(): number;
    /** The faults that are still due, each with how many requests are still to meet it. */
    list(): readonly {
        readonly fault: Fault;
        readonly left: number;
    }[];
    /** Forgets the faults that are still due. */
    clear(): void;
    /** The fault for this request, if one is due; it is used up by being taken. */
    take(method: string, path: string): Fault | undefined;
}
