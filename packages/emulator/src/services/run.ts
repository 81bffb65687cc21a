import type { Cloud } from '../cloud.ts';
import { type Call, type Handler, json, type Reply, type Route, route } from '../handler.ts';
import { requireCaller } from '../identity/credential.ts';
import type { Policy } from '../identity/iam.ts';
import { createService } from './run/create.ts';
import { patchService } from './run/patch.ts';
import { absent, serviceOf } from './run/path.ts';
import { deleteService, getService, listServices } from './run/services.ts';

export { RunState } from './run/state.ts';

const services = '/v2/projects/{project}/locations/{location}/services';
const service = `${services}/{service}`;

/** Cloud Run Admin API v2, services and revisions (https://cloud.google.com/run/docs/reference/rest/v2). */
export const runRoutes: readonly Route[] = [
  guarded('POST', services, 'services.create', createService),
  guarded('GET', services, 'services.list', listServices),
  guarded('GET', service, 'services.get', getService),
  guarded('PATCH', service, 'services.update', patchService),
  guarded('DELETE', service, 'services.delete', deleteService),
  guarded('GET', `${service}/revisions`, 'revisions.list', listRevisions),
  guarded('GET', `${service}/revisions/{revision}`, 'revisions.get', getRevision),
  // gcloud asks version 1 for policies.
  ...[service, service.replace('/v2/', '/v1/')].flatMap((template) => [
    guarded('GET', `${template}:getIamPolicy`, 'services.getIamPolicy', getPolicy),
    guarded('POST', `${template}:setIamPolicy`, 'services.setIamPolicy', setPolicy),
    route('POST', `${template}:testIamPermissions`, undefined, testPermissions),
  ]),
];

function guarded(method: string, template: string, permission: string, handler: Handler): Route {
  return route(method, template, { api: 'run.googleapis.com', permission: `run.${permission}` }, handler);
}

function listRevisions(call: Call, cloud: Cloud): Reply {
  const revisions = [...serviceOf(call, cloud).revisions.values()].reverse();
  return { body: { revisions } };
}

function getRevision(call: Call, cloud: Cloud): Reply {
  const { resource, revisions } = serviceOf(call, cloud);
  const id = call.params.revision ?? '';
  const revision = revisions.get(`${resource.name}/revisions/${id}`);
  if (!revision) throw absent(call, 'REVISION', id);
  return { body: revision };
}

function getPolicy(call: Call, cloud: Cloud): Reply {
  return { body: cloud.iam.get(serviceOf(call, cloud).resource.name) };
}

function setPolicy(call: Call, cloud: Cloud): Reply {
  const { resource } = serviceOf(call, cloud);
  return { body: cloud.iam.set(resource.name, json<{ policy?: Partial<Policy> }>(call).policy ?? {}) };
}

function testPermissions(call: Call, cloud: Cloud): Reply {
  requireCaller(call, cloud, 'run.googleapis.com');
  const { resource } = serviceOf(call, cloud);
  const asked = json<{ permissions?: string[] }>(call).permissions ?? [];
  const permissions = asked.filter((permission) =>
    cloud.iam.allows(call.principal, permission, resource.name),
  );
  return { body: permissions.length > 0 ? { permissions } : {} };
}
