import type { Report } from '../../diagnostic.ts';
import { asObject, asText, type Json, type JsonObject, own } from '../../json.ts';
import type { Plan } from '../../model/plan.ts';
import { below, ROOT } from '../../place.ts';

/** Google's extensions of the root, but `x-google-backend`: kept from a 2.0 document, translated from a 3.x one. */
export function googleExtensions(plan: Plan, report: Report): JsonObject {
  const { document } = plan;
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(document.root)) {
    if (!key.startsWith('x-google-') || key === 'x-google-backend') continue;
    if (document.version === '2.0') out[key] = value;
    else if (key === 'x-google-api-management')
      Object.assign(out, fromManagement(asObject(value) ?? {}, report));
    else report('google-extension-dropped', below(ROOT, key), `The Swagger 2.0 dialect has no ${key}.`);
  }
  if (document.version !== '2.0' && plan.server.allowCors !== undefined) {
    if (plan.server.host === undefined) {
      const hint = 'Ask for preflight operations (cors) instead.';
      report(
        'google-extension-dropped',
        below(ROOT, 'servers'),
        'allowCors needs a host in the Swagger 2.0 dialect.',
        hint,
      );
    } else out['x-google-endpoints'] = [{ name: plan.server.host, allowCors: plan.server.allowCors }];
  }
  return out;
}

function fromManagement(management: JsonObject, report: Report): JsonObject {
  const metrics = Object.entries(asObject(own(management, 'metrics')) ?? {});
  const limits = Object.entries(asObject(own(asObject(own(management, 'quota')), 'limits')) ?? {});
  for (const key of Object.keys(management)) {
    if (['metrics', 'quota', 'backends', 'apiName'].includes(key)) continue;
    const place = below(below(ROOT, 'x-google-api-management'), key);
    report('google-extension-dropped', place, `The Swagger 2.0 dialect has no ${key}.`);
  }
  const apiName = asText(management.apiName);
  const out: JsonObject = apiName === undefined ? {} : { 'x-google-api-name': apiName };
  if (metrics.length === 0 && limits.length === 0) return out;
  out['x-google-management'] = {
    metrics: metrics.map(([name, value]) => writeMetric(name, value)),
    ...(limits.length === 0
      ? {}
      : { quota: { limits: limits.map(([name, value]) => writeLimit(name, value)) } }),
  };
  return out;
}

function writeMetric(name: string, value: Json): JsonObject {
  const displayName = asText(asObject(value)?.displayName);
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    valueType: 'INT64',
    metricKind: 'DELTA',
  };
}

/** Both dialects count per minute and consumer project. */
function writeLimit(name: string, value: Json): JsonObject {
  const limit = asObject(value) ?? {};
  return {
    name,
    metric: limit.metric ?? '',
    unit: '1/min/{project}',
    values: { STANDARD: limit.values ?? 0 },
  };
}
