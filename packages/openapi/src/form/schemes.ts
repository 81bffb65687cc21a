import { asObject, inWords, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { below, type Place, ROOT } from '../place.ts';
import { requiredNames } from './required.ts';
import { quoted, type Say } from './say.ts';
import { anything, listOf, mapOf, objectOf, oneOf, type Shape, text, token, word } from './shape.ts';

/*
 * Security schemes by the published schemas: https://spec.openapis.org/oas/2.0/schema/2017-08-27,
 * https://spec.openapis.org/oas/3.0/schema/2024-10-18, https://spec.openapis.org/oas/3.1/schema/2025-09-15. What they say
 * of things that decide nothing at the gateway is left alone: descriptions, addresses and scopes of flows (Google's own
 * examples say `authorizationUrl: ""`, FastAPI's `tokenUrl: token`, others leave them out), and fields of one type of
 * scheme in another, as springdoc and NestJS write `name` and `in` beside `type: http`.
 */

/**
 * Checks the security schemes of a document, where its version keeps them. A scheme that is not used counts too, but for
 * one of a type that another version has: people carry those along.
 */
export function checkSchemes(document: ApiDocument, say: Say): void {
  const found = definitionsOf(document, say);
  if (found === undefined) return;
  const { value, place } = found;
  // A section that is empty in YAML; a name that is required all the same is an error of its own.
  if (value === null) return;
  const schemes = asObject(value);
  if (schemes === undefined) {
    const hint = `Write an object of schemes, each by its name:\n${SAMPLE[document.version === '2.0' ? '2.0' : '3']}`;
    say('scheme-form', place, `${place.split('/').at(-1)} is ${quoted(value)}; it must be an object.`, {
      hint,
      doubt: place,
    });
    return;
  }
  const required = requiredNames(document);
  for (const [name, scheme] of Object.entries(schemes)) {
    const at = below(place, name);
    if (!required.has(name) && isForeign(document, scheme)) continue;
    const fault = (where: Place, message: string): void => say('scheme-form', where, message, { doubt: at });
    checkScheme(document, scheme, at, name, fault);
  }
}

const SAMPLE = {
  '2.0': 'securityDefinitions:\n  key: {type: apiKey, name: key, in: query}',
  3: 'components:\n  securitySchemes:\n    key: {type: apiKey, name: x-api-key, in: header}',
};

/** The names of the schemes that a document defines, of whatever form they are. */
export function schemeNames({ root, version }: ApiDocument): ReadonlySet<string> {
  const holder = version === '2.0' ? root : asObject(own(root, 'components'));
  const schemes = own(holder, version === '2.0' ? 'securityDefinitions' : 'securitySchemes');
  return new Set(Object.keys(asObject(schemes) ?? {}));
}

/** A scheme as another version of OpenAPI writes it. */
function isForeign({ version }: ApiDocument, value: Json): boolean {
  const scheme = asObject(value);
  if (version === '2.0') return false;
  const type = own(scheme, 'type');
  if (type === 'oauth2') return own(scheme, 'flows') === undefined && typeof own(scheme, 'flow') === 'string';
  return type === 'basic' || type === 'mutualTLS';
}

function definitionsOf(
  { root, version }: ApiDocument,
  say: Say,
): { readonly value: Json; readonly place: Place } | undefined {
  if (version === '2.0') {
    const value = own(root, 'securityDefinitions');
    return value === undefined ? undefined : { value, place: below(ROOT, 'securityDefinitions') };
  }
  const components = own(root, 'components');
  if (components === undefined || components === null) return undefined;
  const place = below(ROOT, 'components');
  if (asObject(components) === undefined) {
    say('scheme-form', place, `components is ${quoted(components)}; it must be an object.`);
    return undefined;
  }
  const value = own(asObject(components), 'securitySchemes');
  return value === undefined ? undefined : { value, place: below(place, 'securitySchemes') };
}

function checkScheme(
  document: ApiDocument,
  value: Json,
  place: Place,
  name: string,
  fault: (place: Place, message: string) => void,
): void {
  const label = `The security scheme ${name}`;
  const written = asObject(value);
  if (written === undefined) {
    fault(place, `${label} is ${quoted(value)}; it must be an object.`);
    return;
  }
  const found = resolved(document, written, place, label, fault);
  if (found === undefined) return;
  const shapes =
    document.version === '2.0' ? SCHEMES_20 : document.version === '3.0' ? SCHEMES_30 : SCHEMES_31;
  const type = own(found.object, 'type');
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined) {
    const types = Object.keys(shapes).join(', ');
    const says = type === undefined ? 'has no `type`' : `has the type ${quoted(type)}`;
    fault(
      type === undefined ? found.place : below(found.place, 'type'),
      `${label} ${says}; OpenAPI ${document.version} has ${types}.`,
    );
    return;
  }
  shape(found.object, found.place, name, fault);
  checkLegacy(found.object, found.place, name, fault);
  checkFamilies(found.object, found.place, name, fault);
}

/** In 3.x, a scheme may stand elsewhere. */
function resolved(
  document: ApiDocument,
  written: JsonObject,
  place: Place,
  label: string,
  fault: (place: Place, message: string) => void,
): { readonly object: JsonObject; readonly place: Place } | undefined {
  const reference = own(written, '$ref');
  if (reference === undefined) return { object: written, place };
  const at = below(place, '$ref');
  if (document.version === '2.0') {
    fault(
      at,
      `${label} is a reference, which OpenAPI 2.0 does not have for a scheme; write the scheme itself.`,
    );
    return undefined;
  }
  if (typeof reference !== 'string') {
    fault(
      at,
      `${label} has the \`$ref\` ${quoted(reference)}; it must be a string such as #/components/securitySchemes/key.`,
    );
    return undefined;
  }
  checkBeside(document, written, place, label, fault);
  const found = follow(document, written, place);
  if (found === undefined)
    fault(at, `${label} refers to ${inWords(reference)}, which is no security scheme.`);
  return found;
}

/** What stands beside a reference, here and where it leads to another; a summary and a description may. */
function checkBeside(
  document: ApiDocument,
  written: JsonObject,
  place: Place,
  label: string,
  fault: (place: Place, message: string) => void,
): void {
  let [object, at]: [JsonObject | undefined, Place] = [written, place];
  for (let hops = 0; object !== undefined && hops < 64; hops += 1) {
    const reference = own(object, '$ref');
    if (typeof reference !== 'string') return;
    for (const key of Object.keys(object)) {
      if (BESIDE.has(key) || (/^x-/i.test(key) && !/^x-google-/i.test(key))) continue;
      fault(
        below(at, key),
        `${label} has ${JSON.stringify(key)} beside a \`$ref\`, where nobody reads it; write it where the reference leads.`,
      );
    }
    [object, at] = [asObject(document.resolve(reference)), reference];
  }
}

const BESIDE = new Set(['$ref', 'summary', 'description', 'deprecated']);

/** Google's two ways to write a provider, in one scheme: which of two answers is meant, nobody can say. */
function checkFamilies(
  scheme: JsonObject,
  place: Place,
  name: string,
  fault: (place: Place, message: string) => void,
): void {
  const auth = asObject(own(scheme, 'x-google-auth'));
  if (auth === undefined) return;
  for (const [old, current, plain] of FAMILIES) {
    const [stated, other] = [own(scheme, old), own(auth, current)];
    if (stated === undefined || other === undefined || plain(stated) === plain(other)) continue;
    fault(
      below(place, old),
      `${name} has the \`${old}\` ${inWords(stated)}, and in \`x-google-auth\` the \`${current}\` ${inWords(other)}; write one of them.`,
    );
  }
}

/** The fields of either family that say the same, and what of their values counts. */
const FAMILIES: readonly (readonly [string, string, (value: Json) => string])[] = [
  ['x-google-issuer', 'issuer', inWords],
  ['x-google-jwks_uri', 'jwksUri', inWords],
  ['x-google-audiences', 'audiences', audiencesIn],
  [
    'x-google-jwt-locations',
    'jwtLocations',
    (value) => inWords(value).replaceAll('value_prefix', 'valuePrefix'),
  ],
];

function audiencesIn(value: Json): string {
  const audiences = Array.isArray(value) ? value.map(inWords) : inWords(value).split(',');
  return [...new Set(audiences.map((audience) => audience.trim()).filter(Boolean))].sort().join();
}

/** Names that Google's importer once read (https://github.com/googleapis/api-compiler), and this converter does not. */
function checkLegacy(
  scheme: JsonObject,
  place: Place,
  name: string,
  fault: (place: Place, message: string) => void,
): void {
  for (const [old, current] of [
    ['x-issuer', 'x-google-issuer'],
    ['x-jwks_uri', 'x-google-jwks_uri'],
  ] as const) {
    if (own(scheme, old) !== undefined)
      fault(below(place, old), `${name} has \`${old}\`, which Google has renamed; write \`${current}\`.`);
  }
}

const location = (prefix: string): Shape => {
  const shape = objectOf({ fields: { header: word, query: word, [prefix]: text }, others: 'refused' });
  return (value, place, name, fault) => {
    shape(value, place, name, fault);
    const places = Object.keys(asObject(value) ?? {}).filter((key) => key === 'header' || key === 'query');
    if (asObject(value) !== undefined && places.length !== 1)
      fault(place, `${name} is ${quoted(value)}; it must have one of \`header\` and \`query\`.`);
  };
};

/** Who issues the tokens of a scheme, in the words of either family; both are read wherever they stand. */
const PROVIDER = {
  'x-google-issuer': word,
  'x-google-jwks_uri': word,
  'x-google-audiences': text,
  'x-google-jwt-locations': listOf(location('value_prefix')),
  'x-google-auth': objectOf({
    fields: {
      'issuer!': word,
      jwksUri: word,
      audiences: listOf(word),
      jwtLocations: listOf(location('valuePrefix')),
    },
    others: 'refused',
  }),
};

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

const SCHEMES_20: Readonly<Record<string, Shape>> = {
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

const SCHEMES_30: Readonly<Record<string, Shape>> = {
  apiKey: scheme({ 'name!': text, 'in!': oneOf('header', 'query', 'cookie') }),
  http: scheme({ 'scheme!': token }),
  oauth2: scheme({ 'flows!': FLOWS }),
  openIdConnect: scheme({ 'openIdConnectUrl!': text }),
};

const SCHEMES_31: Readonly<Record<string, Shape>> = { ...SCHEMES_30, mutualTLS: scheme({}) };
