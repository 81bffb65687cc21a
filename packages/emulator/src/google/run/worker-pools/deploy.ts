import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { type Failure, failureOf } from '../v2/deployment/failure.ts';
import { instanceOf } from '../v2/deployment/instance.ts';
import { condition, etag } from '../v2/state.ts';
import type { StoredPool } from './state.ts';
import type { InstanceSplit, PoolRevision } from './types.ts';

/**
 * Makes the data plane what a request asked for: an instance of each revision that has a share, none of the others. One
 * instance stands for as many as the pool is to have. What does not come up leaves the one before running.
 *
 * @throws ApiError in the words of Cloud Run
 */
export async function deploy(
  stored: StoredPool,
  cloud: Context,
  written: { readonly revision: string; readonly generation: string },
): Promise<void> {
  const latest = revisionOf(stored, written.revision);
  const failure = await settle(latest, cloud);
  const { resource, revisions } = stored;
  const names = [...revisions.keys()];
  if (!failure && names.indexOf(latest.name) >= names.indexOf(resource.latestReadyRevision ?? ''))
    resource.latestReadyRevision = latest.name;
  if (resource.generation === written.generation) {
    if (resource.latestReadyRevision) await direct(stored, cloud);
    const now = cloud.clock.now();
    const state = failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
    const why = failure && { message: failure.error.message, reason: 'REVISION_FAILED' };
    Object.assign(resource, {
      terminalCondition: condition('Ready', state, now, why),
      conditions: [condition('ConfigurationsReady', state, now, why)],
      ...{ observedGeneration: resource.generation, reconciling: false, etag: etag() },
    });
  }
  if (failure) throw failure.error;
}

/** Brings an instance of a revision up and records whether it came. */
async function settle(revision: PoolRevision, cloud: Context): Promise<Failure | undefined> {
  const [ready] = revision.conditions;
  if (ready?.state === 'CONDITION_FAILED')
    return { error: new ApiError('FAILED_PRECONDITION', ready.message ?? ''), reason: {} };
  let failure: Failure | undefined;
  try {
    await run(revision, cloud);
  } catch (error) {
    failure = failureOf(error, revision);
  }
  const now = cloud.clock.now();
  revision.conditions = ['Ready', 'ContainerHealthy', 'ResourcesAvailable'].map((type) =>
    condition(
      type,
      failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED',
      now,
      failure && { message: failure.error.message, ...failure.reason },
    ),
  );
  Object.assign(revision, { reconciling: false, updateTime: timestamp(now) });
  return failure;
}

/** Has instances run of the revisions that have a share, and of no others. */
export async function direct({ resource, revisions }: StoredPool, cloud: Context): Promise<void> {
  const { name, latestReadyRevision = '', instanceSplits, scaling } = resource;
  const aimOf = ({ type, revision }: InstanceSplit) =>
    type.endsWith('REVISION') ? `${name}/revisions/${revision}` : latestReadyRevision;
  const isIdle = scaling?.manualInstanceCount === 0;
  const kept = new Set(instanceSplits.filter(({ percent = 0 }) => percent > 0).map(aimOf));
  cloud.containers.stop([...revisions.keys()].filter((revision) => isIdle || !kept.has(revision)));
  for (const revision of kept) {
    const found = revisions.get(revision);
    if (found && !isIdle) await run(found, cloud);
  }
  resource.instanceSplitStatuses = instanceSplits.map((split) => ({
    ...split,
    revision: aimOf(split).split('/').at(-1) ?? '',
  }));
}

function run(revision: PoolRevision, cloud: Context): Promise<void> {
  const { name, serviceAccount, containers, volumes } = revision;
  const [, , , , , pool = '', , id = ''] = name.split('/');
  const env = { CLOUD_RUN_WORKER_POOL: pool, CLOUD_RUN_WORKER_POOL_REVISION: id };
  const reader = { account: serviceAccount, kind: 'Revision' as const };
  const workload = { owner: name, reader, containers, ...(volumes && { volumes }), env };
  return cloud.containers.run(instanceOf(workload, cloud));
}

function revisionOf({ revisions }: StoredPool, name: string): PoolRevision {
  const revision = revisions.get(name);
  if (!revision) throw new ApiError('FAILED_PRECONDITION', `Revision '${name.split('/').at(-1)}' not found.`);
  return revision;
}
