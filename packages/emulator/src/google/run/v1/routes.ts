import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../../kernel/http/route.ts';
import { locationsReply, REGIONS } from '../../../kernel/resources/locations.ts';
import type { Context } from '../context.ts';
import type { AskedService } from '../v2/asked.ts';
import { createService } from '../v2/create.ts';
import { patchService } from '../v2/patch.ts';
import { deleteRevision } from '../v2/revisions.ts';
import { deleteService } from '../v2/services.ts';
import { askedService, type V1Service } from './asked-service.ts';
import { DELETED } from './deleted.ts';
import { absentHere, inRegion, regionOf } from './region.ts';
import { getRevision, listRevisions } from './revisions.ts';
import { v1Service } from './service.ts';

const services = '/apis/serving.knative.dev/v1/namespaces/{namespace}/services';
const service = `${services}/{service}`;
const revisions = '/apis/serving.knative.dev/v1/namespaces/{namespace}/revisions';

/**
 * Cloud Run's API v1, which is Knative's: what `gcloud run deploy` and `gcloud run services` need of it
 * (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services).
 */
export const runV1Routes: readonly Route<Context>[] = [
  route(
    'GET',
    '/v1/projects/{project}/locations',
    { api: 'run.googleapis.com', permission: 'run.locations.list', on: 'projects/{project}' },
    (_, cloud) => locationsReply(cloud, REGIONS),
  ),
  // gcloud lists the services of all regions so.
  route(
    'GET',
    '/v1/projects/{project}/locations/{location}/services',
    { api: 'run.googleapis.com', permission: 'run.services.list', on: 'projects/{project}' },
    listServices,
  ),
  guarded('GET', services, 'services.list', listServices),
  guarded('POST', services, 'services.create', createFromV1),
  guarded('GET', service, 'services.get', getService),
  guarded('PUT', service, 'services.update', replaceFromV1),
  guarded('DELETE', service, 'services.delete', deleteFromV1),
  guarded('GET', revisions, 'revisions.list', listRevisions),
  guarded('GET', `${revisions}/{revision}`, 'revisions.get', getRevision),
  guarded('DELETE', `${revisions}/{revision}`, 'revisions.delete', removeRevision),
];

function guarded(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  const access = { api: 'run.googleapis.com', permission: `run.${permission}`, on: 'projects/{namespace}' };
  return route(method, template, access, handler);
}

async function createFromV1(call: Call, cloud: Context): Promise<Reply> {
  const asked = json<V1Service>(call);
  const id = asked.metadata?.name ?? '';
  const { etag: _, ...service } = askedService(asked);
  await createService(asV2(call, cloud, id, service), cloud);
  if (isTrial(call)) return { body: asked };
  return getService({ ...call, params: { ...call.params, service: id } }, cloud);
}

async function replaceFromV1(call: Call, cloud: Context): Promise<Reply> {
  const asked = askedService(json<V1Service>(call));
  await patchService(asV2(call, cloud, call.params.service ?? '', asked), cloud);
  return getService(call, cloud);
}

function deleteFromV1(call: Call, cloud: Context): Reply {
  deleteService(asV2(call, cloud, call.params.service ?? '', {}), cloud);
  return DELETED;
}

/** The call of the API v2 that does the same. */
function asV2(call: Call, cloud: Context, id: string, asked: AskedService): Call {
  const query = new URLSearchParams({ serviceId: id, ...(isTrial(call) && { validateOnly: 'true' }) });
  const location = regionOf(call);
  if (!location) throw new ApiError('INVALID_ARGUMENT', 'Services are changed at the host of their region.');
  const params = { project: cloud.project.id, location, service: id };
  return { ...call, params, query, body: Buffer.from(JSON.stringify(asked)) };
}

/** Whether the request is only to be checked. */
function isTrial({ query }: Call): boolean {
  return query.get('dryRun') === 'all';
}

function removeRevision(call: Call, cloud: Context): Reply {
  const { revision = '' } = call.params;
  const owner = inRegion(call, cloud).find(({ revisions }) =>
    [...revisions.keys()].some((name) => name.endsWith(`/revisions/${revision}`)),
  );
  if (!owner) throw absentHere(call, 'REVISION', revision);
  const [, project = '', , location = '', , service = ''] = owner.resource.name.split('/');
  deleteRevision({ ...call, params: { project, location, service, revision } }, cloud);
  return DELETED;
}

function listServices(call: Call, cloud: Context): Reply {
  const items = inRegion(call, cloud).map((stored) => v1Service(stored, cloud));
  return { body: { apiVersion: 'serving.knative.dev/v1', kind: 'ServiceList', metadata: {}, items } };
}

function getService(call: Call, cloud: Context): Reply {
  const { service: id = '' } = call.params;
  const found = inRegion(call, cloud).find(({ resource }) => resource.name.endsWith(`/services/${id}`));
  if (!found) throw absentHere(call, 'SERVICE', id);
  return { body: v1Service(found, cloud) };
}
