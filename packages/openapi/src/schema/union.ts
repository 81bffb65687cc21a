import { asList, asObject, asText, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { distinct } from '../model/references.ts';
import { valuesOf } from './type.ts';

/** A member of a union and its index there. */
export interface Branch {
  readonly value: Json;
  readonly index: number;
}

/** The members of a union that are more than null, and whether null is one: `anyOf: [X, {type: null}]`. */
export function splitNull(
  document: ApiDocument,
  union: readonly Json[],
): { readonly branches: readonly Branch[]; readonly nullable: boolean } {
  const branches = union
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => !isNull(document, value));
  return { branches, nullable: branches.length < union.length };
}

function isNull(document: ApiDocument, value: Json): boolean {
  const schema = follow(document, value, '#')?.object;
  if (schema === undefined) return false;
  if (own(schema, 'const') === null) return true;
  const values = own(schema, 'enum');
  if (Array.isArray(values)) return values.length > 0 && values.every((item) => item === null);
  return (
    schema.type === 'null' || (Array.isArray(schema.type) && schema.type.every((name) => name === 'null'))
  );
}

/** What all members of a union have in common, as far as Swagger 2.0 can say it: their type, or their values. */
export function sharedByAll(
  document: ApiDocument,
  members: readonly Json[],
): { readonly schema: JsonObject; readonly nullable: boolean } {
  const summaries = members.map((member) => summarise(document, member, 0));
  const nullable = summaries.some((summary) => summary.nullable);
  const type = commonType(summaries.map((summary) => summary.type));
  if (type === undefined) return { schema: {}, nullable };
  if (type === 'array') return { schema: { type, items: {} }, nullable };
  const values = summaries.map((summary) => summary.values);
  const merged = values.every((list) => list !== undefined)
    ? distinct(values.flatMap((list) => list ?? []))
    : [];
  const [format, ...formats] = summaries.map((summary) => summary.format);
  return {
    schema: {
      type,
      ...(format !== undefined && formats.every((other) => other === format) ? { format } : {}),
      ...(merged.length > 0 ? { enum: merged } : {}),
    },
    nullable,
  };
}

interface Summary {
  readonly type: string | undefined;
  readonly format: string | undefined;
  readonly values: Json[] | undefined;
  readonly nullable: boolean;
}

const UNKNOWN: Summary = { type: undefined, format: undefined, values: undefined, nullable: false };

function summarise(document: ApiDocument, member: Json, depth: number): Summary {
  const schema = follow(document, member, '#')?.object;
  if (schema === undefined || depth > 8) return UNKNOWN;
  const values = valuesOf(schema);
  const names =
    typeof schema.type === 'string'
      ? [schema.type]
      : asList(own(schema, 'type')).flatMap((name) => asText(name) ?? []);
  const nullable =
    names.includes('null') || own(schema, 'nullable') === true || own(schema, 'x-nullable') === true;
  const stated = commonType(names.filter((name) => name !== 'null'));
  const type = stated ?? impliedType(schema, values) ?? nestedType(document, schema, depth);
  return { type, format: asText(own(schema, 'format')), values, nullable };
}

function nestedType(document: ApiDocument, schema: JsonObject, depth: number): string | undefined {
  const everyOf = asList(own(schema, 'allOf')).map((item) => summarise(document, item, depth + 1).type);
  const known = everyOf.find((type) => type !== undefined);
  if (known !== undefined) return known;
  const union = [...asList(own(schema, 'anyOf')), ...asList(own(schema, 'oneOf'))];
  const { branches } = splitNull(document, union);
  return commonType(branches.map(({ value }) => summarise(document, value, depth + 1).type));
}

/** The type a schema without `type` can only mean. */
export function impliedType(schema: JsonObject, values: readonly Json[] | undefined): string | undefined {
  if (asObject(own(schema, 'properties')) !== undefined) return 'object';
  if (own(schema, 'items') !== undefined) return 'array';
  if (values === undefined || values.length === 0) return undefined;
  return commonType(values.map(typeOfValue));
}

function typeOfValue(value: Json): string | undefined {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? undefined : typeof value;
}

/** The one type that covers all, or undefined. */
export function commonType(types: readonly (string | undefined)[]): string | undefined {
  const [first] = types;
  if (types.every((type) => type === first)) return first;
  return types.every((type) => type === 'integer' || type === 'number') ? 'number' : undefined;
}
