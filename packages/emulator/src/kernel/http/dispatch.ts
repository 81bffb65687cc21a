import { ApiError } from '../errors.ts';
import { operationIn } from '../operations/routes.ts';
import { prefixOf } from '../service/declaration.ts';
import type { BoundRoute, Mounted } from '../service/mount.ts';
import type { Project } from '../service/project.ts';
import { createRouter, type Match } from './router.ts';

/** What answers a request. */
export interface Found extends Match<BoundRoute> {
  readonly service: Mounted;
  /** The path as the service has it, without its prefix. */
  readonly path: string;
}

interface Address {
  readonly service: Mounted;
  readonly prefix: string | undefined;
  readonly find: (method: string, path: string) => Match<BoundRoute> | undefined;
}

/**
 * Finds what answers a request.
 *
 * | The request is for | What answers |
 * |---|---|
 * | a host name that a service stands in for | that service |
 * | loopback, a path that begins with a service's prefix | that service, by the path after the prefix, or by all of it where the service keeps it |
 * | loopback, another path | a service at the root, else the one service that has such a path |
 *
 * A host name of the world that no service stands in for has no path at all. A path at the root that several services have is an error, but for an operation, which one of them has.
 *
 * @param world host names that are somebody's, and nobody's here
 * @returns undefined for a path of none
 */
export function createDispatcher(
  services: readonly Mounted[],
  project: Project,
  world: readonly string[] = [],
): (method: string, host: string, path: string) => Found | undefined {
  const addresses: readonly Address[] = services.map((service) => ({
    service,
    prefix: prefixOf(service.declaration),
    find: createRouter(service.routes),
  }));
  return (method, host, path) => {
    const named = namedBy(host, addresses);
    if (named.length > 0) return first(named, method, path);
    if (world.some((pattern) => isOf(host, pattern))) return undefined;
    const [, prefix = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
    const prefixed = addresses.filter((address) => address.prefix === prefix);
    const [address] = prefixed;
    if (address) return first(prefixed, method, address.service.declaration.keepsPrefix ? path : rest);
    const rooted = addresses.filter((address) => address.prefix === undefined);
    return first(rooted, method, path) ?? only(addresses, method, path, project);
  };
}

/** Whether a host name is one of a pattern's, in which a `*` at the beginning stands for anything. */
export function isOf(host: string, pattern: string): boolean {
  const [name, wanted] = [host.toLowerCase(), pattern.toLowerCase()];
  return wanted.startsWith('*') ? name.endsWith(wanted.slice(1)) : name === wanted;
}

/** The services that stand in for a host name. */
function namedBy(host: string, addresses: readonly Address[]): readonly Address[] {
  return addresses.filter(({ service: { declaration } }) =>
    [declaration.name, ...(declaration.hosts ?? [])].some((pattern) => isOf(host, pattern)),
  );
}

function first(addresses: readonly Address[], method: string, path: string): Found | undefined {
  for (const { service, find } of addresses) {
    const match = find(method, path);
    if (match) return { ...match, service, path };
  }
  return undefined;
}

/** @throws ApiError NOT_FOUND when several services have that path */
function only(
  addresses: readonly Address[],
  method: string,
  path: string,
  project: Project,
): Found | undefined {
  const matching = addresses.filter(({ find }) => find(method, path));
  if (matching.length < 2) return first(matching, method, path);
  const operation = operationIn(path, project);
  const having = matching.filter(
    ({ service }) => operation !== undefined && service.operations.has(operation),
  );
  if (having.length === 1) return first(having, method, path);
  const places = matching.map(
    ({ prefix, service: { declaration } }) => `/${prefix}${path} (${declaration.title})`,
  );
  throw new ApiError(
    'NOT_FOUND',
    `Several services of the local cloud have the path ${path}. Ask for ${places.join(' or ')}.`,
  );
}
