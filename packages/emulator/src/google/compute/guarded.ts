import { requireCaller } from '../../kernel/access.ts';
import type { Call } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import type { Context } from './context.ts';
import { denied, notFound } from './errors.ts';
import { repeated } from './operations/repeated.ts';

export const API = 'compute.googleapis.com';
const PROJECT = '/compute/v1/projects/{project}';

/**
 * Declares a route of the project, whose caller must hold a permission on the resource of its path. A request that was answered before, by
 * its `requestId`, is answered the same.
 *
 * @param template within the project, e.g. `/zones/{zone}/instances`
 * @param permission e.g. `compute.instances.get`
 */
export function guarded(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  return route(method, `${PROJECT}${template}`, undefined, (call, cloud) => {
    requireCaller(call, cloud, API);
    const { project = '' } = call.params;
    if (!isOwn(project, cloud)) throw notFound(`projects/${project}`);
    requirePermission(call, cloud, permission, resourceOf(template, call));
    return repeated(call, cloud) ?? handler(call, cloud);
  });
}

/** Declares a route that may be of another project, whose public resources anybody may read who has signed in. */
export function publicRoute(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  return route(method, `${PROJECT}${template}`, undefined, (call, cloud) => {
    requireCaller(call, cloud, API);
    if (isOwn(call.params.project ?? '', cloud))
      requirePermission(call, cloud, permission, resourceOf(template, call));
    return handler(call, cloud);
  });
}

export function isOwn(project: string, { project: { id, number } }: Pick<Context, 'project'>): boolean {
  return project === id || project === number;
}

/**
 * @param path within the project; empty for the project itself
 * @throws ComputeError 403 unless the caller holds the permission
 */
export function requirePermission(call: Call, cloud: Context, permission: string, path: string): void {
  const resource = `projects/${cloud.project.id}${path ? `/${path}` : ''}`;
  if (!cloud.iam.allows(call.principal, permission, resource)) throw denied(permission, resource);
}

/** The resource that a path names: of a method of a resource without the method, of a collection the project. */
function resourceOf(template: string, { params }: Call): string {
  const [named = ''] = /^.*\{(?:name|resource)\}/.exec(template) ?? [];
  return named.replace(/^\//, '').replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
}
