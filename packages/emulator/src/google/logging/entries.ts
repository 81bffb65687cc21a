import type { LogEntry } from '../../contracts.ts';
import { requireCaller } from '../../kernel/access.ts';
import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
import type { Principal } from '../../kernel/principal.ts';
import { page } from '../../kernel/resources/page.ts';
import type { Context } from './context.ts';
import { compileFilter } from './filter.ts';

const API = 'logging.googleapis.com';

/** The Cloud Logging API v2: entries and the names of logs (https://cloud.google.com/logging/docs/reference/v2/rest). */
export const loggingRoutes: readonly Route<Context>[] = [
  route('POST', '/v2/entries:list', undefined, listEntries),
  route('POST', '/v2/entries:write', undefined, writeEntries),
  route('GET', '/v2/projects/{project}/logs', undefined, listLogs),
  route('DELETE', '/v2/projects/{project}/logs/{log}', undefined, deleteLog),
];

/** An entry as it is shown. */
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
async function listEntries(call: Call, cloud: Context): Promise<Reply> {
  const caller = requireCaller(call, cloud, API);
  const { resourceNames = [], filter = '', orderBy, pageSize = 50, pageToken } = json<Request>(call);
  if (resourceNames.length === 0)
    throw new ApiError('INVALID_ARGUMENT', 'The request must have at least one resource name.');
  for (const name of resourceNames) {
    // A view of a bucket holds the same: there is but one project.
    const [, asked = ''] =
      /^projects\/([^/]+)(?:\/locations\/[^/]+\/buckets\/[^/]+\/views\/[^/]+)?$/.exec(name) ?? [];
    if (!asked) throw new ApiError('INVALID_ARGUMENT', `Invalid resource name: ${name}`);
    requireOn(cloud, caller, 'logging.logEntries.list', asked);
  }
  if (orderBy && !/^timestamp( asc| desc)?$/.test(orderBy))
    throw new ApiError('INVALID_ARGUMENT', `Invalid order_by: ${orderBy}`);
  const matches = compileFilter(filter);
  const entries = (await everything(cloud))
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

/** What containers wrote, and what clients did. */
async function everything(cloud: Context): Promise<Entry[]> {
  const written = await Promise.all(cloud.logSources.map((source) => source.entries()));
  return [...written.flat().map(shown), ...cloud.writtenLogs];
}

interface WriteRequest {
  readonly logName?: string;
  readonly resource?: { readonly type?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly labels?: Readonly<Record<string, string>>;
  readonly entries?: readonly Partial<Entry>[];
  readonly dryRun?: boolean;
}

function writeEntries(call: Call, cloud: Context): Reply {
  const caller = requireCaller(call, cloud, API);
  const { logName, resource, labels, entries = [], dryRun } = json<WriteRequest>(call);
  const now = timestamp(cloud.clock.now());
  const made = entries.map((entry, index) => ({
    insertId: `${now}-w${cloud.writtenLogs.length + index}`,
    resource: { type: 'global', labels: { project_id: cloud.project.id }, ...resource },
    timestamp: now,
    receiveTimestamp: now,
    ...entry,
    logName: String(entry.logName ?? logName ?? ''),
    labels: { ...labels, ...(entry.labels as object | undefined) },
  }));
  for (const { logName: name } of made) {
    if (!/^projects\/[^/]+\/logs\/[\w.%-]+$/.test(name))
      throw new ApiError('INVALID_ARGUMENT', `Log name is invalid: "${name}"`);
    requireOn(cloud, caller, 'logging.logEntries.create', name.split('/')[1]);
  }
  if (!dryRun) cloud.writtenLogs.push(...made);
  return { body: {} };
}

async function listLogs(call: Call, cloud: Context): Promise<Reply> {
  requireOn(cloud, requireCaller(call, cloud, API), 'logging.logs.list', call.params.project);
  const names = [...new Set((await everything(cloud)).map(({ logName }) => String(logName)))].sort();
  const { items, nextPageToken } = page(call, names, 1000, 50);
  return { body: { ...(items.length > 0 && { logNames: items }), ...(nextPageToken && { nextPageToken }) } };
}

/** Of what clients wrote; what containers did stays as long as they do. */
function deleteLog(call: Call, cloud: Context): Reply {
  requireOn(cloud, requireCaller(call, cloud, API), 'logging.logs.delete', call.params.project);
  const name = `projects/${cloud.project.id}/logs/${encodeURIComponent(call.params.log ?? '')}`;
  const left = cloud.writtenLogs.filter(({ logName }) => logName !== name);
  if (left.length === cloud.writtenLogs.length) throw new ApiError('NOT_FOUND', `Log ${name} does not exist`);
  cloud.writtenLogs.splice(0, cloud.writtenLogs.length, ...left);
  return { body: {} };
}

/** @throws ApiError PERMISSION_DENIED */
function requireOn({ iam, project }: Context, caller: Principal, permission: string, asked = ''): void {
  const name = `projects/${asked === project.number ? project.id : asked}`;
  if (name !== `projects/${project.id}` || !iam.allows(caller, permission, name)) throw denied(permission);
}

/** In Cloud Logging's own words, which name no resource. */
function denied(permission: string): ApiError {
  return new ApiError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource (or it may not exist).`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission },
      },
    ],
  );
}

function shown({ text, ...entry }: LogEntry, index: number): Entry {
  const { timestamp } = entry;
  return { insertId: `${timestamp}-${index}`, ...entry, receiveTimestamp: timestamp, ...payloadOf(text) };
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
