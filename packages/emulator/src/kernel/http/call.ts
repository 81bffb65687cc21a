import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Principal } from '../principal.ts';

/** One HTTP request as a handler sees it: already read, routed, authenticated and authorised. */
export interface Call {
  readonly method: string;
  /** Absolute URL of the request, its path as the service has it; its host is what the client asked for. */
  readonly url: URL;
  readonly query: URLSearchParams;
  /** Decoded path variables of the route's template. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The whole body; empty on a route that streams. */
  readonly body: Buffer;
  /** The body as it arrives, for a route that streams; elsewhere it was read into `body`. */
  readonly stream: Readable;
  /**
   * Refuses a request without something that its API requires. It is asked once the caller may ask: by whoever checks that, at the latest by
   * `json`. Undefined where nothing is published of the method.
   */
  readonly demand?: (() => void) | undefined;
  /** What the bearer token proves, where it is one of Google's and good. */
  readonly credential: Credential | undefined;
  /** Whom it stands for. */
  readonly principal: Principal | undefined;
}

/** What a bearer token proves. */
export interface Credential {
  readonly principal: Principal;
  /** The OAuth scopes it is limited to; undefined for a self-signed JWT that is for one API. */
  readonly scopes: readonly string[] | undefined;
  /** The one API that a self-signed JWT is for, e.g. `run.googleapis.com`. */
  readonly api: string | undefined;
}

/** What goes back. A Buffer, string or Readable is sent as it is, anything else as JSON. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Parses a JSON body as protobuf's mapping does: no body is `{}`, a field that is null is not set. Call it once the caller may ask.
 *
 * @throws ApiError INVALID_ARGUMENT for a request without something that its API requires
 */
export function json<T = Record<string, unknown>>(call: Call): T {
  call.demand?.();
  if (call.body.length === 0) return {} as T;
  return JSON.parse(call.body.toString('utf8'), (_, value) => value ?? undefined) as T;
}
