import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { runPolicyRoutes } from '../policies.ts';
import { parentOf } from '../v2/path.ts';
import {
  cancelExecution,
  deleteExecution,
  getExecution,
  getTask,
  listExecutions,
  listTasks,
  runJob,
} from './executions.ts';
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
  // gcloud asks version 1 for policies.
  ...[job, job.replace('/v2/', '/v1/')].flatMap((template) =>
    runPolicyRoutes(template, 'jobs', (call) => `${parentOf(call)}/jobs/${call.params.job}`, jobOf),
  ),
  guarded('GET', executions, 'executions.list', listExecutions),
  guarded('GET', execution, 'executions.get', getExecution),
  guarded('POST', `${execution}:cancel`, 'executions.cancel', cancelExecution),
  guarded('DELETE', execution, 'executions.delete', deleteExecution),
  guarded('GET', `${execution}/tasks`, 'tasks.list', listTasks),
  guarded('GET', `${execution}/tasks/{task}`, 'tasks.get', getTask),
];
