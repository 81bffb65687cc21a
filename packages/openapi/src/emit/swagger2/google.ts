import type { Report } from '../../diagnostic.ts';
import { asList, asObject, type JsonObject, own } from '../../json.ts';
import { type Limit, type Metric, PER_MINUTE } from '../../model/management.ts';
import type { Plan } from '../../model/plan.ts';
import { below, ROOT } from '../../place.ts';

/** Google's extensions of the root, but `x-google-backend`: kept from a 2.0 document, translated from a 3.x one. */
export function googleExtensions(plan: Plan, report: Report): JsonObject {
  const { root } = plan.document;
  const { apiName, metrics, limits, others } = plan.management;
  for (const key of Object.keys(others)) {
    const place = below(below(ROOT, 'x-google-api-management'), key);
    report('google-extension-dropped', place, `The Swagger 2.0 dialect has no ${key}.`);
  }
  const allow = own(root, 'x-google-allow');
  return {
    ...(allow === 'all' || allow === 'configured' ? { 'x-google-allow': allow } : {}),
    ...(apiName === undefined ? {} : { 'x-google-api-name': apiName }),
    ...(metrics.length + limits.length === 0
      ? {}
      : { 'x-google-management': writeManagement(metrics, limits) }),
    ...writeEndpoints(plan, report),
  };
}

/** Google wants an endpoint to go by the name of the host. */
function writeEndpoints({ document, server }: Plan, report: Report): JsonObject {
  const stated = asObject(asList(own(document.root, 'x-google-endpoints'))[0]);
  const { host, allowCors } = server;
  if (stated === undefined && allowCors === undefined) return {};
  if (host === undefined) {
    if (allowCors === true)
      report(
        'google-extension-dropped',
        below(ROOT, stated === undefined ? 'servers' : 'x-google-endpoints'),
        'allowCors needs a host in the Swagger 2.0 dialect.',
        'Name the host, or ask for preflight operations (cors) instead.',
      );
    return {};
  }
  const { name: _, allowCors: __, allow_cors: ___, ...rest } = stated ?? {};
  const endpoint = { name: host, ...(allowCors === undefined ? {} : { allowCors }), ...rest };
  return { 'x-google-endpoints': [endpoint] };
}

function writeManagement(metrics: readonly Metric[], limits: readonly Limit[]): JsonObject {
  return {
    metrics: metrics.map(writeMetric),
    ...(limits.length === 0 ? {} : { quota: { limits: limits.map(writeLimit) } }),
  };
}

function writeMetric({ name, displayName, source }: Metric): JsonObject {
  if (source !== undefined) return source;
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    valueType: 'INT64',
    metricKind: 'DELTA',
  };
}

function writeLimit({ name, metric, values, source }: Limit): JsonObject {
  return source ?? { name, metric, unit: PER_MINUTE, values: { STANDARD: values } };
}
