import { timestamp } from '../../../kernel/clock.ts';
import type { TaskEnd } from '../containers/task.ts';
import type { Context } from '../context.ts';
import { failureOf } from '../v2/deployment/failure.ts';
import { instanceOf } from '../v2/deployment/instance.ts';
import { seconds } from '../v2/quantity.ts';
import { condition, uid } from '../v2/state.ts';
import type { Condition } from '../v2/types.ts';
import { workloadOf } from './jobs.ts';
import type { StoredExecution } from './state.ts';
import type { Execution, Task } from './types.ts';

/** Runs the tasks of an execution, as many at once as it says, and records how it ended. */
export async function execute(stored: StoredExecution, cloud: Context): Promise<void> {
  const { resource, tasks, cancelling } = stored;
  const began = Date.now();
  for (let index = 0; index < resource.taskCount; index++) tasks.push(taskOf(resource, index, cloud));
  const waiting = [...tasks];
  const worker = async () => {
    for (let task = waiting.shift(); task && !cancelling.signal.aborted; task = waiting.shift())
      await attempts(task, stored, cloud);
  };
  await Promise.all(Array.from({ length: Math.min(resource.parallelism, tasks.length) }, worker));
  finish(stored, cloud, Date.now() - began);
}

/** Runs one task, again as often as it may be retried. */
async function attempts(
  task: Task,
  { resource, cancelling }: StoredExecution,
  cloud: Context,
): Promise<void> {
  const { signal } = cancelling;
  resource.runningCount = (resource.runningCount ?? 0) + 1;
  for (let attempt = 0; ; attempt++) {
    const failure = await once(task, resource, attempt, signal, cloud);
    const now = cloud.clock.now();
    task.completionTime = timestamp(now);
    task.conditions = [
      condition('Completed', failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED', now, failure),
    ];
    if (failure && !signal.aborted && attempt < task.maxRetries) {
      task.retried = attempt + 1;
      resource.retriedCount = (resource.retriedCount ?? 0) + 1;
      continue;
    }
    resource.runningCount -= 1;
    const counted = failure ? (signal.aborted ? 'cancelledCount' : 'failedCount') : 'succeededCount';
    resource[counted] = (resource[counted] ?? 0) + 1;
    return;
  }
}

async function once(
  task: Task,
  resource: Execution,
  attempt: number,
  signal: AbortSignal,
  cloud: Context,
): Promise<Partial<Condition> | undefined> {
  const { index = 0 } = task;
  const env = {
    CLOUD_RUN_JOB: resource.job,
    CLOUD_RUN_EXECUTION: resource.name.split('/').at(-1) ?? '',
    CLOUD_RUN_TASK_INDEX: String(index),
    CLOUD_RUN_TASK_ATTEMPT: String(attempt),
    CLOUD_RUN_TASK_COUNT: String(resource.taskCount),
  };
  const job = { template: { taskCount: resource.taskCount, template: resource.template } };
  try {
    const spec = instanceOf(workloadOf(job, resource.name, env), cloud);
    const limit = (seconds(resource.template.timeout) ?? 600) * 1000;
    return judge(task, await cloud.containers.task(spec, index, limit, signal));
  } catch (error) {
    return { message: failureOf(error, { name: resource.name, logUri: '' }).error.message };
  }
}

function judge(task: Task, end: TaskEnd): Partial<Condition> | undefined {
  if ('exitCode' in end && end.exitCode === 0) {
    task.lastAttemptResult = {};
    return undefined;
  }
  if ('exitCode' in end) {
    const message = 'The container exited with an error.';
    task.lastAttemptResult = { status: { code: 2, message }, exitCode: end.exitCode };
    return { message, executionReason: 'NON_ZERO_EXIT_CODE' };
  }
  if (end.ended === 'cancelled') return { message: 'The task was cancelled.', executionReason: 'CANCELLED' };
  const message = 'The configured timeout was reached.';
  task.lastAttemptResult = { status: { code: 4, message } };
  return { message };
}

function finish({ resource, tasks, cancelling }: StoredExecution, cloud: Context, took: number): void {
  const now = cloud.clock.now();
  resource.completionTime = timestamp(now);
  resource.updateTime = timestamp(now);
  resource.reconciling = false;
  resource.conditions = [completed(resource, tasks, cancelling.signal.aborted, took, now)];
}

function completed(
  resource: Execution,
  tasks: readonly Task[],
  cancelled: boolean,
  took: number,
  now: number,
): Condition {
  if (cancelled)
    return condition('Completed', 'CONDITION_FAILED', now, {
      message: 'Execution was cancelled.',
      executionReason: 'CANCELLED',
    });
  const failed = tasks.find(({ conditions }) => conditions[0]?.state === 'CONDITION_FAILED');
  if (!failed) {
    const { succeededCount = 0 } = resource;
    const message = `Execution completed successfully in ${(took / 1000).toFixed(2)}s. ${succeededCount} of ${resource.taskCount} tasks succeeded.`;
    return condition('Completed', 'CONDITION_SUCCEEDED', now, { message });
  }
  const [{ message, executionReason } = { message: '' }] = failed.conditions as [Partial<Condition>];
  return condition('Completed', 'CONDITION_FAILED', now, {
    message: `Task ${failed.name.split('/').at(-1)} failed with message: ${message}`,
    ...(executionReason && { executionReason }),
  });
}

function taskOf({ name, job, template }: Execution, index: number, cloud: Context): Task {
  const execution = name.split('/').at(-1) ?? '';
  const { containers, maxRetries, timeout, serviceAccount } = template;
  return {
    name: `${name}/tasks/${execution}-task${index}`,
    ...{ uid: uid(), job, execution, createTime: timestamp(cloud.clock.now()) },
    ...(index > 0 && { index }),
    ...{ maxRetries, timeout, serviceAccount, containers },
    conditions: [condition('Completed', 'CONDITION_RECONCILING', cloud.clock.now())],
  };
}
