import { asObject, type Json, type JsonObject, own } from '../json.ts';
import { below, type Place, ROOT } from '../place.ts';
import type { Say } from './say.ts';
import { anything, flag, listOf, mapOf, objectOf, oneOf, type Shape, text, whole, word } from './shape.ts';

/*
 * Google's extensions that open or close something, as they are documented:
 * https://cloud.google.com/endpoints/docs/openapi/openapi-extensions (2.0),
 * https://cloud.google.com/api-gateway/docs/oasv3-extensions (3.x), google/api/*.proto for what they become.
 */

const SNAKE = { jwt_audience: word, disable_auth: flag, path_translation: text };
const CAMEL = { jwtAudience: word, disableAuth: flag, pathTranslation: text };
const REST = {
  address: text,
  deadline: anything,
  protocol: text,
  operation_deadline: anything,
  min_deadline: anything,
  operationDeadline: anything,
  minDeadline: anything,
};

/** `x-google-backend` of 2.0. */
const backend20 = objectOf({ fields: { ...REST, ...SNAKE }, others: 'refused' });
/** A member of `x-google-api-management.backends`. One of Google's own examples spells path_translation so. */
const backend3 = objectOf({ fields: { ...REST, ...CAMEL, path_translation: text }, others: 'refused' });
/** A 2.0 backend that was left in a 3.x document: it is translated, in either spelling. */
const backendEither = objectOf({ fields: { ...REST, ...SNAKE, ...CAMEL }, others: 'refused' });

const limits20 = listOf(
  objectOf({
    fields: { 'name!': word, 'metric!': word, unit: text, 'values!': mapOf(whole) },
    others: 'lookalikes',
  }),
);
const limits3 = mapOf(objectOf({ fields: { 'metric!': word, 'values!': whole }, others: 'lookalikes' }));

const management20 = objectOf({
  fields: {
    metrics: listOf(objectOf({ fields: { 'name!': word }, others: 'lookalikes' })),
    quota: objectOf({ fields: { limits: limits20 }, others: 'lookalikes' }),
  },
  others: 'lookalikes',
});
const management3 = objectOf({
  fields: {
    metrics: mapOf(objectOf({ fields: { displayName: text }, others: 'lookalikes' })),
    quota: objectOf({ fields: { limits: limits3 }, others: 'lookalikes' }),
    backends: mapOf(backend3),
    apiName: text,
    allowCors: flag,
  },
  others: 'lookalikes',
});

const endpoint = { allowCors: flag };
const quota = objectOf({ fields: { metricCosts: mapOf(whole) }, others: 'lookalikes' });

const AT_ROOT: Readonly<Record<string, Shape>> = {
  'x-google-allow': oneOf('all', 'configured'),
  'x-google-endpoints': listOf(
    objectOf({ fields: { name: text, target: text, ...endpoint }, others: 'lookalikes' }),
  ),
  'x-google-management': management20,
  'x-google-api-management': management3,
};

/** Checks the extensions of the root. */
export function checkGoogleRoot(root: JsonObject, version: string, say: Say): void {
  for (const [key, shape] of Object.entries(AT_ROOT)) check(root, key, ROOT, shape, say);
  checkBackend(root, ROOT, version, say);
}

/** Checks the extensions of an operation or of its path. */
export function checkGoogleOperation(holder: JsonObject, place: Place, version: string, say: Say): void {
  check(holder, 'x-google-quota', place, quota, say);
  checkBackend(holder, place, version, say);
}

/** Checks the extension of a server. */
export function checkGoogleServer(server: Json, place: Place, say: Say): void {
  const shape = objectOf({ fields: endpoint, others: 'lookalikes' });
  check(asObject(server) ?? {}, 'x-google-endpoint', place, shape, say);
}

/** 3.x names a backend that the management section defines; whether it does is said elsewhere. */
function checkBackend(holder: JsonObject, place: Place, version: string, say: Say): void {
  if (version !== '2.0' && typeof own(holder, 'x-google-backend') === 'string') return;
  check(holder, 'x-google-backend', place, version === '2.0' ? backend20 : backendEither, say);
}

function check(holder: JsonObject, key: string, place: Place, shape: Shape, say: Say): void {
  const value = own(holder, key);
  if (value === undefined) return;
  shape(value, below(place, key), key, (at, message) => say('google-form', at, message));
}
