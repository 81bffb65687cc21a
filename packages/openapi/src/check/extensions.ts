import { asList, asObject, asText, inWords, type JsonObject, own } from '../json.ts';
import { below } from '../place.ts';
import type { Violate } from './violation.ts';

/** How a dialect spells the fields of a backend. */
interface Spelling {
  readonly audience: string;
  readonly disable: string;
  readonly translation: string;
}

const SNAKE: Spelling = {
  audience: 'jwt_audience',
  disable: 'disable_auth',
  translation: 'path_translation',
};
export const CAMEL: Spelling = {
  audience: 'jwtAudience',
  disable: 'disableAuth',
  translation: 'pathTranslation',
};

/** Checks the `x-google-backend` of an object of 2.0. One without an address adjusts the root's. */
export function checkBackend20(holder: JsonObject, place: string, violate: Violate): void {
  const value = own(holder, 'x-google-backend');
  if (value === undefined) return;
  const at = below(place, 'x-google-backend');
  const backend = asObject(value);
  if (backend === undefined) violate('backend', at, 'Extension x-google-backend has invalid type.');
  else checkBackend(backend, SNAKE, at, violate, place !== '#');
}

/** Checks a backend as google.api.BackendRule takes it: https://github.com/googleapis/googleapis/blob/master/google/api/backend.proto */
export function checkBackend(
  backend: JsonObject,
  { audience, disable, translation }: Spelling,
  at: string,
  violate: Violate,
  mayAdjust = false,
): void {
  const fault = (message: string): void => violate('backend', at, message);
  const { address, deadline, protocol } = backend;
  if (address === undefined && !mayAdjust) fault('A backend needs an address.');
  if (address !== undefined && !/^https?:\/\/\S/i.test(asText(address) ?? ''))
    fault(`The address ${inWords(address)} has no scheme of http or https.`);
  if (backend[audience] !== undefined && backend[disable] === true)
    fault(`${audience} and ${disable} exclude each other.`);
  if (deadline !== undefined && !(Number(deadline) > 0))
    fault(`The deadline ${inWords(deadline)} is no number of seconds.`);
  if (protocol !== undefined && protocol !== 'http/1.1' && protocol !== 'h2')
    fault(`The protocol ${inWords(protocol)} is not known.`);
  const path = own(backend, translation);
  if (path !== undefined && path !== 'APPEND_PATH_TO_ADDRESS' && path !== 'CONSTANT_ADDRESS')
    fault(`The path translation ${inWords(path)} is not known.`);
}

/** Checks the extensions of the root that both dialects have, each in its words, and what operations refer to in them. */
export function checkExtensions(root: JsonObject, violate: Violate): void {
  const allow = own(root, 'x-google-allow');
  if (allow !== undefined && allow !== 'all' && allow !== 'configured')
    violate('extension', '#/x-google-allow', 'Only allowed values for x-google-allow are all|configured');
  checkEndpoints(root, violate);
  const metrics = metricsOf(root);
  for (const [path, item] of Object.entries(asObject(own(root, 'paths')) ?? {}))
    for (const [method, operation] of Object.entries(asObject(item) ?? {})) {
      const costs = asObject(own(asObject(own(asObject(operation), 'x-google-quota')), 'metricCosts')) ?? {};
      const unknown = Object.keys(costs).filter((metric) => !metrics.has(metric));
      if (unknown.length > 0)
        violate(
          'quota',
          below(below('#/paths', path), method),
          `Quota Extension references undefined metric(s) '${unknown.join(', ')}'`,
        );
    }
}

function checkEndpoints(root: JsonObject, violate: Violate): void {
  const endpoints = asList(own(root, 'x-google-endpoints'));
  const [name, host] = [asText(asObject(endpoints[0])?.name), asText(own(root, 'host'))];
  if (endpoints.length > 1)
    violate('endpoints', '#/x-google-endpoints', 'Multiple endpoint entries are defined.');
  if (name !== undefined && host !== undefined && name.toLowerCase() !== host.toLowerCase())
    violate(
      'endpoints',
      '#/x-google-endpoints',
      `The endpoint name ${name} is different than the host name ${host}.`,
    );
}

function metricsOf(root: JsonObject): ReadonlySet<string> {
  const old = own(asObject(own(root, 'x-google-management')), 'metrics');
  const current = own(asObject(own(root, 'x-google-api-management')), 'metrics');
  return new Set([
    ...asList(old).map((metric) => asText(asObject(metric)?.name) ?? ''),
    ...Object.keys(asObject(current) ?? {}),
  ]);
}
