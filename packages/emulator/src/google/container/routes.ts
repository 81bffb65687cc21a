import { requireCaller } from '../../kernel/access.ts';
import { ApiError } from '../../kernel/errors.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import type { Context } from './context.ts';
import { shownCluster } from './shown.ts';

const API = 'container.googleapis.com';

/** The Kubernetes Engine API v1, as far as it tells of clusters (https://cloud.google.com/kubernetes-engine/docs/reference/rest). */
export const clusterRoutes: readonly Route<Context>[] = ['locations', 'zones'].flatMap((places) => {
  const place = `/v1/projects/{project}/${places}/{location}`;
  return [
    guarded(`${place}/clusters`, 'clusters.list', list),
    guarded(`${place}/clusters/{cluster}`, 'clusters.get', get),
    guarded(`${place}/operations`, 'operations.list', () => ({ body: {} })),
    guarded(`${place}/operations/{operation}`, 'operations.get', ({ params: { operation } }) => {
      throw new ApiError('NOT_FOUND', `Not found: ${operation}.`);
    }),
  ];
});

function get({ params: { location = '', cluster = '' } }: Call, { clusters, project }: Context): Reply {
  const found = clusters.find(location, cluster);
  if (found) return { body: shownCluster(found, project) };
  throw new ApiError(
    'NOT_FOUND',
    `Not found: projects/${project.id}/locations/${location}/clusters/${cluster}.`,
  );
}

function list({ params: { location = '-' } }: Call, { clusters, project }: Context): Reply {
  return { body: { clusters: clusters.in(location).map((one) => shownCluster(one, project)) } };
}

/** Kubernetes Engine refuses in words of its own. */
function guarded(template: string, permission: string, handler: Handler<Context>): Route<Context> {
  return route('GET', template, undefined, (call, cloud) => {
    const caller = requireCaller(call, cloud, API);
    const { project = '', location, cluster } = call.params;
    const { id, number } = cloud.project;
    const asked = project === number ? id : project;
    const named = `projects/${asked}${cluster ? `/locations/${location}/clusters/${cluster}` : ''}`;
    if (asked !== id || !cloud.iam.allows(caller, `container.${permission}`, named))
      throw new ApiError(
        'PERMISSION_DENIED',
        `Required "container.${permission}" permission(s) for "${named}".`,
      );
    return handler(call, cloud);
  });
}
