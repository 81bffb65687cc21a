import { ActionError, log } from '@gangway/action';
import { JOB } from '../api/answers.ts';
import { findSettled, type Place, write } from '../api/place.ts';
import type { Job } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { refuseMisfit } from '../limits/refuse.ts';
import type { Change } from '../plan/diff.ts';
import { planJob } from '../plan/job-plan.ts';
import { showChanges } from './service.ts';

export interface JobResult {
  readonly job: Job;
  readonly change: 'created' | 'updated' | 'none' | 'validated';
  readonly changes: readonly Change[];
}

/**
 * Creates or updates the job so that it is as wanted, and waits until it is ready.
 *
 * @param image by digest, a reference that Cloud Run is to resolve, or undefined to keep what is there
 * @throws ActionError with Cloud Run's reason when it is not
 */
export async function deployJob(place: Place, image: string | undefined, inputs: Inputs): Promise<JobResult> {
  const before = await findSettled(place, inputs, JOB);
  const { projectId } = place;
  const { job, changes } = planJob(before, image, inputs, { projectId, region: inputs.region });
  refuseMisfit(inputs, job.template?.template ?? {});
  if (before && changes.length === 0 && isReady(before)) {
    log.info(`${inputs.name} runs this image with these settings already.`);
    return { job: before, change: 'none', changes };
  }
  await showChanges(before ? `What changes in ${inputs.name}` : `The new job ${inputs.name}`, changes);
  const etag = before?.etag && { etag: before.etag };
  await write(place, { ...job, ...etag }, { exists: before !== undefined, dryRun: inputs.dryRun }, inputs);
  if (inputs.dryRun) return { job, change: 'validated', changes };
  const after = await findSettled(place, inputs, JOB);
  if (!after || !isReady(after))
    throw new ActionError(
      `The job ${inputs.name} is not ready: ${after?.terminalCondition?.message ?? 'it is gone'}`,
      { code: 'not-ready', hint: 'mend what it says, and run the job again' },
    );
  return { job: after, change: before ? 'updated' : 'created', changes };
}

function isReady({ terminalCondition }: Job): boolean {
  return terminalCondition?.state === undefined || terminalCondition.state === 'CONDITION_SUCCEEDED';
}
