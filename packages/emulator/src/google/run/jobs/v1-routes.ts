import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { DELETED } from '../v1/deleted.ts';
import { regionOf } from '../v1/region.ts';
import { absent } from '../v2/path.ts';
import { cancelExecution, deleteExecution, runJob } from './executions.ts';
import { createJob, deleteJob, patchJob } from './jobs.ts';
import type { StoredExecution, StoredJob } from './state.ts';
import { askedJob, type V1Job, v1Execution, v1Job, v1Task } from './v1.ts';

const root = '/apis/run.googleapis.com/v1/namespaces/{namespace}';

/** Jobs, executions and tasks of Cloud Run's API v1, by which gcloud works (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.jobs). */
export const runJobV1Routes: readonly Route<Context>[] = [
  guarded('GET', 'jobs', 'jobs.list', (call, cloud) =>
    list(
      'Job',
      jobsHere(call, cloud).map((job) => v1Job(job, cloud)),
    ),
  ),
  guarded('POST', 'jobs', 'jobs.create', create),
  guarded('GET', 'jobs/{job}', 'jobs.get', show),
  guarded('PUT', 'jobs/{job}', 'jobs.update', replace),
  guarded('DELETE', 'jobs/{job}', 'jobs.delete', (call, cloud) => {
    deleteJob(asV2(call, cloud, call.params.job ?? ''), cloud);
    return DELETED;
  }),
  guarded('POST', 'jobs/{job}:run', 'jobs.run', start),
  guarded('GET', 'executions', 'executions.list', (call, cloud) =>
    list(
      'Execution',
      executionsHere(call, cloud).map(({ resource }) => v1Execution(resource, cloud)),
    ),
  ),
  guarded('GET', 'executions/{execution}', 'executions.get', (call, cloud) => ({
    body: v1Execution(executionOf(call, cloud).resource, cloud),
  })),
  guarded('DELETE', 'executions/{execution}', 'executions.delete', (call, cloud) => {
    deleteExecution(asV2(call, cloud, executionOf(call, cloud).resource.job), cloud);
    return DELETED;
  }),
  guarded('POST', 'executions/{execution}:cancel', 'executions.cancel', (call, cloud) => {
    const { resource } = executionOf(call, cloud);
    cancelExecution(asV2(call, cloud, resource.job), cloud);
    return { body: v1Execution(resource, cloud) };
  }),
  guarded('GET', 'tasks', 'tasks.list', (call, cloud) =>
    list(
      'Task',
      tasksHere(call, cloud).map((task) => v1Task(task, cloud)),
    ),
  ),
  guarded('GET', 'tasks/{task}', 'tasks.get', (call, cloud) => {
    const id = call.params.task ?? '';
    const found = tasksHere(call, cloud).find(({ name }) => name.endsWith(`/tasks/${id}`));
    if (!found) throw absentHere(call, 'TASK', id);
    return { body: v1Task(found, cloud) };
  }),
];

function guarded(
  method: string,
  path: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  const access = { api: 'run.googleapis.com', permission: `run.${permission}`, on: 'projects/{namespace}' };
  return route(method, `${root}/${path}`, access, handler);
}

function create(call: Call, cloud: Context): Reply {
  const asked = json<V1Job>(call);
  const id = asked.metadata?.name ?? '';
  const { etag: _, ...job } = askedJob(asked);
  createJob(asV2(call, cloud, id, job), cloud);
  if (isTrial(call)) return { body: asked };
  return show({ ...call, params: { ...call.params, job: id } }, cloud);
}

function replace(call: Call, cloud: Context): Reply {
  patchJob(asV2(call, cloud, call.params.job ?? '', askedJob(json<V1Job>(call))), cloud);
  return show(call, cloud);
}

function show(call: Call, cloud: Context): Reply {
  const id = call.params.job ?? '';
  const found = jobsHere(call, cloud).find(({ resource }) => resource.name.endsWith(`/jobs/${id}`));
  if (!found) throw absentHere(call, 'JOB', id);
  return { body: v1Job(found, cloud) };
}

function start(call: Call, cloud: Context): Reply {
  const { overrides } = json<{ overrides?: { timeoutSeconds?: number } }>(call);
  const { timeoutSeconds, ...rest } = overrides ?? {};
  const timeout = timeoutSeconds !== undefined && { timeout: `${timeoutSeconds}s` };
  const asked = overrides ? { overrides: { ...rest, ...timeout } } : {};
  const { body } = runJob(asV2(call, cloud, call.params.job ?? '', asked), cloud);
  const { name } = (body as { metadata: { name: string } }).metadata;
  const started = executionsHere(call, cloud).find(({ resource }) => resource.name === name);
  return { body: started && v1Execution(started.resource, cloud) };
}

/** The call of the API v2 that does the same. */
function asV2(call: Call, cloud: Context, job: string, asked: object = {}): Call {
  const location = regionOf(call);
  if (!location) throw new ApiError('INVALID_ARGUMENT', 'Jobs are changed at the host of their region.');
  const query = new URLSearchParams({ jobId: job, ...(isTrial(call) && { validateOnly: 'true' }) });
  const params = { ...call.params, project: cloud.project.id, location, job };
  return { ...call, params, query, body: Buffer.from(JSON.stringify(asked)) };
}

function isTrial({ query }: Call): boolean {
  return query.get('dryRun') === 'all';
}

function list(kind: string, items: readonly unknown[]): Reply {
  return { body: { apiVersion: 'run.googleapis.com/v1', kind: `${kind}List`, metadata: {}, items } };
}

/** The jobs of the region whose host is asked, or of all. */
function jobsHere(call: Call, cloud: Context): StoredJob[] {
  const region = regionOf(call);
  const prefix = `projects/${cloud.project.id}/locations/${region ? `${region}/` : ''}`;
  return [...cloud.runJobs.jobs.values()].filter(({ resource }) => resource.name.startsWith(prefix));
}

/** The newest first, of the job that the labels name. */
function executionsHere(call: Call, cloud: Context): StoredExecution[] {
  const job = selected(call, 'job');
  return jobsHere(call, cloud)
    .flatMap(({ executions }) => [...executions.values()].reverse())
    .filter(({ resource }) => !job || resource.job === job);
}

function executionOf(call: Call, cloud: Context): StoredExecution {
  const id = call.params.execution ?? '';
  const found = executionsHere(call, cloud).find(({ resource }) =>
    resource.name.endsWith(`/executions/${id}`),
  );
  if (!found) throw absentHere(call, 'EXECUTION', id);
  return found;
}

function tasksHere(call: Call, cloud: Context): StoredExecution['tasks'] {
  const execution = selected(call, 'execution');
  return executionsHere(call, cloud)
    .flatMap(({ tasks }) => tasks)
    .filter((task) => !execution || task.execution === execution);
}

/** The value that a label must have: `run.googleapis.com/job = sums`. */
function selected({ query }: Call, label: string): string | undefined {
  const selector = query.get('labelSelector') ?? '';
  return new RegExp(`run\\.googleapis\\.com/${label}\\s*==?\\s*([\\w-]+)`).exec(selector)?.[1];
}

function absentHere(call: Call, kind: 'JOB' | 'EXECUTION' | 'TASK', id: string): ApiError {
  const params = { project: call.params.namespace ?? '', location: regionOf(call) ?? 'global' };
  return absent({ ...call, params }, kind, id);
}
