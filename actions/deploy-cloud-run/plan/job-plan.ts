import { ActionError } from '@gangway/action';
import { type Change, diff, type Json, normal } from '@gangway/settings';
import type { ExecutionTemplate, Job } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { templateLabels, wantedLabels } from './labels.ts';
import { normalTask } from './normal.ts';
import { type Home, wantedWorkload } from './template.ts';

export interface JobPlan {
  readonly changes: readonly Change[];
  /** The whole of it: a job is written as one. */
  readonly job: Job;
}

/**
 * Compares a job with what is wanted.
 *
 * @throws ActionError when there is no image at all
 */
export function planJob(
  current: Job | undefined,
  image: string | undefined,
  inputs: Inputs,
  home: Home,
): JobPlan {
  const found = inputs.described?.kind === 'job' ? inputs.described.job : current;
  const base = found ?? {};
  const labels = wantedLabels(found, image, inputs);
  const job: Job = {
    ...writable(base),
    ...(labels && { labels }),
    ...tokensOf(inputs.described),
    template: wantedExecution(base.template ?? {}, image, inputs, home),
  };
  const containers = job.template?.template?.containers ?? [];
  if (containers.length === 0 || containers.some((container) => !container.image))
    throw new ActionError(`Input "image" is required and was empty: there is no job ${inputs.name} yet.`, {
      code: 'input-missing',
      hint: 'set image under "with:", preferably by digest, as build-and-push outputs it',
    });
  return {
    job,
    changes: diff(current ? normalJob(current) : undefined, current ? normalJob(job) : normal(job)),
  };
}

/** What Google writes itself. */
const NOT_WRITTEN = new Set([
  ...['name', 'uid', 'generation', 'observedGeneration', 'etag', 'reconciling', 'satisfiesPzs'],
  ...['createTime', 'updateTime', 'deleteTime', 'expireTime', 'creator', 'lastModifier'],
  ...[
    'startExecutionToken',
    'runExecutionToken',
    'conditions',
    'terminalCondition',
    'executionCount',
    'latestCreatedExecution',
  ],
]);

/** All of a job that a caller may set: it is written whole, and what is left out is taken away. */
function writable(job: Job): Job {
  return Object.fromEntries(Object.entries(job).filter(([name]) => !NOT_WRITTEN.has(name)));
}

/** What starts an execution by itself: a file says it again each time, and what is there has started one already. */
function tokensOf(described: Inputs['described']): Pick<Job, 'startExecutionToken' | 'runExecutionToken'> {
  if (described?.kind !== 'job') return {};
  const { startExecutionToken: start, runExecutionToken: run } = described.job;
  return { ...(start && { startExecutionToken: start }), ...(run && { runExecutionToken: run }) };
}

function wantedExecution(
  current: ExecutionTemplate,
  image: string | undefined,
  inputs: Inputs,
  home: Home,
): ExecutionTemplate {
  const { settings, job } = inputs;
  const labels = templateLabels(current.labels, inputs);
  return {
    ...current,
    ...(labels && { labels }),
    ...(job.tasks !== undefined && { taskCount: job.tasks }),
    ...(job.parallelism !== undefined && { parallelism: job.parallelism }),
    template: {
      ...wantedWorkload(current.template ?? {}, image, settings, home),
      ...(job.maxRetries !== undefined && { maxRetries: job.maxRetries }),
    },
  };
}

/** A job as Cloud Run would show it, with the defaults that it fills in. */
function normalJob({ labels, annotations, launchStage, binaryAuthorization, template = {} }: Job): Json {
  return normal({
    ...{ labels, annotations, binaryAuthorization, launchStage: launchStage ?? 'GA' },
    template: {
      ...template,
      taskCount: template.taskCount ?? 1,
      template: normalTask(template.template ?? {}),
    },
  });
}
