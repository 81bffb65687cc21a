import { asList, asObject, asText, type Json, type JsonObject, own } from '../json.ts';
import { below, type Place, ROOT } from '../place.ts';

/** What a document says of the whole API in Google's extensions, in the words of neither dialect. */
export interface Management {
  readonly apiName: string | undefined;
  readonly metrics: readonly Metric[];
  readonly limits: readonly Limit[];
  /** Whether the gateway passes on what the document doesn't describe, and asks nothing for it. */
  readonly allowAll: boolean;
  /** What only 3.x has: `mcp`, `ai`. */
  readonly others: JsonObject;
}

/** Something that is counted. */
export interface Metric {
  readonly name: string;
  readonly displayName: string | undefined;
  /** As a 2.0 document defines it. */
  readonly source?: JsonObject;
}

/** How much of a metric a project may use in a time. */
export interface Limit {
  readonly name: string;
  readonly metric: Json;
  readonly values: Json;
  /** Of 2.0; 3.x counts by the minute. */
  readonly unit: string;
  readonly place: Place;
  readonly source?: JsonObject;
}

/** By the minute, for every project that calls. */
export const PER_MINUTE = '1/min/{project}';

/** Reads `x-google-management`, `x-google-api-name` and `x-google-allow` of 2.0, and `x-google-api-management` of 3.x. */
export function readManagement(root: JsonObject): Management {
  const old = asObject(own(root, 'x-google-management'));
  const current = asObject(own(root, 'x-google-api-management')) ?? {};
  const { metrics, quota, apiName, backends: _, allowCors: __, ...others } = current;
  return {
    apiName: asText(apiName) ?? asText(own(root, 'x-google-api-name')),
    metrics: [...asList(own(old, 'metrics')).flatMap(metric20), ...members(metrics).map(metric3)],
    limits: [
      ...asList(own(asObject(own(old, 'quota')), 'limits')).flatMap(limit20),
      ...members(own(asObject(quota), 'limits')).map(limit3),
    ],
    allowAll: own(root, 'x-google-allow') === 'all',
    others,
  };
}

function members(value: Json | undefined): readonly (readonly [string, JsonObject])[] {
  return Object.entries(asObject(value) ?? {}).map(([name, member]) => [name, asObject(member) ?? {}]);
}

function metric20(value: Json): Metric[] {
  const source = asObject(value);
  const name = asText(source?.name);
  if (source === undefined || name === undefined) return [];
  return [{ name, displayName: asText(source.displayName ?? source.display_name), source }];
}

function metric3([name, { displayName }]: readonly [string, JsonObject]): Metric {
  return { name, displayName: asText(displayName) };
}

function limit20(value: Json, index: number): Limit[] {
  const source = asObject(value);
  const name = asText(source?.name);
  if (source === undefined || name === undefined) return [];
  const { metric = '', unit } = source;
  const values = own(asObject(source.values), 'STANDARD') ?? 0;
  const place = below(`${ROOT}/x-google-management/quota/limits`, index);
  return [{ name, metric, values, unit: asText(unit) ?? PER_MINUTE, place, source }];
}

function limit3([name, { metric = '', values = 0 }]: readonly [string, JsonObject]): Limit {
  const place = below(`${ROOT}/x-google-api-management/quota/limits`, name);
  return { name, metric, values, unit: PER_MINUTE, place };
}
