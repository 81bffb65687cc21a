import { asObject, asText, type Json, type JsonObject, own } from '../../json.ts';
import { below, type Place, ROOT } from '../../place.ts';
import { quoted, type Say } from '../say.ts';
import { flag, listOf, matching, objectOf, oneOf, type Shape, text } from '../shape.ts';
import { backend } from './backend.ts';
import { apiName, management3, management20, quota } from './management.ts';
import { checkCosts, checkEndpoints, checkLimits, metricsOf } from './references.ts';

/*
 * Google's extensions as they are documented (https://cloud.google.com/api-gateway/docs/oasv2-extensions,
 * https://cloud.google.com/api-gateway/docs/oasv3-extensions) and as Google's importer takes them
 * (https://github.com/googleapis/api-compiler). Either dialect's are taken in a document of either version.
 */

const endpoint = objectOf({ fields: { allowCors: flag }, others: 'refused' });

const endpoints = listOf(
  objectOf({
    fields: { name: text, target: text, allowCors: flag, allow_cors: flag, aliases: listOf(text) },
    others: 'refused',
  }),
);

const tool = objectOf({
  fields: {
    'name!': matching(/^[A-Za-z0-9_.-]{1,128}$/, 'up to 128 letters, digits, dots, hyphens and underscores'),
    description: text,
  },
  others: 'refused',
});

/** `false` leaves an operation out of the tools. */
const mcpTool: Shape = (value, place, name, fault) => {
  if (value !== false) tool(value, place, name, fault);
};

const parameter = objectOf({ fields: { 'pattern!': oneOf('**') }, others: 'refused' });

const AT_ROOT: Readonly<Record<string, Shape>> = {
  'x-google-allow': oneOf('all', 'configured'),
  'x-google-api-name': apiName,
  'x-google-endpoints': endpoints,
  'x-google-management': management20,
  'x-google-api-management': management3,
};

/** Names that Google once had or has elsewhere, and that would be read by nobody. */
const GONE: Readonly<Record<string, string>> = {
  'x-google-backend-url': 'Write `x-google-backend: {address: https://…}` instead.',
  'x-google-backend-deadline': 'Write `deadline`, a number of seconds, in `x-google-backend` instead.',
  'x-google-experimental-authorization':
    'API Gateway has no authorization by provider: check in the backend who may do what, and remove it.',
};

/** Checks the extensions of the root. */
export function checkGoogleRoot(root: JsonObject, say: Say): void {
  for (const [key, shape] of Object.entries(AT_ROOT)) check(root, key, ROOT, shape, say);
  checkBackend(root, ROOT, say);
  checkGone(root, ROOT, say);
  checkEndpoints(root, say);
  checkLimits(root, metricsOf(root), say);
  const [old, current] = [
    own(root, 'x-google-api-name'),
    own(asObject(own(root, 'x-google-api-management')), 'apiName'),
  ];
  if (old !== undefined && current !== undefined && old !== current)
    say(
      'google-form',
      below(ROOT, 'x-google-api-name'),
      `x-google-api-name is ${quoted(old)}, and apiName ${quoted(current)}; write one of them.`,
    );
}

/** Checks the extensions of an operation, whose costs count the metrics given. */
export function checkGoogleOperation(
  operation: JsonObject,
  place: Place,
  label: string,
  metrics: ReadonlySet<string>,
  say: Say,
): void {
  check(operation, 'x-google-quota', place, quota, say);
  check(operation, 'x-google-mcp-tool', place, mcpTool, say);
  checkCosts(operation, place, label, metrics, say);
  checkGoogleItem(operation, place, say);
}

/** Checks the extensions that an operation and its path may have. */
export function checkGoogleItem(holder: JsonObject, place: Place, say: Say): void {
  checkBackend(holder, place, say);
  checkGone(holder, place, say);
}

/** Checks the extension of a server. */
export function checkGoogleServer(server: Json, place: Place, say: Say): void {
  check(asObject(server) ?? {}, 'x-google-endpoint', place, endpoint, say);
}

/** Checks the extension of a parameter, which makes a wildcard of a variable of the path. */
export function checkGoogleParameter(value: Json, place: Place, say: Say): void {
  const object = asObject(value) ?? {};
  if (own(object, 'x-google-parameter') === undefined) return;
  check(object, 'x-google-parameter', place, parameter, say);
  if (own(object, 'in') !== 'path')
    say(
      'google-misplaced',
      below(place, 'x-google-parameter'),
      `The parameter ${asText(object.name) ?? ''} is not in the path, so that x-google-parameter means nothing.`,
    );
}

/** A name of a backend, which is looked up elsewhere, or the backend itself. */
function checkBackend(holder: JsonObject, place: Place, say: Say): void {
  if (typeof own(holder, 'x-google-backend') !== 'string')
    check(holder, 'x-google-backend', place, backend, say);
}

function checkGone(holder: JsonObject, place: Place, say: Say): void {
  for (const [key, hint] of Object.entries(GONE))
    if (own(holder, key) !== undefined)
      say('google-form', below(place, key), `API Gateway has no \`${key}\`.`, { hint });
}

function check(holder: JsonObject, key: string, place: Place, shape: Shape, say: Say): void {
  const value = own(holder, key);
  if (value === undefined) return;
  shape(value, below(place, key), key, (at, message) => say('google-form', at, message));
}
