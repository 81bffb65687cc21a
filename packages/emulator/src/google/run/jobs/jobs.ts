import { LIMITS } from '@gangway/cloud-run';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Operation } from '../../../kernel/operations/operations.ts';
import type { Context } from '../context.ts';
import { requireActAs } from '../v2/act-as.ts';
import { completeContainer, defaultAccount } from '../v2/defaults.ts';
import { failureOf } from '../v2/deployment/failure.ts';
import { instanceOf } from '../v2/deployment/instance.ts';
import { absent, operationName, parentOf } from '../v2/path.ts';
import { seconds } from '../v2/quantity.ts';
import { condition, etag, requireFresh, uid } from '../v2/state.ts';
import { checkId, checkLabels, checkPlace } from '../v2/validation/validate.ts';
import { checkContainers } from '../v2/validation/validate-containers.ts';
import { violation } from '../v2/validation/violation.ts';
import { checkWithin } from '../v2/validation/within.ts';
import type { StoredJob } from './state.ts';
import type { AskedJob, ExecutionTemplate, Job } from './types.ts';

const JOB_TYPE = 'type.googleapis.com/google.cloud.run.v2.Job';

/** POST …/jobs?jobId=ID. */
export function createJob(call: Call, cloud: Context): Reply {
  const id = call.query.get('jobId') ?? '';
  checkId(id, 'job');
  const name = `${parentOf(call)}/jobs/${id}`;
  const wanted = wantedJob(call, cloud, name);
  if (cloud.runJobs.jobs.has(name)) throw new ApiError('ALREADY_EXISTS', `Resource '${id}' already exists.`);
  if (call.query.get('validateOnly') === 'true') return { body: settled(call, wanted) };
  const stored: StoredJob = { resource: wanted, executions: new Map() };
  cloud.runJobs.jobs.set(name, stored);
  return { body: settle(call, cloud, stored) };
}

/** PATCH …/jobs/J with the whole of it; `allowMissing` creates it. */
export function patchJob(call: Call, cloud: Context): Reply {
  const name = jobName(call);
  const stored = cloud.runJobs.jobs.get(name);
  if (!stored && call.query.get('allowMissing') === 'true') {
    cloud.iam.require(call.principal, 'run.jobs.create', parentOf(call));
    call.query.set('jobId', call.params.job ?? '');
    return createJob(call, cloud);
  }
  if (!stored) throw absent(call, 'JOB', call.params.job ?? '');
  const before = stored.resource;
  const asked = json<AskedJob>(call);
  requireFresh(before, asked.etag, call.params.job ?? '');
  const wanted = wantedJob(call, cloud, name);
  if (call.query.get('validateOnly') === 'true') return { body: settled(call, wanted) };
  const { uid: same, createTime, creator, executionCount, latestCreatedExecution } = before;
  stored.resource = {
    ...wanted,
    ...{ uid: same, createTime, creator, executionCount },
    ...(latestCreatedExecution && { latestCreatedExecution }),
    generation: String(Number(before.generation) + 1),
  };
  return { body: settle(call, cloud, stored) };
}

export function getJob(call: Call, cloud: Context): Reply {
  return { body: jobOf(call, cloud).resource };
}

export function listJobs(call: Call, cloud: Context): Reply {
  const jobs = cloud.runJobs.list(`${parentOf(call)}/`);
  return { body: jobs.length > 0 ? { jobs } : {} };
}

export function deleteJob(call: Call, cloud: Context): Reply {
  const stored = jobOf(call, cloud);
  const { name } = stored.resource;
  requireFresh(stored.resource, call.query.get('etag') ?? undefined, call.params.job ?? '');
  cloud.runJobs.jobs.delete(name);
  cloud.iam.set(name, {});
  for (const { cancelling } of stored.executions.values()) cancelling.abort();
  return { body: settled(call, { ...stored.resource, deleteTime: timestamp(cloud.clock.now()) }) };
}

/** The job of a request's path. @throws ApiError NOT_FOUND */
export function jobOf(call: Call, cloud: Context): StoredJob {
  const stored = cloud.runJobs.jobs.get(jobName(call));
  if (!stored) throw absent(call, 'JOB', call.params.job ?? '');
  return stored;
}

function jobName(call: Call): string {
  return `${parentOf(call)}/jobs/${call.params.job}`;
}

/** Looks for the images and secrets, as Cloud Run does before it calls a job ready. */
function settle(call: Call, cloud: Context, stored: StoredJob): Operation {
  const { resource } = stored;
  return cloud.operations.start({
    name: operationName(call),
    metadata: { '@type': JOB_TYPE, ...resource },
    work: () => {
      const now = cloud.clock.now();
      resource.reconciling = false;
      resource.observedGeneration = resource.generation;
      try {
        instanceOf(workloadOf(resource, resource.name, {}), cloud);
        resource.terminalCondition = condition('Ready', 'CONDITION_SUCCEEDED', now);
        return { '@type': JOB_TYPE, ...resource };
      } catch (error) {
        const { error: known, reason } = failureOf(error, { name: resource.name, logUri: '' });
        const message = known.message.replace(
          /^Revision '[^']*' is not ready and cannot serve traffic\. /,
          '',
        );
        resource.terminalCondition = condition('Ready', 'CONDITION_FAILED', now, { message, ...reason });
        throw new ApiError(known.status, message, known.details);
      }
    },
  });
}

/** What a task of a job is to run. */
export function workloadOf(
  { template: { template } }: Pick<Job, 'template'>,
  owner: string,
  env: Readonly<Record<string, string>>,
) {
  const { containers, volumes, serviceAccount } = template;
  const reader = { account: serviceAccount, kind: 'Job' as const };
  return { owner, reader, containers, ...(volumes && { volumes }), env };
}

function settled(call: Call, resource: Job): Operation {
  const whole = { '@type': JOB_TYPE, ...resource };
  return { name: operationName(call), metadata: whole, done: true, response: whole };
}

function wantedJob(call: Call, cloud: Context, name: string): Job {
  const asked = json<AskedJob>(call);
  const now = cloud.clock.now();
  const by = call.principal?.email ?? call.principal?.member ?? '';
  const template = completeTemplate(asked.template ?? {}, cloud);
  checkLabels(asked.labels, 'labels', 'job');
  checkTemplate(template);
  requireActAs(call, cloud, template.template.serviceAccount);
  const { labels, annotations, client, clientVersion, binaryAuthorization, launchStage = 'GA' } = asked;
  const { startExecutionToken, runExecutionToken } = asked;
  return {
    name,
    ...{ uid: uid(), generation: '1', observedGeneration: '0' },
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(client && { client }),
    ...(clientVersion && { clientVersion }),
    ...(binaryAuthorization !== undefined && { binaryAuthorization }),
    ...(startExecutionToken && { startExecutionToken }),
    ...(runExecutionToken && { runExecutionToken }),
    ...{ createTime: timestamp(now), updateTime: timestamp(now), creator: by, lastModifier: by },
    ...{ launchStage, template, executionCount: 0, reconciling: true, etag: etag() },
    terminalCondition: condition('Ready', 'CONDITION_RECONCILING', now),
    conditions: [condition('ContainerReady', 'CONDITION_RECONCILING', now)],
  };
}

function completeTemplate(asked: NonNullable<AskedJob['template']>, cloud: Context): ExecutionTemplate {
  const task = asked.template ?? {};
  return {
    ...asked,
    taskCount: asked.taskCount ?? 1,
    template: {
      ...task,
      containers: (task.containers ?? []).map(completeContainer),
      maxRetries: task.maxRetries ?? 3,
      timeout: task.timeout ?? '600s',
      serviceAccount: task.serviceAccount || defaultAccount(cloud),
    },
  };
}

function checkTemplate({ template, taskCount, labels }: ExecutionTemplate): void {
  const at = 'template.template';
  const timeout = seconds(template.timeout);
  if (timeout === undefined || timeout < LIMITS.taskTimeout.least || timeout > LIMITS.taskTimeout.most)
    throw violation(`${at}.timeout`, 'must be between 1 second and 168 hours', 'job');
  checkWithin(template.maxRetries, LIMITS.retries, `${at}.max_retries`, 'job');
  checkWithin(taskCount, LIMITS.tasks, 'template.task_count', 'job');
  if (template.executionEnvironment === 'EXECUTION_ENVIRONMENT_GEN1')
    throw violation(
      `${at}.execution_environment`,
      `Jobs only support the ${LIMITS.jobEnvironment.only} execution environment.`,
      'job',
    );
  checkLabels(labels, 'template.labels', 'job');
  checkContainers(template.containers, template, { at: `${at}.containers`, of: 'job' });
  checkPlace(template, at, 'job');
}
