import { randomBytes } from 'node:crypto';
import type { Call, Reply } from '../kernel/http/call.ts';
import { type Route, route } from '../kernel/http/route.ts';
import type { App } from './apps/app.ts';
import type { Context } from './context.ts';
import { FlyError, invalid, notFound, tooLarge, unauthorized } from './errors.ts';
import type { Machine } from './machines/machine.ts';
import { allows, type Token } from './sign-in/token.ts';

/** A request to Fly.io whose token is good. */
export interface FlyCall extends Call {
  readonly token: Token;
  /**
   * The app that the path or the argument names.
   * @throws FlyError 404, or 401 when the token is not for this
   */
  app(action: 'read' | 'write', name?: string): App;
  /** The machine that the path names. @throws FlyError */
  machine(action: 'read' | 'write'): Machine;
}

type FlyHandler = (call: FlyCall, cloud: Context) => Reply | Promise<Reply>;

/** A route of the Machines API, `api.machines.dev`. */
export function flaps(method: string, path: string, handler: FlyHandler): Route<Context> {
  return fly(method, `/v1${path}`, handler, (error) => error.flaps);
}

/** A route of `api.fly.io` beside GraphQL. */
export function rest(method: string, path: string, handler: FlyHandler): Route<Context> {
  return fly(method, path, handler, (error) => error.rest);
}

function fly(
  method: string,
  path: string,
  handler: FlyHandler,
  shown: (error: FlyError) => Reply,
): Route<Context> {
  const identified = (reply: Reply): Reply => ({
    ...reply,
    headers: { 'fly-request-id': randomBytes(13).toString('hex'), ...reply.headers },
  });
  const answered = async (call: Call, cloud: Context): Promise<Reply> =>
    identified(await attempt(() => handler(signedIn(call, cloud), cloud), shown));
  return route(method, path, undefined, answered, {
    guard: ({ headers }, cloud) =>
      cloud.fly.tokens.ofHeader(headers.authorization) ? undefined : identified(shown(unauthorized())),
    tooLarge: () => identified(shown(tooLarge())),
  });
}

async function attempt(
  work: () => Reply | Promise<Reply>,
  shown: (error: FlyError) => Reply,
): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FlyError) return shown(error);
    throw error;
  }
}

function signedIn(call: Call, cloud: Context): FlyCall {
  const token = cloud.fly.tokens.ofHeader(call.headers.authorization);
  if (!token) throw unauthorized();
  const app = (action: 'read' | 'write', name = call.params.app ?? '') => {
    const found = cloud.fly.app(name);
    if (!allows(token, found, 'read')) throw unauthorized();
    if (!allows(token, found, action)) throw new FlyError(403, 'permission_denied: token is read-only');
    return found;
  };
  const machine = (action: 'read' | 'write') => {
    const found = app(action).machines.get(call.params.machine ?? '');
    if (!found) throw notFound('machine');
    return found;
  };
  return { ...call, token, app, machine };
}

/**
 * The JSON body, nulls kept: they mean "remove" in some places.
 * @throws FlyError 400
 */
export function body<T = Record<string, unknown>>(call: Call): T {
  if (call.body.length === 0) return {} as T;
  try {
    return JSON.parse(call.body.toString('utf8')) as T;
  } catch (error) {
    throw invalid(`invalid JSON: ${error instanceof Error ? error.message : error}`);
  }
}
