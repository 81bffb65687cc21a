import { ActionError, cancellation, log, seconds } from '@gangway/action';
import { type GoogleCloud, GoogleError, type Operation, waitForOperation } from '@gangway/google-cloud';
import { find, type Place } from './api.ts';
import type { Inputs } from './inputs.ts';
import { lastLogLines } from './logs.ts';
import type { Condition } from './service.ts';
import { idOf } from './traffic.ts';

export interface Execution {
  readonly name?: string;
  readonly taskCount?: number;
  readonly succeededCount?: number;
  readonly failedCount?: number;
  readonly cancelledCount?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly conditions?: readonly Condition[];
}

/**
 * Runs a job, and waits until its tasks have ended unless told not to.
 *
 * @throws ActionError `execution-failed` with the reason and the last log lines
 */
export async function executeJob(place: Place, inputs: Inputs): Promise<Execution> {
  const { cloud, path } = place;
  const started = await cloud.request<Operation & { metadata?: Execution }>({
    service: 'run',
    method: 'POST',
    path: `${path}:run`,
    body: {},
    // A second try after a lost answer would run it twice.
    once: true,
  });
  const name = started.metadata?.name ?? '';
  log.info(`${inputs.name} runs as ${idOf(name)}.`);
  if (!inputs.job.wait) return started.metadata ?? {};
  let failure: unknown;
  try {
    await waitForOperation(cloud, 'run', 'v2', started, `running ${inputs.name}`, {
      timeout: inputs.timeout,
      signal: cancellation,
      onProgress: (elapsed) => log.info(`Still running after ${seconds(elapsed)}…`),
    });
  } catch (error) {
    // Whether a failed execution fails its operation or not, the execution itself says what happened.
    if (!(error instanceof GoogleError)) throw error;
    failure = error;
  }
  const execution = (await found(cloud, name)) ?? {};
  const completed = execution.conditions?.find(({ type }) => type === 'Completed');
  if (failure === undefined && completed?.state !== 'CONDITION_FAILED') return execution;
  throw await failed(place, inputs, execution, completed?.message, failure);
}

function found(cloud: GoogleCloud, name: string): Promise<Execution | undefined> {
  return name ? find<Execution>(cloud, `v2/${name}`) : Promise.resolve(undefined);
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
    `The execution ${id} failed, ${failedCount} of ${taskCount} tasks: ${said}\n${logs}`,
    {
      code: 'execution-failed',
      hint: 'mend what the lines above say, and run the job again',
      cause,
    },
  );
}
