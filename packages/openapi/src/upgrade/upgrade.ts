import type { Report } from '../diagnostic.ts';
import { asList, asObject, asText, asTexts, type Json, type JsonObject, own } from '../json.ts';
import { isLocalHost } from '../model/backends/server.ts';
import { type ApiDocument, resolver } from '../model/document.ts';
import { below, type Place, ROOT } from '../place.ts';
import { upgradeOperation } from './operation.ts';
import { upgradeParameter, upgradeResponse } from './parts.ts';
import { upgradeSchema } from './schema.ts';
import { upgradeSecurity } from './security.ts';

/** A document of 3.x, and the way back from its places to those of the document it was made from. */
export interface Upgraded {
  readonly document: ApiDocument;
  readonly originOf: (place: Place) => Place;
}

/** Keys of a 2.0 root that are translated; the rest is carried over. */
const TRANSLATED = new Set(
  'swagger host basePath schemes consumes produces definitions parameters responses securityDefinitions paths'.split(
    ' ',
  ),
);

/** A 2.0 document as one of 3.0; a 3.x document is what it is. Google's extensions are read in the words of either. */
export function upgrade(document: ApiDocument, report: Report): Upgraded {
  if (document.version !== '2.0') return { document, originOf: (place) => place };
  const { root } = document;
  const media = { consumes: asTexts(own(root, 'consumes')), produces: asTexts(own(root, 'produces')) };
  const rest = Object.fromEntries(Object.entries(root).filter(([key]) => !TRANSLATED.has(key)));
  const components: JsonObject = {
    schemas: mapValues(own(root, 'definitions'), (value) => upgradeSchema(value)),
    parameters: mapValues(plainOf(own(root, 'parameters')), (value) => upgradeParameter(value)),
    responses: mapValues(own(root, 'responses'), (value) => upgradeResponse(value, media.produces)),
    securitySchemes: mapValues(own(root, 'securityDefinitions'), upgradeSecurity),
  };
  const upgradedRoot: JsonObject = {
    openapi: '3.0.3',
    ...rest,
    ...serversOf(root, report),
    paths: mapValues(own(root, 'paths'), (item) => upgradeItem(item, document, media)),
    components: Object.fromEntries(
      Object.entries(components).filter(([, value]) => Object.keys(asObject(value) ?? {}).length > 0),
    ),
  };
  const main = document.files.get('');
  const files = new Map(document.files);
  if (main !== undefined) files.set('', { ...main, value: upgradedRoot });
  return {
    document: { ...document, version: '3.0', root: upgradedRoot, files, resolve: resolver(files) },
    originOf,
  };
}

function upgradeItem(
  value: Json,
  document: ApiDocument,
  media: { consumes: string[]; produces: string[] },
): Json {
  const item = asObject(value);
  if (item === undefined) return value;
  const shared = asList(own(item, 'parameters'));
  const out: JsonObject = {};
  for (const [key, member] of Object.entries(item)) {
    const operation = asObject(member);
    if (key === 'parameters' || key === '$ref' || key.startsWith('x-') || operation === undefined) {
      if (key !== 'parameters') out[key] = member;
    } else out[key] = upgradeOperation(operation, shared, document, media);
  }
  return out;
}

/** `host`, `basePath` and `schemes` as one server, which the gateway is told to use. */
function serversOf(root: JsonObject, report: Report): JsonObject {
  const stated = asText(own(root, 'host'));
  const isLocal = stated !== undefined && isLocalHost(stated);
  if (isLocal)
    report(
      'servers-dropped',
      below(ROOT, 'host'),
      `The host ${stated} is a local one; the gateway uses its own.`,
    );
  const host = isLocal ? undefined : stated;
  const basePath = asText(own(root, 'basePath'))?.replace(/\/+$/, '') ?? '';
  if (host === undefined && basePath === '') return {};
  const schemes = asTexts(own(root, 'schemes'));
  const scheme = schemes.find((name) => name === 'https') ?? schemes[0] ?? 'https';
  const url = host === undefined ? basePath : `${scheme}://${host.replace(/:\d+$/, '')}${basePath}`;
  return { servers: [{ url, 'x-google-endpoint': {} }] };
}

/** Shared parameters other than bodies and their fields, which become part of the operations that name them. */
function plainOf(shared: Json | undefined): JsonObject {
  const isPlain = ([, value]: [string, Json]) =>
    !['body', 'formData'].includes(asText(asObject(value)?.in) ?? '');
  return Object.fromEntries(Object.entries(asObject(shared) ?? {}).filter(isPlain));
}

function mapValues(value: Json | undefined, map: (item: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(asObject(value) ?? {}).map(([key, item]) => [key, map(item)]));
}

/** Where something of the upgraded document comes from; locating falls back to the nearest place that exists. */
function originOf(place: Place): Place {
  return place
    .replace(/^#\/components\/schemas/, '#/definitions')
    .replace(/^#\/components\/securitySchemes/, '#/securityDefinitions')
    .replace(/^#\/components\/(parameters|responses)/, '#/$1')
    .replace(/^#\/servers\/0\/url$/, '#/host')
    .replace(/^#\/servers(\/.*)?$/, '#/basePath')
    .replace(/^(#\/paths\/[^/]+\/[^/]+)\/requestBody.*$/, '$1/parameters');
}
