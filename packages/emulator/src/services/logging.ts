import type { Cloud } from '../cloud.ts';
import type { Output } from '../cloud-run/plane.ts';
import { ApiError, permissionDenied } from '../errors.ts';
import { type Call, json, type Reply, type Route, route } from '../handler.ts';
import { requireCaller } from '../identity/credential.ts';
import { compileFilter } from './logging/filter.ts';

const API = 'logging.googleapis.com';

/** The part of the Cloud Logging API v2 that lists entries (https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list). */
export const loggingRoutes: readonly Route[] = [route('POST', '/v2/entries:list', undefined, listEntries)];

interface Entry extends Record<string, unknown> {
  readonly timestamp: string;
}

interface Request {
  readonly resourceNames?: string[];
  readonly filter?: string;
  readonly orderBy?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** What the containers of Cloud Run wrote to stdout and stderr, a line an entry. */
async function listEntries(call: Call, cloud: Cloud): Promise<Reply> {
  const caller = requireCaller(call, cloud, API);
  const { resourceNames = [], filter = '', orderBy, pageSize = 50, pageToken } = json<Request>(call);
  if (resourceNames.length === 0)
    throw new ApiError('INVALID_ARGUMENT', 'The request must have at least one resource name.');
  const { id } = cloud.project;
  for (const name of resourceNames) {
    if (name !== `projects/${id}` || !cloud.iam.allows(caller, 'logging.logEntries.list', name))
      throw permissionDenied('logging.logEntries.list', name);
  }
  if (orderBy && !/^timestamp( asc| desc)?$/.test(orderBy))
    throw new ApiError('INVALID_ARGUMENT', `Invalid order_by: ${orderBy}`);
  const matches = compileFilter(filter);
  const entries = (await cloud.containers.output(() => true))
    .map((output, index) => entryOf(output, index, id))
    .filter(matches)
    .sort((a, b) => (a.timestamp < b.timestamp ? -1 : Number(a.timestamp > b.timestamp)));
  if (orderBy === 'timestamp desc') entries.reverse();
  const from = Number(pageToken ?? 0);
  const page = entries.slice(from, from + pageSize);
  const more = entries.length > from + pageSize;
  return {
    body: {
      ...(page.length > 0 && { entries: page }),
      ...(more && { nextPageToken: String(from + pageSize) }),
    },
  };
}

function entryOf(output: Output, index: number, project: string): Entry {
  const { owner, container, stream, time, text, task } = output;
  const [, location = '', kind = '', name = '', id = ''] =
    /locations\/([^/]+)\/(services|jobs)\/([^/]+)\/(?:revisions|executions)\/(.+)$/.exec(owner) ?? [];
  const resource =
    kind === 'jobs'
      ? { type: 'cloud_run_job', labels: { project_id: project, location, job_name: name } }
      : {
          type: 'cloud_run_revision',
          labels: {
            ...{ project_id: project, location, service_name: name },
            ...{ configuration_name: name, revision_name: id },
          },
        };
  return {
    insertId: `${time}-${index}`,
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
    receiveTimestamp: time,
    ...payloadOf(text),
  };
}

/** A line that is a JSON object is taken apart, its severity out of it (https://cloud.google.com/run/docs/logging#using-json). */
function payloadOf(text: string): Record<string, unknown> {
  if (!/^\{.*\}$/.test(text)) return { textPayload: text };
  try {
    const { severity, ...jsonPayload } = JSON.parse(text) as Record<string, unknown>;
    return { jsonPayload, ...(severity !== undefined && { severity }) };
  } catch {
    // It only looks like one.
    return { textPayload: text };
  }
}
