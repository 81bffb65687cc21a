import type { Call } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { alreadyExists, invalid, notFound, required } from '../errors.ts';
import { linkTo } from '../links.ts';
import { placeOf } from '../places/routes.ts';
import type { Resource } from '../state.ts';
import { printed } from '../time.ts';
import type { Kind } from './kinds.ts';

/** What every name must be (RFC 1035). */
export const NAME = '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)';

/** @throws ComputeError for a name that is none */
export function checkName(name: unknown, field = 'resource.name'): string {
  if (name === undefined || name === '') throw required(field);
  if (typeof name === 'string' && new RegExp(`^${NAME}$`).test(name)) return name;
  throw invalid(field, name, `Must be a match of regex '${NAME}'`);
}

/** The path of a resource of a call's place. @throws ComputeError 404 for a place that there is not */
export function pathIn(call: Call, cloud: Context, { collection }: Kind, name = call.params.name): string {
  return `${placeOf(call, cloud)}/${collection}/${name}`;
}

/** The resource that a call's path names. @throws ComputeError 404 */
export function resourceOf(call: Call, cloud: Context, kind: Kind): { path: string; resource: Resource } {
  const path = pathIn(call, cloud, kind);
  return { path, resource: requireResource(cloud, path) };
}

/** @throws ComputeError 404 */
export function requireResource({ compute, project }: Context, path: string): Resource {
  const resource = compute.resources.get(path);
  if (!resource) throw notFound(`projects/${project.id}/${path}`);
  return resource;
}

/** @throws ComputeError 409 */
export function requireFree({ compute, project }: Context, path: string): void {
  if (compute.resources.has(path)) throw alreadyExists(`projects/${project.id}/${path}`);
}

/** Keeps a new resource, with what each has. */
export function keep(
  { compute, project, clock }: Context,
  path: string,
  { kind }: Kind,
  fields: Readonly<Record<string, unknown>>,
): Resource {
  const [scope = '', where = ''] = path.split('/');
  const resource: Resource = {
    kind,
    id: compute.newId(),
    creationTimestamp: printed(clock.now()),
    name: path.split('/').at(-1) ?? '',
    ...(scope !== 'global' && { [scope.replace(/s$/, '')]: linkTo(project.id, `${scope}/${where}`) }),
    ...fields,
    selfLink: linkTo(project.id, path),
  };
  compute.resources.set(path, resource);
  return resource;
}

/** Changes a resource. */
export function change({ compute }: Context, path: string, fields: Readonly<Record<string, unknown>>): void {
  const resource = compute.resources.get(path);
  if (resource) compute.resources.set(path, { ...resource, ...fields } as Resource);
}
