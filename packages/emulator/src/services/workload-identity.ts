import type { Cloud } from '../cloud.ts';
import { notFound } from '../errors.ts';
import { type Call, type Reply, type Route, route } from '../handler.ts';
import type { Provider } from '../identity/workload-identity-pools.ts';

const API = 'iam.googleapis.com';
const POOL = '/v1/projects/{project}/locations/global/workloadIdentityPools/{pool}';

/** Workload identity pools as the IAM API v1 shows them; they are seeded, not created. */
export const workloadIdentityRoutes: readonly Route[] = [
  route('GET', POOL, { api: API, permission: 'iam.workloadIdentityPools.get' }, getPool),
  route(
    'GET',
    `${POOL}/providers`,
    { api: API, permission: 'iam.workloadIdentityPoolProviders.list' },
    listProviders,
  ),
  route(
    'GET',
    `${POOL}/providers/{provider}`,
    { api: API, permission: 'iam.workloadIdentityPoolProviders.get' },
    getProvider,
  ),
];

function getPool(call: Call, cloud: Cloud): Reply {
  const name = poolName(call, cloud);
  if (cloud.iamAdmin.pools.list(name).length === 0) throw notFound(name);
  return { body: { name, state: 'ACTIVE' } };
}

function listProviders(call: Call, cloud: Cloud): Reply {
  return {
    body: {
      workloadIdentityPoolProviders: cloud.iamAdmin.pools.list(poolName(call, cloud)).map(shownProvider),
    },
  };
}

function getProvider(call: Call, cloud: Cloud): Reply {
  const name = `${poolName(call, cloud)}/providers/${call.params.provider}`;
  return { body: shownProvider(cloud.iamAdmin.pools.get(name)) };
}

/** Unlike the token service, this API takes the project's id too; names are kept with its number. */
function poolName(call: Call, cloud: Cloud): string {
  return `projects/${cloud.project.number}/locations/global/workloadIdentityPools/${call.params.pool}`;
}

function shownProvider({
  name,
  issuer,
  allowedAudiences,
  attributeMapping,
  attributeCondition,
  disabled,
}: Provider): Record<string, unknown> {
  return {
    name,
    state: 'ACTIVE',
    ...(disabled && { disabled }),
    attributeMapping,
    ...(attributeCondition && { attributeCondition }),
    oidc: { issuerUri: issuer, ...(allowedAudiences.length > 0 && { allowedAudiences }) },
  };
}
