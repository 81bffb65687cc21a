import { listed } from '../../diagnostic.ts';
import { asList, asObject, asText, inWords, type JsonObject, own } from '../../json.ts';
import { below, type Place, ROOT } from '../../place.ts';
import type { Say } from '../say.ts';

/** The metrics of a document, in the words of either dialect. */
export function metricsOf(root: JsonObject): ReadonlySet<string> {
  const [old, current] = sections(root, 'metrics');
  return new Set([
    ...asList(old).flatMap((metric) => asText(asObject(metric)?.name) ?? []),
    ...Object.keys(asObject(current) ?? {}),
  ]);
}

/** Says which limits count a metric that is not defined, and which metrics and limits are defined twice. */
export function checkLimits(root: JsonObject, metrics: ReadonlySet<string>, say: Say): void {
  const [, current] = sections(root, 'quota');
  const [old] = sections(root, 'quota');
  const place20 = '#/x-google-management/quota/limits';
  const place3 = '#/x-google-api-management/quota/limits';
  const limits = [
    ...asList(own(asObject(old), 'limits')).map((limit, index) => ({
      name: asText(asObject(limit)?.name) ?? '',
      limit: asObject(limit),
      at: below(place20, index),
    })),
    ...Object.entries(asObject(own(asObject(current), 'limits')) ?? {}).map(([name, limit]) => ({
      name,
      limit: asObject(limit),
      at: below(place3, name),
    })),
  ];
  for (const [index, { name, limit, at }] of limits.entries()) {
    const metric = asText(limit?.metric);
    if (metric !== undefined && !metrics.has(metric))
      say(
        'google-undefined',
        below(at, 'metric'),
        `The limit ${name} counts ${undefinedMetrics([metric], metrics)}`,
      );
    if (limits.findIndex((other) => other.name === name) < index)
      say('google-form', at, `The limit ${name} is defined twice.`);
  }
  const names = asList(sections(root, 'metrics')[0]).map((metric) => asText(asObject(metric)?.name));
  for (const [index, name] of names.entries())
    if (name !== undefined && names.indexOf(name) < index)
      say(
        'google-form',
        below('#/x-google-management/metrics', index),
        `The metric ${name} is defined twice.`,
      );
}

/** Says which metrics an operation's `x-google-quota` counts that are not defined. */
export function checkCosts(
  operation: JsonObject,
  place: Place,
  label: string,
  metrics: ReadonlySet<string>,
  say: Say,
): void {
  const costs = asObject(own(asObject(own(operation, 'x-google-quota')), 'metricCosts')) ?? {};
  const at = below(below(place, 'x-google-quota'), 'metricCosts');
  for (const name of Object.keys(costs))
    if (!metrics.has(name))
      say('google-undefined', below(at, name), `${label} counts ${undefinedMetrics([name], metrics)}`);
}

function undefinedMetrics(names: readonly string[], metrics: ReadonlySet<string>): string {
  const known = metrics.size === 0 ? 'it defines none' : `it defines ${listed([...metrics])}`;
  return `${names.join(', ')}, a metric that the document doesn't define; ${known}.`;
}

/**
 * Says of `x-google-endpoints` what Google's importer does: there is one at most, and it goes by the name of the host
 * (https://github.com/googleapis/api-compiler, EndpointBuilder.java).
 */
export function checkEndpoints(root: JsonObject, say: Say): void {
  const endpoints = asList(own(root, 'x-google-endpoints'));
  const place = below(ROOT, 'x-google-endpoints');
  if (endpoints.length > 1)
    say('google-form', below(place, 1), `x-google-endpoints has more than one entry: ${endpoints.length}.`);
  const [host, name] = [asText(own(root, 'host')), asText(asObject(endpoints[0])?.name)];
  if (host !== undefined && name !== undefined && host.toLowerCase() !== name.toLowerCase())
    say(
      'google-form',
      below(below(place, 0), 'name'),
      `x-google-endpoints is called ${inWords(name)}, and the host ${host}; Google wants one name for both.`,
    );
  const marked = asList(own(root, 'servers')).flatMap((server, index) =>
    own(asObject(server), 'x-google-endpoint') === undefined ? [] : [index],
  );
  if (marked.length > 1)
    say(
      'google-form',
      below(below(below(ROOT, 'servers'), marked[1] ?? 1), 'x-google-endpoint'),
      `More than one server has an x-google-endpoint: ${marked.length}.`,
    );
}

/** A section of the root's management, as 2.0 and as 3.x write it. */
function sections(root: JsonObject, key: string) {
  return [
    own(asObject(own(root, 'x-google-management')), key),
    own(asObject(own(root, 'x-google-api-management')), key),
  ] as const;
}
