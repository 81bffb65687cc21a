import { createHash } from 'node:crypto';
import { ApiError, alreadyExists } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import { listed } from '../../kernel/resources/listing.ts';
import { hostOfProject } from '../../kernel/resources/project-id.ts';
import { existing, GLOBAL, guarded, nameIn } from './access.ts';
import type { Context } from './context.ts';
import { type CommonBody, newId, patch } from './fields.ts';
import { change, shownResource } from './long-running.ts';
import { policyRoutes } from './policies.ts';
import type { Api } from './state.ts';

interface ApiBody extends CommonBody {
  readonly managedService?: string;
}

const APIS = `${GLOBAL}/apis`;
const API = `${APIS}/{api}`;
const MAX_APIS = 50;

export const apiRoutes: readonly Route<Context>[] = [
  guarded('GET', APIS, 'apis.list', list, GLOBAL),
  guarded('POST', APIS, 'apis.create', create, GLOBAL),
  guarded('GET', API, 'apis.get', get),
  guarded('PATCH', API, 'apis.update', update),
  guarded('DELETE', API, 'apis.delete', remove),
  ...policyRoutes(API, 'apis', ({ apiGateway }) => apiGateway.apis),
];

function list(call: Call, { apiGateway }: Context): Reply {
  return listed(call, 'apis', [...apiGateway.apis.values()].map(shown));
}

function get(call: Call, cloud: Context): Reply {
  return { body: shown(existing(cloud.apiGateway.apis, nameIn(API, call, cloud))) };
}

function create(call: Call, cloud: Context): Reply {
  const { apis } = cloud.apiGateway;
  const id = newId(call, 'apiId', 63);
  const name = `${nameIn(APIS, call, cloud)}/${id}`;
  const body = json<ApiBody>(call);
  if (apis.has(name)) throw alreadyExists(name);
  if (apis.size >= MAX_APIS)
    throw new ApiError(
      'RESOURCE_EXHAUSTED',
      `Quota limit 'ApisPerProject' has been exceeded. Limit: ${MAX_APIS}.`,
    );
  const now = cloud.clock.now();
  const api: Api = {
    name,
    createTime: now,
    updateTime: now,
    displayName: body.displayName || id,
    labels: labelsOf(body),
    managedService:
      body.managedService ||
      `${id}-${hash(name, now)}.apigateway.${hostOfProject(cloud.project.id)}.cloud.goog`,
    state: 'CREATING',
  };
  apis.set(name, api);
  return change(cloud, { verb: 'create', resource: api, work: () => {}, result: result(api) });
}

function update(call: Call, cloud: Context): Reply {
  const api = existing(cloud.apiGateway.apis, nameIn(API, call, cloud));
  const { apply } = patch(call, json<ApiBody>(call), api, {}, ['managedService']);
  return change(cloud, { verb: 'update', resource: api, work: apply, result: result(api) });
}

function remove(call: Call, cloud: Context): Reply {
  const { apis, configs } = cloud.apiGateway;
  const api = existing(apis, nameIn(API, call, cloud));
  if ([...configs.keys()].some((name) => name.startsWith(`${api.name}/`))) {
    throw new ApiError('FAILED_PRECONDITION', `Resource '"${api.name}"' has nested resources`);
  }
  const work = () => {
    apis.delete(api.name);
  };
  return change(cloud, { verb: 'delete', resource: api, work });
}

function result(api: Api): { type: 'Api'; shown: () => Record<string, unknown> } {
  return { type: 'Api', shown: () => shown(api) };
}

function shown(api: Api): Record<string, unknown> {
  return { ...shownResource(api), managedService: api.managedService };
}

/** The 13 characters that keep a managed service's name from being used again. */
function hash(name: string, now: number): string {
  const digest = createHash('sha256').update(`${name} ${now}`).digest();
  return BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .slice(0, 13);
}
