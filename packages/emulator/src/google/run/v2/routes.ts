import type { Policy } from '../../../contracts.ts';
import { requireCaller } from '../../../kernel/access.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { type Route, route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { createService } from './create.ts';
import { patchService } from './patch.ts';
import { serviceOf } from './path.ts';
import { deleteRevision, getRevision, listRevisions } from './revisions.ts';
import { deleteService, getService, listServices } from './services.ts';

const services = '/v2/projects/{project}/locations/{location}/services';
const service = `${services}/{service}`;

/** Cloud Run Admin API v2, services and revisions (https://cloud.google.com/run/docs/reference/rest/v2). */
export const runRoutes: readonly Route<Context>[] = [
  guarded('POST', services, 'services.create', createService),
  guarded('GET', services, 'services.list', listServices),
  guarded('GET', service, 'services.get', getService),
  guarded('PATCH', service, 'services.update', patchService),
  guarded('DELETE', service, 'services.delete', deleteService),
  guarded('GET', `${service}/revisions`, 'revisions.list', listRevisions),
  guarded('GET', `${service}/revisions/{revision}`, 'revisions.get', getRevision),
  guarded('DELETE', `${service}/revisions/{revision}`, 'revisions.delete', deleteRevision),
  // gcloud asks version 1 for policies.
  ...[service, service.replace('/v2/', '/v1/')].flatMap((template) => [
    guarded('GET', `${template}:getIamPolicy`, 'services.getIamPolicy', getPolicy),
    guarded('POST', `${template}:setIamPolicy`, 'services.setIamPolicy', setPolicy),
    route('POST', `${template}:testIamPermissions`, undefined, testPermissions),
  ]),
];

function getPolicy(call: Call, cloud: Context): Reply {
  return { body: cloud.iam.get(serviceOf(call, cloud).resource.name) };
}

function setPolicy(call: Call, cloud: Context): Reply {
  const { resource } = serviceOf(call, cloud);
  return { body: cloud.iam.set(resource.name, json<{ policy?: Partial<Policy> }>(call).policy ?? {}) };
}

function testPermissions(call: Call, cloud: Context): Reply {
  requireCaller(call, cloud, 'run.googleapis.com');
  const { resource } = serviceOf(call, cloud);
  const asked = json<{ permissions?: string[] }>(call).permissions ?? [];
  const permissions = asked.filter((permission) =>
    cloud.iam.allows(call.principal, permission, resource.name),
  );
  return { body: permissions.length > 0 ? { permissions } : {} };
}
