import type { Policy } from '../../../contracts.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { cancelExecution, getExecution, listExecutions, listTasks, runJob } from './executions.ts';
import { createJob, deleteJob, getJob, jobOf, listJobs, patchJob } from './jobs.ts';

const jobs = '/v2/projects/{project}/locations/{location}/jobs';
const job = `${jobs}/{job}`;
const executions = `${job}/executions`;
const execution = `${executions}/{execution}`;

/** Cloud Run Admin API v2, jobs, their executions and tasks (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs). */
export const runJobRoutes: readonly Route<Context>[] = [
  guarded('POST', jobs, 'jobs.create', createJob),
  guarded('GET', jobs, 'jobs.list', listJobs),
  guarded('GET', job, 'jobs.get', getJob),
  guarded('PATCH', job, 'jobs.update', patchJob),
  guarded('DELETE', job, 'jobs.delete', deleteJob),
  guarded('POST', `${job}:run`, 'jobs.run', runJob),
  guarded('GET', `${job}:getIamPolicy`, 'jobs.getIamPolicy', getPolicy),
  guarded('POST', `${job}:setIamPolicy`, 'jobs.setIamPolicy', setPolicy),
  guarded('GET', executions, 'executions.list', listExecutions),
  guarded('GET', execution, 'executions.get', getExecution),
  guarded('POST', `${execution}:cancel`, 'executions.cancel', cancelExecution),
  guarded('GET', `${execution}/tasks`, 'tasks.list', listTasks),
];

function getPolicy(call: Call, cloud: Context): Reply {
  return { body: cloud.iam.get(jobOf(call, cloud).resource.name) };
}

function setPolicy(call: Call, cloud: Context): Reply {
  const { resource } = jobOf(call, cloud);
  return { body: cloud.iam.set(resource.name, json<{ policy?: Partial<Policy> }>(call).policy ?? {}) };
}
