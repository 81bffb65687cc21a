import { ApiError } from '../errors.ts';
import type { Call, Reply } from './call.ts';
import { errorReply, tooLargePage } from './reply.ts';
import { API_LIMIT, type BodyTooLarge, OPEN_LIMIT } from './request-body.ts';

/**
 * Answers a call.
 *
 * @typeParam C what the handlers of a service work with: its state, the kernel's tools, what it needs of other services
 */
export type Handler<C> = (call: Call, context: C) => Reply | Promise<Reply>;

/** Looks at a call before its body is read, and may turn it away: by a reply, or by an ApiError. */
export type Guard<C> = (call: Call, context: C) => Reply | undefined;

/** What a caller must hold before the handler runs, as the real API checks it. */
export interface Access {
  /** The API that must be enabled on the project, e.g. `apigateway.googleapis.com`. */
  readonly api: string;
  /** The IAM permission, e.g. `apigateway.apis.get`. */
  readonly permission: string;
  /** Template of the resource the permission is checked on; default: the request's own resource. */
  readonly on?: string;
}

export interface Route<C> {
  readonly method: string;
  /** e.g. `/v1/projects/{project}/services/{service}:enable`; a last `{name=**}` takes the rest of the path. */
  readonly template: string;
  readonly access: Access | undefined;
  readonly handler: Handler<C>;
  /** Who may come in where there is no `access`: whoever has signed in to Google, anybody, or what a guard lets in. */
  readonly guard: 'signed-in' | 'open' | Guard<C>;
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
export function route<C>(
  method: string,
  template: string,
  access: Access | undefined,
  handler: Handler<C>,
  options: Partial<Pick<Route<C>, 'guard' | 'streams' | 'limit' | 'tooLarge'>> = {},
): Route<C> {
  const { guard = 'signed-in', streams = false } = options;
  const open = guard === 'open';
  const { limit = open ? OPEN_LIMIT : API_LIMIT, tooLarge = open ? tooLargePage : tooLargeForApi } = options;
  return { method, template, access, handler, guard, streams, limit, tooLarge };
}

/** Declares a route that anybody may call: token endpoints, public keys. */
export function openRoute<C>(method: string, template: string, handler: Handler<C>): Route<C> {
  return route(method, template, undefined, handler, { guard: 'open' });
}

function tooLargeForApi({ message }: BodyTooLarge): Reply {
  return errorReply(new ApiError('INVALID_ARGUMENT', message));
}
