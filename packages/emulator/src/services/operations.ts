import type { Cloud } from '../cloud.ts';
import { unauthenticated } from '../errors.ts';
import { type Call, type Handler, type Reply, type Route, route } from '../handler.ts';

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

function list(call: Call, cloud: Cloud): Reply {
  const operations = cloud.operations.list(`${nameOf(call, cloud)}/`);
  return { body: operations.length > 0 ? { operations } : {} };
}

function get(call: Call, cloud: Cloud): Reply {
  return { body: cloud.operations.get(nameOf(call, cloud)) };
}

function cancel(call: Call, cloud: Cloud): Reply {
  cloud.operations.cancel(nameOf(call, cloud));
  return { body: {} };
}

/** An operation's name is unguessable and held by who started it; the caller need only be somebody. */
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
