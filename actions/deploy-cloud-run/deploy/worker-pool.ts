import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, type Stopwatch } from '@gangway/action';
import type { GoogleError } from '@gangway/google-cloud';
import { diffLines } from '@gangway/settings';
import { WORKER_POOL } from '../api/answers.ts';
import { Overtaken } from '../api/overtaken.ts';
import { isOwn, whoWrote } from '../api/own.ts';
import { find, findSettled, type Place, write } from '../api/place.ts';
import type { WorkerPool } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { refuseMisfit } from '../limits/refuse.ts';
import { idOf } from '../plan/traffic/targets.ts';
import { isReady, type PoolPlan, planWorkerPool } from '../plan/worker-pool-plan.ts';
import { notReady } from './failure.ts';
import { showChanges } from './make.ts';
import { ownRevision } from './own-revision.ts';

export interface PoolResult {
  readonly before: WorkerPool | undefined;
  readonly pool: WorkerPool;
  readonly plan: PoolPlan;
  readonly change: 'created' | 'updated' | 'none' | 'validated';
}

/**
 * Creates or updates the worker pool to match the inputs, and waits until the revision of this run is up. What others
 * change at the same time is looked at again, and stays.
 *
 * @param image by digest, a reference that Cloud Run is to resolve, or undefined to keep what is there
 * @throws ActionError `not-ready` with the revision's reason
 */
export async function deployWorkerPool(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<PoolResult> {
  const end = performance.now() + inputs.timeout;
  const home = { projectId: place.projectId, region: inputs.region };
  let shown = '';
  for (;;) {
    const before = await findSettled(place, inputs, WORKER_POOL);
    const plan = planWorkerPool(before, image, inputs, home);
    if (before && Object.keys(plan.fields).length === 0) return unchanged(place, before, plan, inputs);
    if (plan.fields.template) refuseMisfit(inputs, plan.fields.template);
    const changes = diffLines(plan.changes).join('\n');
    if (changes !== shown)
      await showChanges(
        before ? `What changes in ${inputs.name}` : `The new worker pool ${inputs.name}`,
        plan.changes,
      );
    shown = changes;
    try {
      return await watch.time('revision', () => made(place, before, plan, inputs));
    } catch (error) {
      if (!(error instanceof Overtaken) || performance.now() > end) throw error;
      log.info(`${error.message} Looking at it again.`);
      // Two that wait for each other must not start again together.
      await sleep(100 + Math.random() * 400, undefined, { signal: cancellation });
    }
  }
}

/** What is as requested counts only if it came up. */
async function unchanged(
  place: Place,
  before: WorkerPool,
  plan: PoolPlan,
  inputs: Inputs,
): Promise<PoolResult> {
  if (!isReady(before) && !inputs.dryRun)
    throw await notReady(place, before, idOf(before.latestCreatedRevision), inputs, undefined);
  log.info(`${inputs.name} already runs this image with these settings.`);
  return { before, pool: before, plan, change: 'none' };
}

async function made(
  place: Place,
  before: WorkerPool | undefined,
  plan: PoolPlan,
  inputs: Inputs,
): Promise<PoolResult> {
  const { dryRun } = inputs;
  const ended = await write(
    place,
    plan.fields,
    { current: before, mask: Object.keys(plan.fields), dryRun },
    inputs,
  );
  if (dryRun) return { before, pool: before ?? {}, plan, change: 'validated' };
  const pool = plan.makesRevision
    ? await ownRevision(place, plan.revision, ended, inputs, WORKER_POOL)
    : await settledPool(place, ended, inputs);
  tell(inputs, pool, plan.revision);
  return { before, pool, plan, change: before ? 'updated' : 'created' };
}

/** The pool after a write that made no revision. */
async function settledPool(
  place: Place,
  ended: GoogleError | undefined,
  inputs: Inputs,
): Promise<WorkerPool> {
  if (ended) throw ended;
  const pool = await find(place.cloud, place.path, WORKER_POOL);
  if (!pool)
    throw new ActionError(`The worker pool ${inputs.name} is gone.`, {
      code: 'overtaken',
      hint: 'someone deleted it at the same time; run the job again',
    });
  if (!isOwn(pool))
    log.warning(
      `${whoWrote(pool)} changed ${inputs.name} at the same time. Give the workflow a concurrency group.`,
    );
  return pool;
}

function tell({ name }: Inputs, pool: WorkerPool, revision: string): void {
  const { instanceSplitStatuses = [], scaling, latestCreatedRevision } = pool;
  const latest = idOf(latestCreatedRevision);
  const count = scaling?.manualInstanceCount;
  log.info(`${name} runs ${revision}${count === undefined ? '' : `, instances: ${count}`}.`);
  if (latest !== revision)
    log.warning(
      `${revision} is up, but ${whoWrote(pool)} deployed ${latest} at the same time, which the instances go to. Give the workflow a concurrency group.`,
    );
  const gets = instanceSplitStatuses.some(
    ({ type, revision: id, percent = 0 }) => percent > 0 && (type?.endsWith('LATEST') || id === revision),
  );
  if (gets || instanceSplitStatuses.length === 0) return;
  const split = instanceSplitStatuses.map(({ revision: id, percent = 0 }) => `${percent}% ${id}`).join(', ');
  log.warning(
    `${revision} gets no instances: they are pinned to ${split}. "gcloud beta run worker-pools update-instance-split ${name} --to-latest" gives it all.`,
  );
}
