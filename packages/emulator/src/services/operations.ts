import type { Cloud } from '../cloud.ts';
import { permissionDenied, unauthenticated } from '../errors.ts';
import { type Call, type Handler, type Reply, type Route, route } from '../handler.ts';
import type { Principal } from '../identity/principal.ts';

import { denied } from './service-usage-errors.ts';

const LOCATION = 'projects/{project}/locations/{location}/operations';

/**
 * The operations of every service: their names tell them apart, not their hosts
 * (https://github.com/googleapis/googleapis/blob/master/google/longrunning/operations.proto).
 */
export const operationRoutes: readonly Route[] = ['v1', 'v2'].flatMap((version) => [
  route('GET', `/${version}/${LOCATION}`, undefined, signedIn(list)),
  route('GET', `/${version}/${LOCATION}/{operation}`, undefined, signedIn(get)),
  route('POST', `/${version}/${LOCATION}/{operation}:cancel`, undefined, signedIn(cancel)),
  route('GET', `/${version}/operations/{operation}`, undefined, signedIn(get)),
  route('POST', `/${version}/operations/{operation}:cancel`, undefined, signedIn(cancel)),
]);

/** A list holds what the caller may see. */
function list(call: Call, cloud: Cloud): Reply {
  const operations = cloud.operations
    .list(`${nameOf(call, cloud)}/`)
    .filter(({ name }) => !missing(call.principal, cloud, name, 'list'));
  return { body: operations.length > 0 ? { operations } : {} };
}

function get(call: Call, cloud: Cloud): Reply {
  const name = nameOf(call, cloud);
  require(call.principal, cloud, name, 'get');
  return { body: cloud.operations.get(name) };
}

function cancel(call: Call, cloud: Cloud): Reply {
  const name = nameOf(call, cloud);
  require(call.principal, cloud, name, 'cancel');
  cloud.operations.cancel(name);
  return { body: {} };
}

/** @throws ApiError PERMISSION_DENIED in the words of the operation's service */
function require(caller: Principal | undefined, cloud: Cloud, name: string, verb: 'get' | 'cancel'): void {
  const permission = missing(caller, cloud, name, verb);
  if (!permission) return;
  const project = `projects/${cloud.project.id}`;
  if (permission.startsWith('serviceusage.'))
    throw denied(`${verb} operation [${name}]`, permission, project);
  throw permissionDenied(permission, name);
}

/** The permission that a caller lacks, if an operation needs one. */
function missing(
  caller: Principal | undefined,
  cloud: Cloud,
  name: string,
  verb: 'get' | 'list' | 'cancel',
): string | undefined {
  const permission = cloud.operations.permissionFor(name)?.replace(/\w+$/, verb);
  // The names of some lie in no project; they are the project's all the same.
  const resource = name.startsWith('projects/') ? name : `projects/${cloud.project.id}`;
  return permission && !cloud.iam.allows(caller, permission, resource) ? permission : undefined;
}

/** Whatever an operation needs, its caller must be somebody. */
function signedIn(handler: Handler): Handler {
  return (call, cloud) => {
    if (!call.principal) throw unauthenticated();
    return handler(call, cloud);
  };
}

/** The operation, or the collection, that the path names, by the project's id. */
function nameOf({ url }: Call, { project: { id, number } }: Cloud): string {
  const name = decodeURIComponent(url.pathname.replace(/^\/v\d\//, '').replace(/:cancel$/, ''));
  return name.replace(new RegExp(`^projects/${number}/`), `projects/${id}/`);
}
