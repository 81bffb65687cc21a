/** The canonical codes of google.rpc.Code and the HTTP status each maps to (google/rpc/code.proto). */
declare const HTTP_STATUS: {
    readonly INVALID_ARGUMENT: 400;
    readonly FAILED_PRECONDITION: 400;
    readonly OUT_OF_RANGE: 400;
    readonly UNAUTHENTICATED: 401;
    readonly PERMISSION_DENIED: 403;
    readonly NOT_FOUND: 404;
    readonly ALREADY_EXISTS: 409;
    readonly ABORTED: 409;
    readonly RESOURCE_EXHAUSTED: 429;
    readonly CANCELLED: 499;
    readonly INTERNAL: 500;
    readonly UNIMPLEMENTED: 501;
    readonly UNAVAILABLE: 503;
};
export type Canonical = keyof typeof HTTP_STATUS;
export type Detail = {
    '@type': string;
} & Record<string, unknown>;
/** An error a Google API answers with: `{"error":{"code","message","status","details"}}` (https://google.aip.dev/193). */
export declare class ApiError extends Error {
    readonly status: Canonical;
    readonly details: readonly Detail[];
    constructor(status: Canonical, message: string, details?: readonly Detail[]);
    get httpStatus(): number;
    /** The HTTP body. */
    get body(): {
        error: Record<string, unknown>;
    };
    /** The google.rpc.Status of a failed operation. */
    get rpcStatus(): {
        code: number;
        message: string;
        details?: readonly Detail[];
    };
}
export declare function notFound(resource: string): ApiError;
export declare function alreadyExists(resource: string): ApiError;
export declare function permissionDenied(permission: string, resource: string): ApiError;
export declare function unauthenticated(reason?: string): ApiError;
/** What a token answers whose OAuth scopes leave the API out. */
export declare function insufficientScopes(service: string | undefined): ApiError;
/** What a call answers when its API is off: the body gcloud turns into its "enable it" prompt. */
export declare function serviceDisabled(service: string, title: string, projectNumber: string): ApiError;
export {};
