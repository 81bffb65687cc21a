import { ActionError, cancellation, counted, log, seconds } from '@gangway/action';
import { GoogleError, hasStatus, OPERATION, waitForOperation } from '@gangway/google-cloud';
import { readValue } from '@gangway/http';
import { EXECUTION, JOB } from '../api/answers.ts';
import { lastLogLines } from '../api/logs.ts';
import { Overtaken } from '../api/overtaken.ts';
import { find, type Place, ROLLOUT } from '../api/place.ts';
import type { Execution } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { idOf } from '../plan/traffic/targets.ts';

/**
 * Runs a job, and waits until its tasks have ended unless told not to.
 *
 * @param etag of the version that is to be run, and no other
 * @throws ActionError `execution-failed` with the reason and the last log lines; Overtaken when the job is of another
 *   version by now
 */
export async function executeJob(place: Place, inputs: Inputs, etag: string | undefined): Promise<Execution> {
  const { cloud, path } = place;
  const started = await cloud
    .request({
      service: 'run',
      method: 'POST',
      path: `${path}:run`,
      body: { ...(etag && { etag }) },
      answer: OPERATION,
      // A second try after a lost answer would run it twice.
      once: true,
    })
    .catch(async (error: unknown) => {
      if (!hasStatus(error, 'ABORTED')) throw error;
      throw new Overtaken(inputs.name, (await find(cloud, path, JOB)) ?? {}, error);
    });
  const execution = readValue(started.metadata ?? {}, `Running ${inputs.name}`, EXECUTION);
  const { name = '' } = execution;
  log.info(`${inputs.name} runs as ${idOf(name)}.`);
  if (!inputs.job.wait) return execution;
  let failure: unknown;
  try {
    await waitForOperation(cloud, ROLLOUT, started, `running ${inputs.name}`, {
      timeout: inputs.timeout,
      signal: cancellation,
      onProgress: (elapsed) => log.info(`Still running after ${seconds(elapsed)}…`),
    });
  } catch (error) {
    // Whether a failed execution fails its operation or not, the execution itself says what happened.
    if (!(error instanceof GoogleError)) throw error;
    failure = error;
  }
  const ended = (await find(cloud, `v2/${name}`, EXECUTION)) ?? {};
  const completed = ended.conditions?.find(({ type }) => type === 'Completed');
  if (failure === undefined && completed?.state !== 'CONDITION_FAILED') return ended;
  throw await failed(place, inputs, ended, completed?.message, failure);
}

async function failed(
  { cloud, projectId }: Place,
  { name }: Inputs,
  execution: Execution,
  message: string | undefined,
  cause: unknown,
): Promise<ActionError> {
  const id = idOf(execution.name);
  const logs = await lastLogLines(cloud, projectId, [
    'resource.type="cloud_run_job"',
    `resource.labels.job_name="${name}"`,
    `labels."run.googleapis.com/execution_name"="${id}"`,
  ]);
  const said = message ?? (cause instanceof GoogleError ? cause.detail : 'no reason was given');
  const { failedCount = 0, taskCount = 1 } = execution;
  return new ActionError(
    `The execution ${id} failed, ${failedCount} of ${counted(taskCount, 'task')}: ${said}\n${logs}`,
    {
      code: 'execution-failed',
      hint: 'fix what the lines above say, and run the job again',
      cause,
    },
  );
}
