import type { Diagnostics } from '../diagnostics.ts';
import { arrayOr, isObject, type JsonObject, objectOr } from '../json.ts';
import { methodName } from './names.ts';
import type { SourceOperation } from './paths.ts';

/** Names of the metrics a document defines: a list in 2.0's `x-google-management`, a map in 3.x. */
export function metricsOf(management: unknown): ReadonlySet<string> {
  const { metrics } = objectOr(management);
  if (isObject(metrics)) return new Set(Object.keys(metrics));
  return new Set(arrayOr(metrics).map((metric) => String(objectOr(metric).name)));
}

/** Checks an operation's `x-google-quota: {metricCosts}` against the metrics there are. */
export function checkQuota(
  { value, location }: SourceOperation,
  metrics: ReadonlySet<string>,
  diagnostics: Diagnostics,
): void {
  const quota: JsonObject = objectOr(value['x-google-quota']);
  const unknown = Object.keys(objectOr(quota.metricCosts)).filter((metric) => !metrics.has(metric));
  if (unknown.length === 0) return;
  const method = methodName(String(value.operationId ?? ''));
  diagnostics.error(
    location,
    `Quota Extension for method '${method}' references undefined metric(s) '${unknown.join(', ')}'`,
  );
}
