import type { LogEntry } from '../../contracts.ts';
import type { Output } from './containers/plane.ts';

/** A line that a container wrote to stdout or stderr, as Cloud Logging has it (https://cloud.google.com/run/docs/logging). */
export function logEntry({ owner, container, stream, time, text, task }: Output, project: string): LogEntry {
  const [, location = '', kind = '', name = '', id = ''] =
    /locations\/([^/]+)\/(services|jobs|workerPools)\/([^/]+)\/(?:revisions|executions)\/(.+)$/.exec(owner) ??
    [];
  const resource =
    kind === 'jobs'
      ? { type: 'cloud_run_job', labels: { project_id: project, location, job_name: name } }
      : kind === 'workerPools'
        ? {
            type: 'cloud_run_worker_pool',
            labels: { project_id: project, location, worker_pool_name: name, revision_name: id },
          }
        : {
            type: 'cloud_run_revision',
            labels: {
              ...{ project_id: project, location, service_name: name },
              ...{ configuration_name: name, revision_name: id },
            },
          };
  return {
    logName: `projects/${project}/logs/run.googleapis.com%2F${stream}`,
    resource,
    labels: {
      ...(container && { container_name: container }),
      ...(kind === 'jobs' && {
        'run.googleapis.com/execution_name': id,
        'run.googleapis.com/task_index': String(task ?? 0),
      }),
    },
    timestamp: time,
    text,
  };
}
