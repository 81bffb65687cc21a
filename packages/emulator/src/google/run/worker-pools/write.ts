import { LIMITS } from '@gangway/cloud-run';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Operation } from '../../../kernel/operations/operations.ts';
import type { Context } from '../context.ts';
import { requireActAs } from '../v2/act-as.ts';
import { completeContainer, defaultAccount } from '../v2/defaults.ts';
import { requireImageAccess } from '../v2/image-access.ts';
import { masked } from '../v2/mask.ts';
import { absent, operationName, parentOf } from '../v2/path.ts';
import { ownedByCloudRun } from '../v2/replacement.ts';
import { condition, etag, requireFresh, uid } from '../v2/state.ts';
import { checkId, checkLabels, checkPlace } from '../v2/validation/validate.ts';
import { checkContainers } from '../v2/validation/validate-containers.ts';
import { violation } from '../v2/validation/violation.ts';
import { deploy } from './deploy.ts';
import { revise, samePoolTemplate } from './revise.ts';
import type { StoredPool } from './state.ts';
import type { AskedPool, PoolTemplate, WorkerPool } from './types.ts';

const POOL_TYPE = 'type.googleapis.com/google.cloud.run.v2.WorkerPool';
const LATEST = { type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST', percent: 100 } as const;

/** POST …/workerPools?workerPoolId=ID. */
export function createPool(call: Call, cloud: Context): Reply {
  const id = call.query.get('workerPoolId') ?? '';
  checkId(id, 'workerPool');
  const name = `${parentOf(call)}/workerPools/${id}`;
  const asked = json<AskedPool>(call);
  const now = cloud.clock.now();
  const by = call.principal?.email ?? call.principal?.member ?? '';
  const fresh: WorkerPool = {
    name,
    ...editable(asked),
    ...{ uid: uid(), generation: '1', observedGeneration: '0' },
    ...{ createTime: timestamp(now), updateTime: timestamp(now), creator: by, lastModifier: by },
    launchStage: asked.launchStage ?? 'GA',
    template: completeTemplate(asked.template, cloud),
    instanceSplits: splitsOf(asked),
    terminalCondition: condition('Ready', 'CONDITION_RECONCILING', now),
    conditions: [condition('ConfigurationsReady', 'CONDITION_RECONCILING', now)],
    ...{ latestCreatedRevision: '', reconciling: true, etag: etag() },
  };
  check(fresh, []);
  requireActAs(call, cloud, fresh.template.serviceAccount);
  requireImageAccess(call, cloud, fresh.template);
  const { pools } = cloud.workerPools;
  if (pools.has(name)) throw new ApiError('ALREADY_EXISTS', `Resource '${id}' already exists.`);
  if (call.query.get('validateOnly') === 'true') return { body: settled(call, fresh) };
  const stored: StoredPool = { resource: fresh, revisions: new Map(), queue: Promise.resolve() };
  revise(stored, cloud);
  pools.set(name, stored);
  return { body: carryOut(call, cloud, stored) };
}

/** PATCH …/workerPools/W, the whole of it or what `updateMask` names; `allowMissing` creates it. */
export function patchPool(call: Call, cloud: Context): Reply {
  const id = call.params.pool ?? '';
  const stored = cloud.workerPools.pools.get(`${parentOf(call)}/workerPools/${id}`);
  if (!stored && call.query.get('allowMissing') === 'true') {
    cloud.iam.require(call.principal, 'run.workerpools.create', parentOf(call));
    call.query.set('workerPoolId', id);
    return createPool(call, cloud);
  }
  if (!stored) throw absent(call, 'WORKER_POOL', id);
  const asked = json<AskedPool>(call);
  const before = stored.resource;
  requireFresh(before, asked.etag, id);
  const wanted = masked<AskedPool>(before, asked, call.query.get('updateMask'));
  const template = completeTemplate(wanted.template, cloud);
  const isForced = call.query.get('forceNewRevision') === 'true';
  const isRenamed =
    template.revision !== undefined && !before.latestCreatedRevision.endsWith(`/${template.revision}`);
  const after: WorkerPool = {
    ...ownedByCloudRun(before, 'GoogleCloudRunV2WorkerPool'),
    ...editable(wanted),
    launchStage: wanted.launchStage ?? 'GA',
    template,
    instanceSplits: splitsOf(wanted),
  };
  check(after, [...stored.revisions.keys()]);
  requireActAs(call, cloud, template.serviceAccount);
  requireImageAccess(call, cloud, template);
  if (call.query.get('validateOnly') === 'true') return { body: settled(call, after) };
  const now = cloud.clock.now();
  stored.resource = {
    ...after,
    generation: String(Number(before.generation) + 1),
    updateTime: timestamp(now),
    lastModifier: call.principal?.email ?? call.principal?.member ?? '',
    ...{ reconciling: true, etag: etag() },
    terminalCondition: condition('Ready', 'CONDITION_RECONCILING', now),
  };
  try {
    if (isForced || isRenamed || !samePoolTemplate(template, before.template)) revise(stored, cloud);
  } catch (error) {
    stored.resource = before;
    throw error;
  }
  return { body: carryOut(call, cloud, stored) };
}

/** Starts the operation that makes it so; changes of one pool wait for each other. */
function carryOut(call: Call, cloud: Context, stored: StoredPool): Operation {
  const { latestCreatedRevision: revision, generation } = stored.resource;
  const turn = stored.queue.then(() => deploy(stored, cloud, { revision, generation }));
  stored.queue = turn.catch(() => undefined);
  return cloud.operations.start({
    name: operationName(call),
    permission: 'run.operations.get',
    metadata: { '@type': POOL_TYPE, ...stored.resource },
    start: () => turn,
    work: () => ({ '@type': POOL_TYPE, ...stored.resource }),
  });
}

/** The operation of a request that is done at once. */
export function settled(call: Call, resource: WorkerPool): Operation {
  const whole = { '@type': POOL_TYPE, ...resource };
  return { name: operationName(call), metadata: whole, done: true, response: whole };
}

/** What a caller may set besides the template and the splits. What is output only never reaches a handler. */
function editable(asked: AskedPool): Partial<WorkerPool> {
  const { name: _, etag: __, template: ___, instanceSplits: ____, ...others } = asked;
  return others;
}

function splitsOf({ instanceSplits = [] }: AskedPool): WorkerPool['instanceSplits'] {
  return instanceSplits.length > 0 ? instanceSplits : [LATEST];
}

function completeTemplate(asked: AskedPool['template'] = {}, cloud: Context): PoolTemplate {
  return {
    ...asked,
    serviceAccount: asked.serviceAccount || defaultAccount(cloud),
    containers: (asked.containers ?? []).map(completeContainer),
  };
}

function check(pool: WorkerPool, revisions: readonly string[]): void {
  const { name, template, instanceSplits, description = '', labels, scaling } = pool;
  const id = name.split('/').at(-1) ?? '';
  checkLabels(labels, 'labels', 'workerPool');
  checkLabels(template.labels, 'template.labels', 'workerPool');
  const { revision } = template;
  if (revision && (!revision.startsWith(`${id}-`) || !/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(revision)))
    throw violation(
      'template.revision',
      `Revision names must be prefixed by the worker pool name, "${id}-", and use only lowercase letters, numbers and '-'.`,
      'workerPool',
    );
  if (description.length > LIMITS.description.most)
    throw violation('description', `must be at most ${LIMITS.description.most} characters`, 'workerPool');
  if ((scaling?.manualInstanceCount ?? 0) < 0)
    throw violation('scaling.manual_instance_count', 'must not be negative', 'workerPool');
  checkContainers(template.containers, template, { at: 'template.containers', of: 'workerPool' });
  checkPlace(template, 'template', 'workerPool');
  const sum = instanceSplits.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100)
    throw violation('instance_splits', `Instance splits must sum to 100, got ${sum}.`, 'workerPool');
  for (const { type, revision: named } of instanceSplits)
    if (type.endsWith('REVISION') && !revisions.includes(`${name}/revisions/${named}`))
      throw violation('instance_splits.revision', `Revision ${named} does not exist.`, 'workerPool');
}
