import type { Call, Reply } from '../../../kernel/http/call.ts';
import { type Route, route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { runPolicyRoutes } from '../policies.ts';
import { regionOf } from '../v1/region.ts';
import { absent, parentOf } from '../v2/path.ts';
import type { StoredPool } from './state.ts';
import { v1Pool } from './v1.ts';
import { createPool, patchPool, settled } from './write.ts';

const pools = '/v2/projects/{project}/locations/{location}/workerPools';
const pool = `${pools}/{pool}`;
// What gcloud reads pools by.
const v1 = '/apis/run.googleapis.com/v1/namespaces/{namespace}/workerpools';

/** Cloud Run Admin API, worker pools and their revisions (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.workerPools). */
export const workerPoolRoutes: readonly Route<Context>[] = [
  guarded('POST', pools, 'workerpools.create', createPool),
  guarded('GET', pools, 'workerpools.list', listPools),
  guarded('GET', pool, 'workerpools.get', getPool),
  guarded('PATCH', pool, 'workerpools.update', patchPool),
  guarded('DELETE', pool, 'workerpools.delete', deletePool),
  guarded('GET', `${pool}/revisions`, 'revisions.list', listRevisions),
  guarded('GET', `${pool}/revisions/{revision}`, 'revisions.get', getRevision),
  ...runPolicyRoutes(
    pool,
    'workerpools',
    (call) => `${parentOf(call)}/workerPools/${call.params.pool}`,
    poolOf,
  ),
  ...[
    ['workerpools.list', v1, listV1],
    ['workerpools.get', `${v1}/{pool}`, getV1],
  ].map(([permission, template, handler]) =>
    route(
      'GET',
      template as string,
      { api: 'run.googleapis.com', permission: `run.${permission}`, on: 'projects/{namespace}' },
      handler as typeof listV1,
    ),
  ),
];

function poolOf(call: Call, cloud: Context): StoredPool {
  const id = call.params.pool ?? '';
  const stored = cloud.workerPools.pools.get(`${parentOf(call)}/workerPools/${id}`);
  if (!stored) throw absent(call, 'WORKER_POOL', id);
  return stored;
}

function getPool(call: Call, cloud: Context): Reply {
  return { body: poolOf(call, cloud).resource };
}

function listPools(call: Call, cloud: Context): Reply {
  const workerPools = cloud.workerPools.list(`${parentOf(call)}/`).map(({ resource }) => resource);
  return { body: workerPools.length > 0 ? { workerPools } : {} };
}

function deletePool(call: Call, cloud: Context): Reply {
  const { resource, revisions } = poolOf(call, cloud);
  cloud.workerPools.pools.delete(resource.name);
  cloud.iam.set(resource.name, {});
  cloud.containers.stop(revisions.keys());
  return { body: settled(call, resource) };
}

function listRevisions(call: Call, cloud: Context): Reply {
  return { body: { revisions: [...poolOf(call, cloud).revisions.values()].reverse() } };
}

function getRevision(call: Call, cloud: Context): Reply {
  const { resource, revisions } = poolOf(call, cloud);
  const id = call.params.revision ?? '';
  const revision = revisions.get(`${resource.name}/revisions/${id}`);
  if (!revision) throw absent(call, 'REVISION', id);
  return { body: revision };
}

function listV1(call: Call, cloud: Context): Reply {
  const items = here(call, cloud).map((stored) => v1Pool(stored, cloud));
  return { body: { apiVersion: 'run.googleapis.com/v1', kind: 'WorkerPoolList', metadata: {}, items } };
}

function getV1(call: Call, cloud: Context): Reply {
  const id = call.params.pool ?? '';
  const found = here(call, cloud).find(({ resource }) => resource.name.endsWith(`/workerPools/${id}`));
  const params = { project: call.params.namespace ?? '', location: regionOf(call) ?? 'global' };
  if (!found) throw absent({ ...call, params }, 'WORKER_POOL', id);
  return { body: v1Pool(found, cloud) };
}

/** The pools of the region whose host is asked, or of all. */
function here(call: Call, cloud: Context): StoredPool[] {
  const region = regionOf(call);
  return cloud.workerPools.list(`projects/${cloud.project.id}/locations/${region ? `${region}/` : ''}`);
}
