import { timestamp } from '../../../../kernel/clock.ts';
import { ApiError } from '../../../../kernel/errors.ts';
import type { Admit } from '../../containers/front.ts';
import { admit } from '../../containers/invoker.ts';
import type { Context } from '../../context.ts';
import { seconds } from '../quantity.ts';
import { condition, etag, type StoredService } from '../state.ts';
import type { Revision, TrafficTarget } from '../types.ts';
import { type Failure, failureOf } from './failure.ts';
import { instanceOf } from './instance.ts';

/** What a request made of a service. */
export interface Written {
  /** Full name of what was the latest revision then. */
  readonly revision: string;
  readonly generation: string;
}

/**
 * Makes the data plane what a request asked for: its revision runs, the service's URL leads to the revisions that have
 * traffic, each tag's URL to its revision, the others are stopped. When the revision does not get ready, what served
 * before keeps serving. A revision comes up, or not, whether or not another request has followed; where requests go is
 * left to the last.
 * @throws ApiError in the words of Cloud Run
 */
export async function deploy(stored: StoredService, cloud: Context, written: Written): Promise<void> {
  const latest = revisionOf(stored, written.revision);
  const failure = await settle(latest, cloud);
  if (!failure) makeLatest(stored, latest);
  if (stored.resource.generation !== written.generation) {
    if (failure) throw failure.error;
    return;
  }
  const refused = await attempt(latest, () => direct(stored, cloud));
  if (stored.resource.generation === written.generation) report(stored, cloud, failure ?? refused);
  const known = failure ?? refused;
  if (known) throw known.error;
}

/** Of the revisions that are ready the one that was made last is the latest. */
function makeLatest({ resource, revisions }: StoredService, { name }: Revision): void {
  const names = [...revisions.keys()];
  if (names.indexOf(name) >= names.indexOf(resource.latestReadyRevision ?? ''))
    resource.latestReadyRevision = name;
}

/** Brings a revision up and records whether it came. */
async function settle(revision: Revision, cloud: Context): Promise<Failure | undefined> {
  const [ready] = revision.conditions;
  // A revision that failed stays so: only another one is another try.
  if (ready?.state === 'CONDITION_FAILED' && ready.reason !== 'INTERNAL') {
    const { message = '', reason, revisionReason } = ready;
    const why = { ...(reason && { reason }), ...(revisionReason && { revisionReason }) };
    return { error: new ApiError('FAILED_PRECONDITION', message), reason: why };
  }
  const failure = await attempt(revision, () => run(revision, cloud));
  const now = cloud.clock.now();
  const state = failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
  revision.conditions = ['Ready', 'ContainerHealthy', 'ResourcesAvailable'].map((type) =>
    condition(type, state, now, failure && { message: failure.error.message, ...failure.reason }),
  );
  revision.reconciling = false;
  revision.updateTime = timestamp(now);
  return failure;
}

async function attempt(revision: Revision, work: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return failureOf(error, revision);
  }
}

/** Sends requests where the traffic says; what has neither traffic nor a tag is stopped. */
export async function direct(stored: StoredService, cloud: Context): Promise<void> {
  const { resource, revisions } = stored;
  const { latestReadyRevision, name } = resource;
  // Before there is a revision that is ready, nothing serves.
  if (latestReadyRevision === undefined) return;
  const targets = resource.traffic.map((target) => ({ target, revision: aimOf(stored, target) }));
  for (const { revision } of targets) await run(revision, cloud);
  const shares = targets.map(({ target, revision }) => ({
    revision: revision.name,
    percent: target.percent ?? 0,
    timeout: (seconds(revision.timeout) ?? 300) * 1000,
  }));
  cloud.containers.route(
    name,
    shares.filter(({ percent }) => percent > 0),
  );
  const uris = new Map<string, string>();
  for (const [index, { target }] of targets.entries()) {
    const { tag } = target;
    const share = shares[index];
    if (!tag || !share) continue;
    const key = `${name}#${tag}`;
    uris.set(tag, await cloud.containers.open(key, admissionTo(stored, cloud)));
    cloud.containers.route(key, [{ ...share, percent: 100 }]);
  }
  const gone = cloud.containers.listeners(`${name}#`).filter((key) => !uris.has(key.split('#')[1] ?? ''));
  await cloud.containers.shut(gone);
  const kept = new Set(targets.map(({ revision }) => revision.name));
  cloud.containers.stop([...revisions.keys()].filter((revision) => !kept.has(revision)));
  resource.trafficStatuses = resource.traffic.map((target) => {
    const uri = uris.get(target.tag ?? '');
    return { ...target, ...(uri && { uri }) };
  });
}

/** Who may call a service, at its own URL and at those of its tags: tokens are always for its own. */
export function admissionTo({ resource }: StoredService, cloud: Context): Admit {
  return (headers) => {
    const { name, uri, customAudiences = [], invokerIamDisabled = false } = resource;
    const audiences = [uri, ...customAudiences];
    return admit(cloud, headers, { resource: name, audiences, open: invokerIamDisabled });
  };
}

function report({ resource }: StoredService, cloud: Context, failure?: Failure): void {
  const now = cloud.clock.now();
  const failed = failure && { message: failure.error.message, reason: 'REVISION_FAILED' };
  const state = failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
  const routed = failure && !resource.trafficStatuses ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
  resource.terminalCondition = condition('Ready', state, now, failed);
  resource.conditions = [
    condition('RoutesReady', routed, now, routed === 'CONDITION_FAILED' ? failed : {}),
    condition('ConfigurationsReady', state, now, failed),
  ];
  resource.observedGeneration = resource.generation;
  resource.reconciling = false;
  resource.etag = etag();
}

function aimOf(stored: StoredService, { type, revision }: TrafficTarget): Revision {
  const { latestReadyRevision = '', name } = stored.resource;
  const pinned = type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
  return revisionOf(stored, pinned ? `${name}/revisions/${revision}` : latestReadyRevision);
}

function revisionOf({ revisions }: StoredService, name: string): Revision {
  const revision = revisions.get(name);
  if (!revision) throw new ApiError('FAILED_PRECONDITION', `Revision '${name.split('/').at(-1)}' not found.`);
  return revision;
}

function run(revision: Revision, cloud: Context): Promise<void> {
  const { name, service, serviceAccount, containers, volumes } = revision;
  const env = { K_SERVICE: service, K_REVISION: name.split('/').at(-1) ?? '', K_CONFIGURATION: service };
  const workload = {
    owner: name,
    reader: { account: serviceAccount, kind: 'Revision' as const },
    containers,
  };
  return cloud.containers.run(instanceOf({ ...workload, ...(volumes && { volumes }), env }, cloud));
}
