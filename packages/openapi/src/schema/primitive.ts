import { asList, asObject, asText, holdsReference, type Json, type JsonObject, own } from '../json.ts';
import { follow } from '../model/document.ts';
import { words } from '../model/losses.ts';
import { distinct } from '../model/references.ts';
import { below, type Place } from '../place.ts';
import { readBounds } from './bounds.ts';
import { inOrder, PLAIN_KEYWORDS } from './keywords.ts';
import type { SchemaScope } from './swagger2.ts';
import { readType } from './type.ts';
import { commonType, impliedType, splitNull } from './union.ts';

/** What a parameter, a header or a form field can be in Swagger 2.0: a string, a number, a flag, or a list of them. */
export interface Primitive {
  readonly fields: JsonObject;
  readonly isObject: boolean;
}

/** Keywords of a schema that a Swagger 2.0 parameter has too. */
const KEPT = 'format default multipleOf maxLength minLength maxItems minItems uniqueItems pattern'.split(' ');
const MAX_DEPTH = 12;

/** A schema as the fields of a parameter: references followed, allOf merged, unions reduced, always with a type. */
export function toPrimitive(value: Json | undefined, place: Place, scope: SchemaScope): Primitive {
  const flat = inOrder(flatten(value, place, scope, 0));
  const type = asText(flat.type);
  if (type === 'object')
    return { fields: inOrder({ ...withoutItems(flat), type: 'string' }), isObject: true };
  if (type === 'array')
    return { fields: inOrder({ ...flat, type, items: itemsOf(flat.items, scope) }), isObject: false };
  return { fields: { type: type ?? 'string', ...withoutItems(flat) }, isObject: false };
}

/** Items of items are not something that API Gateway can map to a parameter, so an inner list is a string. */
function itemsOf(items: Json | undefined, scope: SchemaScope): JsonObject {
  const { fields } = toPrimitive(asObject(items) ?? {}, '#', scope);
  if (fields.type === 'array') return { type: 'string' };
  const { default: _, ...rest } = Object.fromEntries(
    Object.entries(fields).filter(([key]) => !key.startsWith('x-')),
  );
  return rest as JsonObject;
}

function withoutItems(fields: JsonObject): JsonObject {
  const { items: _, minItems: __, maxItems: ___, uniqueItems: ____, ...rest } = fields;
  return rest;
}

/** The keywords that remain; `items` still as the document writes it, its references followed one level. */
function flatten(value: Json | undefined, place: Place, scope: SchemaScope, depth: number): JsonObject {
  const beside = siblingsOf(value);
  if (beside !== undefined) {
    // 3.1 alone reads what stands beside a reference.
    if (scope.document.version === '3.1')
      return {
        ...flatten(beside.target, place, scope, depth + 1),
        ...flatten(beside.rest, place, scope, depth + 1),
      };
    if (Object.keys(beside.rest).some((key) => KEPT.includes(key) || key === 'enum'))
      scope.report(
        'reference-siblings-dropped',
        place,
        `${Object.keys(beside.rest).join(', ')} beside a reference is left out.`,
      );
  }
  const found = follow(scope.document, value, place);
  if (found === undefined) {
    if (asObject(value) !== undefined)
      scope.report('reference-not-found', place, 'The schema refers to nothing.');
    return {};
  }
  if (depth > MAX_DEPTH) return {};
  const { object: schema, place: at } = found;
  const out: JsonObject = {};
  const type = readType(schema, at, scope.report);
  const name = type.name ?? impliedType(schema, type.values);
  if (name !== undefined) out.type = name;
  if (type.format !== undefined) out.format = type.format;
  for (const key of KEPT) {
    const item = own(schema, key);
    if (item !== undefined && PLAIN_KEYWORDS[key]?.(item) === true && !holdsReference(item)) out[key] = item;
  }
  const dropped: string[] = [];
  Object.assign(out, readBounds(schema, dropped));
  for (const key of [...lostKeywords(schema, out), ...dropped]) scope.lose(key, at);
  if (type.nullable) scope.lose('null', at);
  if (type.values !== undefined) out.enum = type.values;
  const items = own(schema, 'items');
  if (asObject(items) !== undefined) out.items = items ?? {};
  for (const [index, part] of asList(own(schema, 'allOf')).entries()) {
    const inner = flatten(part, below(below(at, 'allOf'), index), scope, depth + 1);
    for (const key of Object.keys(inner)) out[key] ??= inner[key] ?? null;
  }
  for (const key of ['anyOf', 'oneOf']) mergeUnion(out, schema, key, at, scope, depth);
  return out;
}

/** A reference and what stands beside it, if anything does. */
function siblingsOf(
  value: Json | undefined,
): { readonly target: JsonObject; readonly rest: JsonObject } | undefined {
  const { $ref, ...rest } = asObject(value) ?? {};
  return typeof $ref === 'string' && Object.keys(rest).length > 0 ? { target: { $ref }, rest } : undefined;
}

/** Keywords that are read, and those of the parameter around a 2.0 schema, which is no schema of its own. */
const READ = words(
  'type nullable x-nullable enum const items allOf anyOf oneOf minimum maximum exclusiveMinimum exclusiveMaximum contentMediaType contentEncoding name in required description collectionFormat allowEmptyValue',
);

function lostKeywords(schema: JsonObject, out: JsonObject): string[] {
  return Object.keys(schema).filter((key) => {
    if (READ.has(key) || key.startsWith('x-') || (key === 'default' && schema.default === null)) return false;
    return !KEPT.includes(key) || out[key] === undefined;
  });
}

function mergeUnion(
  out: JsonObject,
  schema: JsonObject,
  key: string,
  at: Place,
  scope: SchemaScope,
  depth: number,
): void {
  const { branches } = splitNull(scope.document, asList(own(schema, key)));
  if (branches.length === 0) return;
  const flats = branches.map(({ value, index }) =>
    flatten(value, below(below(at, key), index), scope, depth + 1),
  );
  const shared = flats.length === 1 ? flats[0] : common(flats);
  for (const name of Object.keys(shared ?? {})) out[name] ??= shared?.[name] ?? null;
  if (flats.length > 1) {
    scope.report(
      'parameter-simplified',
      below(at, key),
      `The ${key} of ${flats.length} becomes ${asText(out.type) ?? 'string'}.`,
    );
  }
}

function common(flats: readonly JsonObject[]): JsonObject {
  const types = flats.map((flat) => asText(flat.type));
  if (types.includes('array')) return { type: 'array', items: { type: 'string' } };
  const type = commonType(types) ?? 'string';
  const values = flats.every((flat) => Array.isArray(flat.enum))
    ? distinct(flats.flatMap((flat) => asList(flat.enum)))
    : [];
  return values.length > 0 ? { type, enum: values } : { type };
}
