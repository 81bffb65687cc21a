import { requireCaller } from '../../kernel/access.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Call } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import { fill } from '../../kernel/http/router.ts';
import type { Context } from './context.ts';

const API = 'apigateway.googleapis.com';
export const PROJECT = 'projects/{project}';
export const GLOBAL = `${PROJECT}/locations/global`;
export const REGION = `${PROJECT}/locations/{location}`;

/**
 * Declares a route whose caller must hold a permission on a resource, a project's number in the path being
 * the same project as its id.
 *
 * @param path template below `/v1/`, a `:verb` included
 * @param permission e.g. `apis.get`
 * @param on template of the resource; default: the path's
 */
export function guarded(
  method: string,
  path: string,
  permission: string,
  handler: Handler<Context>,
  on?: string,
): Route<Context> {
  return route(method, `/v1/${path}`, undefined, (call, cloud) => {
    const caller = requireCaller(call, cloud, API);
    const resource = canonical(fill(on ?? path.replace(/:\w+$/, ''), call.params), cloud);
    cloud.iam.require(caller, `apigateway.${permission}`, resource);
    return handler(call, cloud);
  });
}

/** A resource's name with the project's id in place of its number. */
export function canonical(name: string, { project: { id, number } }: Context): string {
  return name.replace(new RegExp(`^projects/${number}(?=/|$)`), `projects/${id}`);
}

/** The name a call's path gives a template, by the project's id. */
export function nameIn(template: string, call: Call, cloud: Context): string {
  return canonical(fill(template, call.params), cloud);
}

/** @throws ApiError NOT_FOUND */
export function existing<T>(all: ReadonlyMap<string, T>, name: string): T {
  const found = all.get(name);
  if (!found) throw notFound(name);
  return found;
}
