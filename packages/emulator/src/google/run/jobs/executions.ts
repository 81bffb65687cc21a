import { randomInt } from 'node:crypto';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { absent, operationName } from '../v2/path.ts';
import { condition, etag, requireFresh, uid } from '../v2/state.ts';
import type { EnvVar } from '../v2/types.ts';
import { execute } from './execute.ts';
import { jobOf } from './jobs.ts';
import type { StoredExecution, StoredJob } from './state.ts';
import type { Execution, ExecutionTemplate } from './types.ts';

const EXECUTION_TYPE = 'type.googleapis.com/google.cloud.run.v2.Execution';
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

interface Overrides {
  readonly containerOverrides?: { name?: string; args?: string[]; clearArgs?: boolean; env?: EnvVar[] }[];
  readonly taskCount?: number;
  readonly timeout?: string;
}

/** POST …/jobs/J:run: the operation ends when the execution does. */
export function runJob(call: Call, cloud: Context): Reply {
  const stored = jobOf(call, cloud);
  const { overrides, etag: asked } = json<{ overrides?: Overrides; etag?: string }>(call);
  requireFresh(stored.resource, asked, call.params.job ?? '');
  if (overrides) cloud.iam.require(call.principal, 'run.jobs.runWithOverrides', stored.resource.name);
  if (stored.resource.terminalCondition.state === 'CONDITION_FAILED')
    throw new ApiError(
      'FAILED_PRECONDITION',
      `Job is not ready: ${stored.resource.terminalCondition.message}`,
    );
  const execution = begin(call, cloud, stored, overridden(stored.resource.template, overrides));
  const { resource } = execution;
  const operation = cloud.operations.start({
    name: operationName(call),
    metadata: { '@type': EXECUTION_TYPE, ...structuredClone(resource) },
    start: () => execution.done,
    work: () => {
      const [completed] = resource.conditions;
      if (completed?.state === 'CONDITION_FAILED')
        throw new ApiError('ABORTED', completed.message ?? 'The execution failed.');
      return { '@type': EXECUTION_TYPE, ...resource };
    },
  });
  return { body: operation };
}

function begin(call: Call, cloud: Context, stored: StoredJob, template: ExecutionTemplate): StoredExecution {
  const { name: jobName, launchStage, labels } = stored.resource;
  const job = jobName.split('/').at(-1) ?? '';
  const id = `${job}-${Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
  const now = cloud.clock.now();
  const { taskCount, parallelism = 0 } = template;
  const resource: Execution = {
    name: `${jobName}/executions/${id}`,
    ...{ uid: uid(), generation: '1', creator: call.principal?.email ?? '', launchStage, job },
    ...(labels && { labels }),
    ...{ createTime: timestamp(now), startTime: timestamp(now), updateTime: timestamp(now) },
    ...{ taskCount, parallelism: parallelism || taskCount, template: template.template },
    ...{ reconciling: true, runningCount: 0, etag: etag() },
    conditions: [condition('Completed', 'CONDITION_RECONCILING', now)],
    logUri: `https://console.cloud.google.com/logs/viewer?project=${cloud.project.id}&resource=cloud_run_job/job_name/${job}`,
  };
  const execution: StoredExecution = {
    resource,
    tasks: [],
    cancelling: new AbortController(),
    done: Promise.resolve(),
  };
  stored.executions.set(resource.name, execution);
  stored.resource.executionCount += 1;
  const reference = { name: id, createTime: resource.createTime, completionStatus: 'EXECUTION_RUNNING' };
  stored.resource.latestCreatedExecution = reference;
  execution.done = execute(execution, cloud).then(() => {
    const { state } = resource.conditions[0] ?? {};
    const ended = execution.cancelling.signal.aborted ? 'CANCELLED' : 'FAILED';
    reference.completionStatus = `EXECUTION_${state === 'CONDITION_SUCCEEDED' ? 'SUCCEEDED' : ended}`;
  });
  return execution;
}

function overridden(template: ExecutionTemplate, overrides: Overrides = {}): ExecutionTemplate {
  const copy = structuredClone(template);
  const { containerOverrides = [], taskCount, timeout } = overrides;
  for (const { name, args, clearArgs, env = [] } of containerOverrides) {
    const container =
      copy.template.containers.find((candidate) => candidate.name === name) ?? copy.template.containers[0];
    if (!container) continue;
    if (args) container.args = args;
    if (clearArgs) delete container.args;
    const names = new Set(env.map((variable) => variable.name));
    container.env = [...(container.env ?? []).filter((variable) => !names.has(variable.name)), ...env];
  }
  if (taskCount) copy.taskCount = taskCount;
  if (timeout) copy.template.timeout = timeout;
  return copy;
}

export function listExecutions(call: Call, cloud: Context): Reply {
  const executions = [...jobOf(call, cloud).executions.values()].map(({ resource }) => resource).reverse();
  return { body: executions.length > 0 ? { executions } : {} };
}

export function getExecution(call: Call, cloud: Context): Reply {
  return { body: executionOf(call, cloud).resource };
}

/** POST …/executions/E:cancel: the operation ends when the tasks have. */
export function cancelExecution(call: Call, cloud: Context): Reply {
  const { cancelling, done, resource } = executionOf(call, cloud);
  cancelling.abort();
  const operation = cloud.operations.start({
    name: operationName(call),
    metadata: { '@type': EXECUTION_TYPE, ...structuredClone(resource) },
    start: () => done,
    work: () => ({ '@type': EXECUTION_TYPE, ...resource }),
  });
  return { body: operation };
}

/** DELETE …/executions/E: what runs is stopped. */
export function deleteExecution(call: Call, cloud: Context): Reply {
  const { cancelling, resource } = executionOf(call, cloud);
  cancelling.abort();
  jobOf(call, cloud).executions.delete(resource.name);
  const whole = { '@type': EXECUTION_TYPE, ...resource, deleteTime: timestamp(cloud.clock.now()) };
  return { body: { name: operationName(call), metadata: whole, done: true, response: whole } };
}

export function getTask(call: Call, cloud: Context): Reply {
  const id = call.params.task ?? '';
  const found = executionOf(call, cloud).tasks.find(({ name }) => name.endsWith(`/tasks/${id}`));
  if (!found) throw absent(call, 'TASK', id);
  return { body: found };
}

export function listTasks(call: Call, cloud: Context): Reply {
  return { body: { tasks: executionOf(call, cloud).tasks } };
}

function executionOf(call: Call, cloud: Context): StoredExecution {
  const stored = jobOf(call, cloud);
  const id = call.params.execution ?? '';
  const execution = stored.executions.get(`${stored.resource.name}/executions/${id}`);
  if (!execution) throw absent(call, 'EXECUTION', id);
  return execution;
}
