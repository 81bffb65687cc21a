import type { LogEntry } from '../../contracts.ts';
import { requireCaller } from '../../kernel/access.ts';
import { ApiError, permissionDenied } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
import type { Context } from './context.ts';
import { compileFilter } from './filter.ts';

const API = 'logging.googleapis.com';

/** The part of the Cloud Logging API v2 that lists entries (https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list). */
export const loggingRoutes: readonly Route<Context>[] = [
  route('POST', '/v2/entries:list', undefined, listEntries),
];

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
  const { id } = cloud.project;
  for (const name of resourceNames) {
    if (name !== `projects/${id}` || !cloud.iam.allows(caller, 'logging.logEntries.list', name))
      throw permissionDenied('logging.logEntries.list', name);
  }
  if (orderBy && !/^timestamp( asc| desc)?$/.test(orderBy))
    throw new ApiError('INVALID_ARGUMENT', `Invalid order_by: ${orderBy}`);
  const matches = compileFilter(filter);
  const written = await Promise.all(cloud.logSources.map((source) => source.entries()));
  const entries = written
    .flat()
    .map(shown)
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
