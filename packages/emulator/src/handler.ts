import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Cloud } from './cloud.ts';
import type { Principal } from './identity/principal.ts';

/** One HTTP request as a handler sees it: already read, routed, authenticated and authorised. */
export interface Call {
  readonly method: string;
  /** Absolute URL of the request; its host is what the client asked for. */
  readonly url: URL;
  readonly query: URLSearchParams;
  /** Decoded path variables of the route's template. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The whole body; empty on a route that streams. */
  readonly body: Buffer;
  /** The body as it arrives, for a route that streams; elsewhere it was read into `body`. */
  readonly stream: Readable;
  /** Who calls. Only a route without `access` may be called by nobody. */
  readonly principal: Principal | undefined;
}

/** What goes back. A Buffer, string or Readable is sent as it is, anything else as JSON. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type Handler = (call: Call, cloud: Cloud) => Reply | Promise<Reply>;

/** What a caller must hold before the handler runs, as the real API checks it. */
export interface Access {
  /** The API that must be enabled on the project, e.g. `apigateway.googleapis.com`. */
  readonly api: string;
  /** The IAM permission, e.g. `apigateway.apis.get`. */
  readonly permission: string;
  /** Template of the resource the permission is checked on; default: the request's own resource. */
  readonly on?: string;
}

export interface Route {
  readonly method: string;
  /** e.g. `/v1/projects/{project}/services/{service}:enable`; a last `{name=**}` takes the rest of the path. */
  readonly template: string;
  readonly access: Access | undefined;
  readonly handler: Handler;
  /** Whether the handler reads `call.stream` itself: a container layer is too large to hold. */
  readonly streams: boolean;
}

/**
 * Declares a route. Without `access` the handler is open and checks its caller itself (token endpoints,
 * the OCI registry).
 */
export function route(
  method: string,
  template: string,
  access: Access | undefined,
  handler: Handler,
  { streams = false }: { readonly streams?: boolean } = {},
): Route {
  return { method, template, access, handler, streams };
}

/** Parses a JSON body as protobuf's mapping does: no body is `{}`, a field that is null is not set. */
export function json<T = Record<string, unknown>>(call: Call): T {
  if (call.body.length === 0) return {} as T;
  return JSON.parse(call.body.toString('utf8'), (_, value) => value ?? undefined) as T;
}
