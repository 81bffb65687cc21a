import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, type Stopwatch } from '@gangway/action';
import { type Change, diffLines } from '@gangway/settings';
import { JOB } from '../api/answers.ts';
import { Overtaken } from '../api/overtaken.ts';
import { isOwn, whoWrote } from '../api/own.ts';
import { find, findSettled, type Place, write } from '../api/place.ts';
import type { Execution, Job } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { refuseMisfit } from '../limits/refuse.ts';
import { planJob } from '../plan/job-plan.ts';
import type { Invokers } from './bind.ts';
import { executeJob } from './execute.ts';
import { showChanges } from './make.ts';

export interface JobResult {
  /** As this run wants it. */
  readonly job: Job;
  readonly change: 'created' | 'updated' | 'none' | 'validated';
  readonly changes: readonly Change[];
  readonly invokersChanged: boolean;
  readonly ran: Execution | undefined;
}

/**
 * Creates or updates the job to match the inputs, waits until it is ready, and runs it if asked to: as
 * this run wrote it, or not at all. What others change at the same time is looked at again, and stays.
 *
 * @param image by digest, a reference that Cloud Run is to resolve, or undefined to keep what is there
 * @param bind sets the invokers
 * @throws ActionError with Cloud Run's reason when it is not ready
 */
export async function deployJob(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
  bind: () => Promise<Invokers>,
): Promise<JobResult> {
  const end = performance.now() + inputs.timeout;
  let done: Pick<JobResult, 'change' | 'changes'> | undefined;
  let shown = '';
  let invokersChanged = false;
  for (;;) {
    try {
      const said = (changes: readonly Change[]) => {
        const isNew = diffLines(changes).join('\n') !== shown;
        shown = diffLines(changes).join('\n');
        return isNew;
      };
      const result = await watch.time('job', () => settle(place, image, inputs, said));
      // Another's change that was undone is none of what this run is to tell.
      if (!done || done.change === 'none') done = result;
      const { job, etag } = result;
      invokersChanged = (await bind()).changed || invokersChanged;
      const runs = inputs.job.execute && !inputs.dryRun;
      const ran = runs ? await watch.time('execution', () => executeJob(place, inputs, etag)) : undefined;
      return { ...done, job, invokersChanged, ran };
    } catch (error) {
      if (!(error instanceof Overtaken) || performance.now() > end) throw error;
      log.info(`${error.message} Looking at it again.`);
      // Two that wait for each other must not start again together.
      await sleep(100 + Math.random() * 400, undefined, { signal: cancellation });
    }
  }
}

interface Settled extends Pick<JobResult, 'job' | 'change' | 'changes'> {
  /** Etag of the version that matches the inputs. */
  readonly etag: string | undefined;
}

async function settle(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  isNew: (changes: readonly Change[]) => boolean,
): Promise<Settled> {
  const before = await findSettled(place, inputs, JOB);
  const { projectId } = place;
  const { job, changes } = planJob(before, image, inputs, { projectId, region: inputs.region });
  refuseMisfit(inputs, job.template?.template ?? {});
  if (before && changes.length === 0 && isReady(before)) {
    log.info(`${inputs.name} already runs this image with these settings.`);
    return { job: before, change: 'none', changes, etag: before.etag };
  }
  if (isNew(changes))
    await showChanges(before ? `What changes in ${inputs.name}` : `The new job ${inputs.name}`, changes);
  const failure = await write(place, job, { current: before, dryRun: inputs.dryRun }, inputs);
  if (inputs.dryRun) return { job, change: 'validated', changes, etag: undefined };
  if (failure) throw failure;
  const after = await find(place.cloud, place.path, JOB);
  const change = before ? 'updated' : 'created';
  if (after && !isOwn(after)) {
    // It was ready, or its operation would have failed.
    if (inputs.job.execute) throw new Overtaken(inputs.name, after, undefined);
    log.warning(
      `${inputs.name} is written, but ${whoWrote(after)} changed it at the same time, and runs are as that says. Give the workflow a concurrency group.`,
    );
    return { job, change, changes, etag: undefined };
  }
  if (!after || !isReady(after))
    throw new ActionError(
      `The job ${inputs.name} is not ready: ${after?.terminalCondition?.message ?? 'it is gone'}`,
      { code: 'not-ready', hint: 'fix what it says, and run the job again' },
    );
  return { job: after, change, changes, etag: after.etag };
}

function isReady({ terminalCondition }: Job): boolean {
  return terminalCondition === undefined || terminalCondition.state === 'CONDITION_SUCCEEDED';
}
