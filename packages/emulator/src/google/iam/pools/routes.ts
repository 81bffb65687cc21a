import { ApiError, alreadyExists } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../../kernel/http/route.ts';
import { operationName } from '../../../kernel/operations/operations.ts';
import { fieldsToChange, putField, topOf } from '../../../kernel/resources/mask.ts';
import { policyRoutes } from '../../allow-policies/routes.ts';
import type { Context } from '../context.ts';
import { checkProvider, type ProviderBody, providerFrom } from './provider-body.ts';
import type { Pool, Provider } from './workload-identity-pools.ts';

const API = 'iam.googleapis.com';
const TYPE = 'type.googleapis.com/google.iam.v1';
const POOLS = '/v1/projects/{project}/locations/global/workloadIdentityPools';
const POOL = `${POOLS}/{pool}`;
const PROVIDERS = `${POOL}/providers`;
const PROVIDER = `${PROVIDERS}/{provider}`;
const ID = /^[a-z0-9-]{4,32}$/;

/** Workload identity pools and their OIDC providers (https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools). */
export const workloadIdentityRoutes: readonly Route<Context>[] = [
  onPool('GET', POOLS, 'list', (_, cloud) => ({
    body: { workloadIdentityPools: cloud.iamAdmin.pools.listPools().map(shownPool) },
  })),
  onPool('POST', POOLS, 'create', createPool),
  onPool('GET', POOL, 'get', (call, cloud) => ({ body: shownPool(poolOf(call, cloud)) })),
  onPool('PATCH', POOL, 'update', updatePool),
  onPool('DELETE', POOL, 'delete', (call, cloud) => markPool(call, cloud, true)),
  onPool('POST', `${POOL}:undelete`, 'undelete', (call, cloud) => markPool(call, cloud, false)),
  onPool('GET', `${POOL}/operations/{operation}`, 'get', getOperation),
  // Rules of managed identities, of which there are none.
  onPool('GET', `${POOL}:listAttestationRules`, 'getAttestationRules', (call, cloud) => {
    poolOf(call, cloud);
    return { body: {} };
  }),
  ...policyRoutes<Context>(POOL, {
    api: API,
    kind: 'iam.workloadIdentityPools',
    get: 'POST',
    guarded: (method, template, permission, handler) => guarded(method, template, permission, handler),
    nameOf: ({ params: { pool } }, { project }) =>
      `projects/${project.id}/locations/global/workloadIdentityPools/${pool}`,
    requireThere: (call, cloud) => void poolOf(call, cloud),
  }),
  onProvider('GET', PROVIDERS, 'list', listProviders),
  onProvider('POST', PROVIDERS, 'create', createProvider),
  onProvider('GET', PROVIDER, 'get', (call, cloud) => ({ body: shownProvider(providerOf(call, cloud)) })),
  onProvider('PATCH', PROVIDER, 'update', updateProvider),
  onProvider('DELETE', PROVIDER, 'delete', (call, cloud) => markProvider(call, cloud, true)),
  onProvider('POST', `${PROVIDER}:undelete`, 'undelete', (call, cloud) => markProvider(call, cloud, false)),
  onProvider('GET', `${PROVIDER}/operations/{operation}`, 'get', getOperation),
];

function onPool(method: string, template: string, verb: string, handler: Handler<Context>): Route<Context> {
  return guarded(method, template, `iam.workloadIdentityPools.${verb}`, handler);
}

function onProvider(
  method: string,
  template: string,
  verb: string,
  handler: Handler<Context>,
): Route<Context> {
  return guarded(method, template, `iam.workloadIdentityPoolProviders.${verb}`, handler);
}

function guarded(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  return route(method, template, { api: API, permission }, handler);
}

function createPool(call: Call, cloud: Context): Reply {
  const name = `${parentOf(cloud)}/${newId(call, 'workloadIdentityPoolId')}`;
  const { displayName, description, disabled, mode } = json<Partial<Pool>>(call);
  const { pools } = cloud.iamAdmin;
  if (pools.findPool(name)) throw alreadyExists(name);
  const pool: Pool = {
    name,
    ...(displayName && { displayName }),
    ...(description && { description }),
    ...(disabled && { disabled }),
    ...(mode && { mode }),
  };
  pools.addPool(pool);
  return operation(cloud, name, () => ({ '@type': `${TYPE}.WorkloadIdentityPool`, ...shownPool(pool) }));
}

function updatePool(call: Call, cloud: Context): Reply {
  const pool = poolOf(call, cloud);
  const body = json<Partial<Pool>>(call);
  for (const field of fieldsToChange(call.query.get('updateMask'), body, OF_BOTH).map(topOf))
    putField(body, pool, field);
  return operation(cloud, pool.name, () => ({ '@type': `${TYPE}.WorkloadIdentityPool`, ...shownPool(pool) }));
}

function markPool(call: Call, cloud: Context, deleted: boolean): Reply {
  const pool = poolOf(call, cloud);
  pool.deleted = deleted;
  return operation(cloud, pool.name, () => ({ '@type': `${TYPE}.WorkloadIdentityPool`, ...shownPool(pool) }));
}

function listProviders(call: Call, cloud: Context): Reply {
  const { name } = poolOf(call, cloud);
  return { body: { workloadIdentityPoolProviders: cloud.iamAdmin.pools.list(name).map(shownProvider) } };
}

function createProvider(call: Call, cloud: Context): Reply {
  const { pools } = cloud.iamAdmin;
  const name = `${poolOf(call, cloud).name}/providers/${newId(call, 'workloadIdentityPoolProviderId')}`;
  if (pools.find(name)) throw alreadyExists(name);
  return keep(cloud, providerFrom(name, json<ProviderBody>(call)));
}

function updateProvider(call: Call, cloud: Context): Reply {
  const body = json<ProviderBody>(call);
  const before = providerOf(call, cloud);
  const after = providerFrom(before.name, body);
  const wanted = { ...before };
  for (const path of fieldsToChange(call.query.get('updateMask'), body, OF_PROVIDERS))
    for (const field of NAMES[path] ?? [path]) putField(after, wanted, field);
  return keep(cloud, wanted);
}

/** What may be changed. */
const OF_BOTH = ['displayName', 'description', 'disabled'] as const;
const OF_PROVIDERS = [...OF_BOTH, 'attributeMapping', 'attributeCondition', 'oidc'] as const;

/** What the API calls otherwise than we do. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  oidc: ['issuer', 'allowedAudiences'],
  'oidc.issuerUri': ['issuer'],
  'oidc.allowedAudiences': ['allowedAudiences'],
};

function keep(cloud: Context, provider: Provider): Reply {
  checkProvider(provider);
  cloud.iamAdmin.pools.add(provider);
  return operation(cloud, provider.name, () => ({
    '@type': `${TYPE}.WorkloadIdentityPoolProvider`,
    ...shownProvider(provider),
  }));
}

function markProvider(call: Call, cloud: Context, deleted: boolean): Reply {
  const provider = providerOf(call, cloud);
  provider.deleted = deleted;
  return keep(cloud, provider);
}

/** These operations are named below the resource they change. */
function operation(cloud: Context, resource: string, work: () => Record<string, unknown>): Reply {
  return { body: cloud.operations.start({ name: operationName(resource, cloud.clock.now()), work }) };
}

function getOperation(call: Call, cloud: Context): Reply {
  const { provider, operation: id } = call.params;
  const parent = provider ? `${poolName(call, cloud)}/providers/${provider}` : poolName(call, cloud);
  return { body: cloud.operations.get(`${parent}/operations/${id}`) };
}

function poolOf(call: Call, cloud: Context): Pool {
  return cloud.iamAdmin.pools.getPool(poolName(call, cloud));
}

function providerOf(call: Call, cloud: Context): Provider {
  return cloud.iamAdmin.pools.get(`${poolName(call, cloud)}/providers/${call.params.provider}`);
}

/** Unlike the token service, this API takes the project's id too; names are kept with its number. */
function poolName(call: Call, cloud: Context): string {
  return `${parentOf(cloud)}/${call.params.pool}`;
}

function parentOf({ project }: Context): string {
  return `projects/${project.number}/locations/global/workloadIdentityPools`;
}

function newId(call: Call, parameter: string): string {
  const id = call.query.get(parameter) ?? '';
  if (ID.test(id) && !id.startsWith('gcp-')) return id;
  throw new ApiError(
    'INVALID_ARGUMENT',
    `Invalid value for "${parameter}": "${id}". It must be 4-32 characters of [a-z0-9-], and "gcp-" is reserved.`,
  );
}

function shownPool({
  name,
  displayName,
  description,
  disabled,
  mode,
  deleted,
}: Pool): Record<string, unknown> {
  return {
    name,
    ...(displayName && { displayName }),
    ...(description && { description }),
    state: deleted ? 'DELETED' : 'ACTIVE',
    ...(disabled && { disabled }),
    ...(mode && { mode }),
  };
}

function shownProvider(provider: Provider): Record<string, unknown> {
  const { attributeMapping, attributeCondition, issuer, allowedAudiences } = provider;
  return {
    ...shownPool(provider),
    attributeMapping,
    ...(attributeCondition && { attributeCondition }),
    oidc: { issuerUri: issuer, ...(allowedAudiences.length > 0 && { allowedAudiences }) },
  };
}
