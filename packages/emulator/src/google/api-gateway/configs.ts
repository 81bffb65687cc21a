import { randomBytes } from 'node:crypto';
import { ApiError, alreadyExists } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import { listed } from '../../kernel/resources/listing.ts';
import { canonical, existing, GLOBAL, guarded, nameIn } from './access.ts';
import type { Context } from './context.ts';
import { type CommonBody, newId, patch } from './fields.ts';
import type { SourceFile } from './import/documents.ts';
import { importOpenapi } from './import/import.ts';
import { change, shownResource } from './long-running.ts';
import { policyRoutes } from './policies.ts';
import { gatewayAccount } from './service-accounts.ts';
import type { Api, ApiConfig } from './state.ts';

interface ConfigBody extends CommonBody {
  readonly gatewayServiceAccount?: string;
  readonly openapiDocuments?: readonly SourceFile[];
  readonly grpcServices?: readonly unknown[];
  readonly managedServiceConfigs?: readonly unknown[];
}

const API = `${GLOBAL}/apis/{api}`;
const CONFIGS = `${API}/configs`;
const CONFIG = `${CONFIGS}/{config}`;
const MAX_CONFIGS = 100;

export const configRoutes: readonly Route<Context>[] = [
  guarded('GET', CONFIGS, 'apiconfigs.list', list, API),
  guarded('POST', CONFIGS, 'apiconfigs.create', create, API),
  guarded('GET', CONFIG, 'apiconfigs.get', get),
  guarded('PATCH', CONFIG, 'apiconfigs.update', update),
  guarded('DELETE', CONFIG, 'apiconfigs.delete', remove),
  ...policyRoutes(CONFIG, 'apiconfigs', ({ apiGateway }) => apiGateway.configs),
];

function list(call: Call, cloud: Context): Reply {
  const { apis } = cloud.apiGateway;
  // `-` lists the configs of every API.
  if (call.params.api === '-')
    return listed(call, 'apiConfigs', [...cloud.apiGateway.configs.values()].map(shown));
  const api = existing(apis, nameIn(API, call, cloud));
  return listed(call, 'apiConfigs', configsOf(cloud, api).map(shown));
}

function get(call: Call, cloud: Context): Reply {
  const config = existing(cloud.apiGateway.configs, nameIn(CONFIG, call, cloud));
  const full = ['FULL', '2'].includes(call.query.get('view') ?? '');
  return { body: { ...shown(config), ...(full && { openapiDocuments: config.openapiDocuments }) } };
}

function create(call: Call, cloud: Context): Reply {
  const { apis, configs } = cloud.apiGateway;
  const api = existing(apis, nameIn(API, call, cloud));
  const id = newId(call, 'apiConfigId', 63);
  const name = `${api.name}/configs/${id}`;
  const body = json<ConfigBody>(call);
  if (configs.has(name)) throw alreadyExists(name);
  const siblings = configsOf(cloud, api);
  if (siblings.length >= MAX_CONFIGS)
    throw new ApiError(
      'RESOURCE_EXHAUSTED',
      `Quota limit 'ApiConfigsPerApi' has been exceeded. Limit: ${MAX_CONFIGS}.`,
    );
  const labels = labelsOf(body);
  const openapiDocuments = sources(body);
  const { service } = importOpenapi(openapiDocuments);
  const gatewayServiceAccount = gatewayAccount(cloud, call.principal, body.gatewayServiceAccount ?? '');
  const now = cloud.clock.now();
  const config: ApiConfig = {
    name,
    createTime: now,
    updateTime: now,
    displayName: body.displayName || id,
    labels,
    gatewayServiceAccount,
    serviceConfigId: `${id}-${randomBytes(7).toString('hex').slice(0, 13)}`,
    openapiDocuments,
    service,
    state: 'CREATING',
  };
  const overlapping = siblings.some(({ state }) => state === 'CREATING');
  configs.set(name, config);
  const work = () => {
    // Rollouts of one managed service cannot overlap: "one or both configs may not be available for later use".
    if (overlapping)
      throw new ApiError(
        'ABORTED',
        `Another API config of '${api.name}' was being created. Create the API configs of an API one after the other.`,
      );
    cloud.apis.register(api.managedService, service.title);
  };
  return change(cloud, { verb: 'create', resource: config, work, result: result(config) });
}

function update(call: Call, cloud: Context): Reply {
  const config = existing(cloud.apiGateway.configs, nameIn(CONFIG, call, cloud));
  const immutable = ['gatewayServiceAccount', 'openapiDocuments', 'grpcServices', 'managedServiceConfigs'];
  const { apply } = patch(call, json<ConfigBody>(call), config, {}, immutable);
  return change(cloud, { verb: 'update', resource: config, work: apply, result: result(config) });
}

function remove(call: Call, cloud: Context): Reply {
  const { configs, gateways } = cloud.apiGateway;
  const config = existing(configs, nameIn(CONFIG, call, cloud));
  const work = () => {
    const users = [...gateways.values()].filter(
      ({ apiConfig }) => canonical(apiConfig, cloud) === config.name,
    );
    const [first] = users;
    if (first) {
      const region = regionOf(first.name);
      const ids = users.map(({ name }) => name).filter((name) => regionOf(name) === region);
      const list = ids.map((name) => name.split('/').at(-1)).join(', ');
      throw new ApiError(
        'FAILED_PRECONDITION',
        `Delete API Config Row: config is in use in ${region}: [${list}]`,
      );
    }
    configs.delete(config.name);
  };
  return change(cloud, { verb: 'delete', resource: config, work });
}

function sources({
  openapiDocuments = [],
  grpcServices = [],
  managedServiceConfigs = [],
}: ConfigBody): readonly SourceFile[] {
  if (grpcServices.length > 0 || managedServiceConfigs.length > 0) {
    throw new ApiError(
      'UNIMPLEMENTED',
      'The local cloud only supports API configs with OpenAPI documents, not with gRPC services.',
    );
  }
  if (openapiDocuments.length === 0)
    throw new ApiError(
      'INVALID_ARGUMENT',
      'At least one OpenAPI document or gRPC service definition must be provided.',
    );
  return openapiDocuments;
}

function configsOf({ apiGateway }: Context, api: Api): ApiConfig[] {
  return [...apiGateway.configs.values()].filter(({ name }) => name.startsWith(`${api.name}/configs/`));
}

function regionOf(gateway: string): string {
  return gateway.split('/')[3] ?? '';
}

function result(config: ApiConfig): { type: 'ApiConfig'; shown: () => Record<string, unknown> } {
  return { type: 'ApiConfig', shown: () => shown(config) };
}

function shown(config: ApiConfig): Record<string, unknown> {
  return {
    ...shownResource(config),
    gatewayServiceAccount: `projects/-/serviceAccounts/${config.gatewayServiceAccount}`,
    serviceConfigId: config.serviceConfigId,
  };
}
