import type { Cloud } from '../cloud.ts';
import { permissionDenied } from '../errors.ts';
import { type Call, type Reply, type Route, route } from '../handler.ts';
import { requireToken } from '../identity/credential.ts';
import { serviceOf } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { denied } from './service-usage-errors.ts';

const LOCATION = 'projects/{project}/locations/{location}/operations';

/**
 * The operations of every service: their names tell them apart, not their hosts
 * (https://github.com/googleapis/googleapis/blob/master/google/longrunning/operations.proto).
 */
export const operationRoutes: readonly Route[] = ['v1', 'v2'].flatMap((version) => [
  route('GET', `/${version}/${LOCATION}`, undefined, list),
  route('GET', `/${version}/${LOCATION}/{operation}`, undefined, get),
  route('POST', `/${version}/${LOCATION}/{operation}:cancel`, undefined, cancel),
  route('GET', `/${version}/operations/{operation}`, undefined, get),
  route('POST', `/${version}/operations/{operation}:cancel`, undefined, cancel),
]);

/** A list holds what the caller may see. An empty one is of no service, and takes a token for all. */
function list(call: Call, cloud: Cloud): Reply {
  const all = cloud.operations.list(`${nameOf(call, cloud)}/`);
  if (all.length === 0) callerOf(call, cloud, '');
  const operations = all.filter(({ name }) => !missing(callerOf(call, cloud, name), cloud, name, 'list'));
  return { body: operations.length > 0 ? { operations } : {} };
}

function get(call: Call, cloud: Cloud): Reply {
  const name = nameOf(call, cloud);
  require(callerOf(call, cloud, name), cloud, name, 'get');
  return { body: cloud.operations.get(name) };
}

function cancel(call: Call, cloud: Cloud): Reply {
  const name = nameOf(call, cloud);
  require(callerOf(call, cloud, name), cloud, name, 'cancel');
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

/** The caller, whose token must be good for the API that the operation is of. */
function callerOf(call: Call, cloud: Cloud, name: string): Principal {
  const service = serviceOf(cloud.operations.permissionFor(name) ?? 'serviceusage.');
  return requireToken(call, cloud, `${service}.googleapis.com`);
}

/** The operation, or the collection, that the path names, by the project's id. */
function nameOf({ url }: Call, { project: { id, number } }: Cloud): string {
  const name = decodeURIComponent(url.pathname.replace(/^\/v\d\//, '').replace(/:cancel$/, ''));
  return name.replace(new RegExp(`^projects/${number}/`), `projects/${id}/`);
}
