import type { Cloud } from '../cloud.ts';
import { ApiError } from '../errors.ts';
import { type Call, type Handler, type Reply, type Route, route } from '../handler.ts';
import type { StoredService } from './run/state.ts';
import { v1Service } from './run-v1/service.ts';

const services = '/apis/serving.knative.dev/v1/namespaces/{namespace}/services';

/**
 * What reads services by Cloud Run's API v1, which is Knative's: `gcloud run services describe` and `list`
 * (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services).
 */
export const runV1Routes: readonly Route[] = [
  guarded(services, 'services.list', listServices),
  guarded(`${services}/{service}`, 'services.get', getService),
];

function guarded(template: string, permission: string, handler: Handler): Route {
  const on = 'projects/{namespace}';
  return route('GET', template, { api: 'run.googleapis.com', permission: `run.${permission}`, on }, handler);
}

function listServices(call: Call, cloud: Cloud): Reply {
  const region = regionOf(call);
  const prefix = `projects/${cloud.project.id}/locations/${region ? `${region}/` : ''}`;
  const items = cloud.run.list(prefix).map((stored) => v1Service(stored, cloud));
  return { body: { apiVersion: 'serving.knative.dev/v1', kind: 'ServiceList', metadata: {}, items } };
}

function getService(call: Call, cloud: Cloud): Reply {
  const { service: id = '', namespace } = call.params;
  const found = named(cloud, regionOf(call), id);
  if (!found)
    throw new ApiError(
      'NOT_FOUND',
      `Resource '${id}' of kind 'SERVICE' in region '${regionOf(call) ?? 'global'}' in project '${namespace}' does not exist.`,
    );
  return { body: v1Service(found, cloud) };
}

function named(cloud: Cloud, region: string | undefined, id: string): StoredService | undefined {
  return cloud.run
    .list(`projects/${cloud.project.id}/locations/${region ? `${region}/` : ''}`)
    .find(({ resource }) => resource.name.endsWith(`/services/${id}`));
}

/** The API v1 has no region in its paths: each region is a host, such as `us-central1-run.googleapis.com`. */
function regionOf({ url }: Call): string | undefined {
  return /^([a-z]+-[a-z]+\d+)-/.exec(url.hostname)?.[1];
}
