import {
  asList,
  asObject,
  asText,
  asTexts,
  holdsReference,
  type Json,
  type JsonObject,
  own,
  sameJson,
} from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { below, type Place } from '../place.ts';
import { readBounds } from './bounds.ts';
import { externalDocs, pick } from './external-docs.ts';
import { ANNOTATIONS, inOrder, PLAIN_KEYWORDS } from './keywords.ts';
import type { SchemaScope } from './scope.ts';
import { sharedMembers } from './shared-members.ts';
import { readType } from './type.ts';
import { sharedByAll, splitNull } from './union.ts';

export type { SchemaScope };

/**
 * A schema of any version as a Swagger 2.0 schema that Google's importer takes. API Gateway enforces no schemas, so
 * what 2.0 cannot say is simplified, and said. Converting a converted schema changes nothing.
 */
export function toSwagger2(value: Json | undefined, place: Place, scope: SchemaScope): JsonObject {
  if (value === true) return {};
  const schema = asObject(value);
  if (schema === undefined) {
    const code = value === false ? 'keyword-dropped' : 'invalid-value';
    scope.report(
      code,
      place,
      value === false ? 'The schema `false` becomes an empty one.' : 'This is not a schema.',
    );
    return {};
  }
  const reference = own(schema, '$ref');
  if (typeof reference === 'string') return convertReference(schema, reference, place, scope);
  return convertObject(schema, place, scope);
}

function convertReference(
  schema: JsonObject,
  reference: string,
  place: Place,
  scope: SchemaScope,
): JsonObject {
  const name = scope.definitions.nameOf(reference, below(place, '$ref'));
  const target: JsonObject = name === undefined ? {} : { $ref: `#/definitions/${name}` };
  const siblings = Object.keys(schema).filter((key) => key !== '$ref');
  if (siblings.length === 0) return target;
  if (scope.document.version !== '3.1') {
    scope.report(
      'reference-siblings-dropped',
      place,
      `Beside the $ref, ${siblings.join(', ')} mean nothing.`,
    );
    return target;
  }
  const { $ref: _, ...rest } = schema;
  return join(convertObject(rest, place, scope), target);
}

/** Keywords that are translated one by one; the rest is plain, an extension, or dropped. */
const TRANSLATED = new Set(
  'type nullable enum const anyOf oneOf allOf properties required items prefixItems additionalItems additionalProperties patternProperties exclusiveMinimum exclusiveMaximum minimum maximum discriminator examples contentMediaType contentEncoding xml externalDocs deprecated writeOnly $defs definitions'.split(
    ' ',
  ),
);

function convertObject(schema: JsonObject, place: Place, scope: SchemaScope): JsonObject {
  const dropped: string[] = [];
  const type = readType(schema, place, scope.report);
  let out: JsonObject = type.name === undefined ? {} : { type: type.name };
  if (type.format !== undefined) out.format = type.format;
  for (const key of Object.keys(schema)) {
    const value = schema[key] ?? null;
    if (TRANSLATED.has(key)) continue;
    const accepts = Object.hasOwn(PLAIN_KEYWORDS, key) ? PLAIN_KEYWORDS[key] : undefined;
    const fits = accepts?.(value) === true || key.startsWith('x-');
    if (fits && !holdsReference(value)) out[key] = value;
    else if (!(key === 'default' && type.nullable)) dropped.push(key);
  }
  Object.assign(out, readBounds(schema, dropped), type.values === undefined ? {} : { enum: type.values });
  convertMembers(out, schema, place, scope, dropped);
  convertDetails(out, schema, place, scope, dropped);
  if (type.nullable) out['x-nullable'] = true;
  if (asList(own(schema, 'allOf')).length > 0) {
    out.allOf = asList(schema.allOf).map((item, index) =>
      toSwagger2(item, below(below(place, 'allOf'), index), scope),
    );
  }
  for (const key of ['anyOf', 'oneOf']) {
    if (asList(own(schema, key)).length > 0) out = convertUnion(out, schema, key, place, scope);
  }
  if (dropped.length > 0) {
    scope.report('keyword-dropped', place, `Swagger 2.0 has no place for ${dropped.join(', ')} here.`);
  }
  return inOrder(declareRequired(out, schema, scope.document));
}

/** Tools around Swagger 2.0 want every required property of an object declared. */
function declareRequired(out: JsonObject, schema: JsonObject, document: ApiDocument): JsonObject {
  if (out.type !== 'object') return out;
  const properties = asObject(out.properties) ?? {};
  const missing = asTexts(out.required).filter(
    (name) => own(properties, name) === undefined && !declares(document, schema, name, 0),
  );
  if (missing.length === 0) return out;
  return { ...out, properties: { ...properties, ...Object.fromEntries(missing.map((name) => [name, {}])) } };
}

/** Properties, items and their kin. */
function convertMembers(
  out: JsonObject,
  schema: JsonObject,
  place: Place,
  scope: SchemaScope,
  dropped: string[],
): void {
  const required = asTexts(own(schema, 'required'));
  if (required.length > 0) out.required = required;
  const properties = asObject(own(schema, 'properties'));
  if (properties !== undefined) {
    const converted: JsonObject = {};
    for (const [name, value] of Object.entries(properties)) {
      converted[name] = toSwagger2(value, below(below(place, 'properties'), name), scope);
    }
    out.properties = converted;
  }
  const additional = own(schema, 'additionalProperties');
  const patterns = Object.entries(asObject(own(schema, 'patternProperties')) ?? {});
  if (typeof additional === 'boolean' && patterns.length === 0) out.additionalProperties = additional;
  else if (asObject(additional) !== undefined) {
    out.additionalProperties = toSwagger2(additional, below(place, 'additionalProperties'), scope);
  } else if (patterns.length > 0) {
    dropped.push('patternProperties');
    const [pattern, value] = patterns[0] ?? ['', true];
    const at = below(below(place, 'patternProperties'), pattern);
    out.additionalProperties = patterns.length === 1 ? toSwagger2(value, at, scope) : true;
  }
  const items = own(schema, 'items');
  if (own(schema, 'prefixItems') !== undefined) dropped.push('prefixItems');
  if (asObject(items) !== undefined) out.items = toSwagger2(items, below(place, 'items'), scope);
  else if (out.type === 'array') out.items = {};
  if (Array.isArray(items)) dropped.push('items');
}

function declares(document: ApiDocument, schema: JsonObject, name: string, depth: number): boolean {
  if (own(asObject(own(schema, 'properties')), name) !== undefined) return true;
  if (depth > 8) return false;
  return asList(own(schema, 'allOf')).some((item) => {
    const found = follow(document, item, '#')?.object;
    return found !== undefined && declares(document, found, name, depth + 1);
  });
}

/** Discriminator, examples, documentation. */
function convertDetails(
  out: JsonObject,
  schema: JsonObject,
  place: Place,
  { document, report }: SchemaScope,
  dropped: string[],
): void {
  const discriminator = own(schema, 'discriminator');
  if (discriminator !== undefined) {
    const name = asText(discriminator) ?? asText(asObject(discriminator)?.propertyName);
    const isBase =
      name !== undefined && declares(document, schema, name, 8) && asTexts(schema.required).includes(name);
    if (isBase || (name !== undefined && document.version === '2.0')) out.discriminator = name;
    else dropped.push('discriminator');
  }
  const examples = asList(own(schema, 'examples'));
  if (examples.length > 0 && out.example === undefined) out.example = examples[0] ?? null;
  if (examples.length > 1) dropped.push(`${examples.length - 1} of the examples`);
  if (own(schema, 'deprecated') === true) out['x-deprecated'] = true;
  if (own(schema, 'writeOnly') === true) out['x-writeOnly'] = true;
  const xml = asObject(own(schema, 'xml'));
  if (xml !== undefined)
    out.xml = pick(xml, {
      name: 'string',
      namespace: 'string',
      prefix: 'string',
      attribute: 'boolean',
      wrapped: 'boolean',
    });
  const docs = externalDocs(own(schema, 'externalDocs'), below(place, 'externalDocs'), report);
  if (docs !== undefined) out.externalDocs = docs;
}

function convertUnion(
  out: JsonObject,
  schema: JsonObject,
  key: string,
  place: Place,
  scope: SchemaScope,
): JsonObject {
  const at = below(place, key);
  const { branches, nullable } = splitNull(scope.document, asList(schema[key]));
  if (nullable) out['x-nullable'] = true;
  const only = branches.length === 1 ? branches[0] : undefined;
  if (only !== undefined) return join(out, toSwagger2(only.value, below(at, only.index), scope));
  if (branches.length === 0) return out;
  scope.report('union-simplified', at, `The ${key} of ${branches.length} becomes what its members share.`);
  const shared = sharedByAll(
    scope.document,
    branches.map(({ value }) => value),
  );
  if (shared.nullable) out['x-nullable'] = true;
  const members = shared.schema.type === 'object' ? sharedMembers(branches, at, scope, toSwagger2) : {};
  return join(out, inOrder({ ...shared.schema, ...members }));
}

/** Two converted schemas as one: side by side where they do not contradict each other, else under allOf. */
function join(left: JsonObject, right: JsonObject): JsonObject {
  if (Object.keys(left).length === 0) return right;
  if (Object.keys(right).length === 0) return left;
  const contradicts = Object.keys(right).some(
    (key) => own(left, key) !== undefined && !ANNOTATIONS.has(key) && !sameJson(left[key], right[key]),
  );
  if (right.$ref === undefined && !contradicts) return inOrder({ ...right, ...left });
  return inOrder({ ...left, allOf: [...asList(left.allOf), right] });
}
