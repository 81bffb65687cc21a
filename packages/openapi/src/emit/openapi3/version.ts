import type { Report } from '../../diagnostic.ts';
import { asObject, asText, inWords, type Json, type JsonObject, own } from '../../json.ts';
import type { ApiDocument } from '../../model/document.ts';
import { isData, NAME_MAPS } from '../../model/references.ts';
import { below, escapeKey, type Place, ROOT } from '../../place.ts';

/**
 * The version to write: one that has been published, whole, as Google and validators want it; and of a document that says
 * 3.0 and speaks 3.1, as some generators leave it, the latter.
 */
export function writeVersion({ root, version }: ApiDocument, written: JsonObject, report: Report): string {
  const place = below(ROOT, 'openapi');
  const stated = asText(own(root, 'openapi')) ?? '';
  const newer = version === '3.0' && stated !== '' ? newerKeyword(written) : undefined;
  if (newer !== undefined) {
    report(
      'version-content',
      place,
      `The document says ${stated}, and ${newer.slice(1)} is of 3.1; it is written as 3.1.0.`,
    );
    return '3.1.0';
  }
  if (/^3\.(0\.[0-4]|1\.[0-2])$/.test(stated)) return stated;
  const whole = version === '3.1' ? '3.1.0' : '3.0.3';
  if (stated !== '' || root.openapi !== undefined)
    report('invalid-value', place, `The version ${inWords(root.openapi)} is written as ${whole}.`);
  return whole;
}

/** Schemas of a 3.0 document in the words of 3.1: `nullable`, and bounds that are flags. */
export function inWordsOf31(value: Json, names = false): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inWordsOf31(item));
  const out: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const isLeaf = typeof item !== 'object' || item === null || (!names && isData(key, item));
    out[key] = isLeaf ? item : inWordsOf31(item, !names && NAME_MAPS.has(key));
  }
  return names ? out : withoutFlags(out);
}

function withoutFlags(schema: JsonObject): JsonObject {
  const out = { ...schema };
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof out[flag] !== 'boolean') continue;
    if (out[flag] === true && typeof out[bound] === 'number') {
      out[flag] = out[bound];
      delete out[bound];
    } else delete out[flag];
  }
  if (out.nullable === true && typeof out.type === 'string') out.type = [out.type, 'null'];
  if (typeof out.nullable === 'boolean') delete out.nullable;
  return out;
}

/** The first thing in a document that 3.0 does not have. The place is worked out on the way back: there is seldom one. */
function newerKeyword(root: JsonObject): Place | undefined {
  const walk = (value: Json[] | JsonObject, names: boolean): Place | undefined => {
    const all = names || Array.isArray(value);
    const key = all ? undefined : newerKey(value as JsonObject);
    if (key !== undefined) return `/${escapeKey(key)}`;
    for (const key in value) {
      const item = (value as JsonObject)[key] ?? null;
      if (typeof item !== 'object' || item === null || (!all && isData(key, item))) continue;
      const found = walk(item, !all && NAME_MAPS.has(key));
      if (found !== undefined) return `/${escapeKey(key)}${found}`;
    }
    return undefined;
  };
  const info = asObject(own(root, 'info'));
  if (own(info, 'summary') !== undefined) return '#/info/summary';
  if (own(asObject(own(info, 'license')), 'identifier') !== undefined) return '#/info/license/identifier';
  const found = walk(root, false);
  return found === undefined ? undefined : `${ROOT}${found}`;
}

const NEWER = new Set(
  'const prefixItems $defs if then else dependentSchemas dependentRequired unevaluatedProperties unevaluatedItems contains minContains maxContains propertyNames patternProperties contentMediaType contentEncoding contentSchema $schema $id $anchor $dynamicRef $dynamicAnchor $comment jsonSchemaDialect'.split(
    ' ',
  ),
);

function newerKey(object: JsonObject): string | undefined {
  for (const key in object) {
    if (NEWER.has(key)) return key;
    if (key === 'type' && (object.type === 'null' || Array.isArray(object.type))) return key;
    if ((key === 'exclusiveMinimum' || key === 'exclusiveMaximum') && typeof object[key] === 'number')
      return key;
    if (key === 'examples' && Array.isArray(object.examples)) return key;
  }
  return undefined;
}
