import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Cloud } from './cloud.ts';
import { ApiError } from './errors.ts';
import type { Credential } from './identity/credential.ts';
import type { Principal } from './identity/principal.ts';
import { errorReply, tooLargePage } from './reply.ts';
import { API_LIMIT, type BodyTooLarge, OPEN_LIMIT } from './request-body.ts';

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
  /** What the bearer token proves, where it is one of Google's and good. */
  readonly credential: Credential | undefined;
  /** Whom it stands for. */
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

/**
 * Looks at a call before its body is read, and may turn it away: by a reply, or by an ApiError.
 */
export type Guard = (call: Call, cloud: Cloud) => Reply | undefined;

export interface Route {
  readonly method: string;
  /** e.g. `/v1/projects/{project}/services/{service}:enable`; a last `{name=**}` takes the rest of the path. */
  readonly template: string;
  readonly access: Access | undefined;
  readonly handler: Handler;
  /** Who may come in where there is no `access`: whoever has signed in to Google, anybody, or what a guard lets in. */
  readonly guard: 'signed-in' | 'open' | Guard;
  /** Whether the handler reads `call.stream` itself: a container layer is too large to hold. */
  readonly streams: boolean;
  /** Bytes of the body; default: what an API takes, or a form where anybody may come in. */
  readonly limit: number;
  /** What a larger body is answered with. */
  readonly tooLarge: (error: BodyTooLarge) => Reply;
}

/**
 * Declares a route. Without `access` the handler checks its caller itself; that somebody has signed in is checked before, unless
 * `guard` says otherwise, so that nobody else's body is read.
 */
export function route(
  method: string,
  template: string,
  access: Access | undefined,
  handler: Handler,
  options: Partial<Pick<Route, 'guard' | 'streams' | 'limit' | 'tooLarge'>> = {},
): Route {
  const { guard = 'signed-in', streams = false } = options;
  const open = guard === 'open';
  const { limit = open ? OPEN_LIMIT : API_LIMIT, tooLarge = open ? tooLargePage : tooLargeForApi } = options;
  return { method, template, access, handler, guard, streams, limit, tooLarge };
}

/** Declares a route that anybody may call: token endpoints, public keys. */
export function openRoute(method: string, template: string, handler: Handler): Route {
  return route(method, template, undefined, handler, { guard: 'open' });
}

function tooLargeForApi({ message }: BodyTooLarge): Reply {
  return errorReply(new ApiError('INVALID_ARGUMENT', message));
}

/** Parses a JSON body as protobuf's mapping does: no body is `{}`, a field that is null is not set. */
export function json<T = Record<string, unknown>>(call: Call): T {
  if (call.body.length === 0) return {} as T;
  return JSON.parse(call.body.toString('utf8'), (_, value) => value ?? undefined) as T;
}
