import { PROVIDER } from './provider.ts';
import { anything, mapOf, objectOf, oneOf, type Shape, text, token } from './shape.ts';

/*
 * Security schemes by the published schemas: https://spec.openapis.org/oas/2.0/schema/2017-08-27,
 * https://spec.openapis.org/oas/3.0/schema/2024-10-18, https://spec.openapis.org/oas/3.1/schema/2025-09-15. What they say
 * of things that decide nothing at the gateway is left alone: descriptions, addresses and scopes of flows (Google's own
 * examples say `authorizationUrl: ""`, FastAPI's `tokenUrl: token`, others leave them out), and fields of one type of
 * scheme in another, as springdoc and NestJS write `name` and `in` beside `type: http`.
 */

/**
 * What the types of schemes have besides what decides, in any version up to 3.2
 * (https://spec.openapis.org/oas/v3.2.0#security-scheme-object).
 */
const OTHERS = Object.fromEntries(
  [
    'description',
    'name',
    'in',
    'scheme',
    'bearerFormat',
    'flow',
    'flows',
    'authorizationUrl',
    'deviceAuthorizationUrl',
    'tokenUrl',
    'refreshUrl',
    'scopes',
    'openIdConnectUrl',
    'oauth2MetadataUrl',
    'deprecated',
  ].map((field) => [field, anything]),
);

const scheme = (fields: Readonly<Record<string, Shape>>): Shape => {
  const own = new Set(Object.keys(fields).map((field) => field.replace('!', '')));
  const others = Object.fromEntries(Object.entries(OTHERS).filter(([field]) => !own.has(field)));
  return objectOf({ fields: { type: anything, ...fields, ...others, ...PROVIDER }, others: 'refused' });
};

const scopes: Shape = (value, place, name, fault) => {
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (!isEmpty) mapOf(anything)(value, place, name, fault);
};

/** The types of schemes of OpenAPI 2.0. */
export const SCHEMES_20: Readonly<Record<string, Shape>> = {
  basic: scheme({}),
  apiKey: scheme({ 'name!': text, 'in!': oneOf('header', 'query') }),
  oauth2: scheme({ flow: oneOf('implicit', 'password', 'application', 'accessCode'), scopes }),
};

const flow: Shape = (value, place, name, fault) => {
  if (value === null) return;
  objectOf({ fields: { ...FLOW, scopes }, others: 'lookalikes' })(value, place, name, fault);
};

const FLOW = {
  authorizationUrl: anything,
  deviceAuthorizationUrl: anything,
  tokenUrl: anything,
  refreshUrl: anything,
};

const FLOWS = objectOf({
  fields: {
    implicit: flow,
    password: flow,
    clientCredentials: flow,
    authorizationCode: flow,
    deviceAuthorization: flow,
  },
  others: 'refused',
});

/** The types of schemes of OpenAPI 3.0. */
export const SCHEMES_30: Readonly<Record<string, Shape>> = {
  apiKey: scheme({ 'name!': text, 'in!': oneOf('header', 'query', 'cookie') }),
  http: scheme({ 'scheme!': token }),
  oauth2: scheme({ 'flows!': FLOWS }),
  openIdConnect: scheme({ 'openIdConnectUrl!': text }),
};

/** The types of schemes of OpenAPI 3.1. */
export const SCHEMES_31: Readonly<Record<string, Shape>> = { ...SCHEMES_30, mutualTLS: scheme({}) };
