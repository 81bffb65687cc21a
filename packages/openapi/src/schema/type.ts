import type { Report } from '../diagnostic.ts';
import { asList, asText, holdsReference, type Json, type JsonObject, own } from '../json.ts';
import { distinct } from '../model/references.ts';
import { below, type Place } from '../place.ts';

/** The type of a schema in Swagger 2.0's words. */
export interface SchemaType {
  readonly name: string | undefined;
  readonly format: string | undefined;
  /** The values of enum or const, without null. */
  readonly values: Json[] | undefined;
  readonly nullable: boolean;
}

const TYPES = new Set(['array', 'boolean', 'integer', 'number', 'object', 'string']);

/** Reads `type`, `nullable`, `enum`, `const` and the content keywords of 3.1, which together say what a value is. */
export function readType(schema: JsonObject, place: Place, report: Report): SchemaType {
  const values = valuesOf(schema);
  const { names, nullable } = typesOf(schema, place, report);
  const name = names.length === 1 ? names[0] : widest(names);
  if (names.length > 1) {
    report(
      'union-simplified',
      below(place, 'type'),
      `The types ${names.join(', ')} become ${name ?? 'any'}.`,
    );
  }
  const binary = own(schema, 'format') === undefined ? contentFormat(schema) : undefined;
  return {
    name,
    format: schema.type === 'file' ? 'binary' : binary,
    values: values === undefined || values.length === 0 ? undefined : values,
    nullable:
      nullable || own(schema, 'nullable') === true || own(schema, 'const') === null || hasNull(schema),
  };
}

function typesOf(
  schema: JsonObject,
  place: Place,
  report: Report,
): { readonly names: readonly string[]; readonly nullable: boolean } {
  const stated = own(schema, 'type');
  if (stated === undefined) return { names: [], nullable: false };
  if (stated === 'file') return { names: ['string'], nullable: false };
  const all =
    typeof stated === 'string' ? [stated] : [...new Set(asList(stated).map((name) => name ?? 'null'))];
  const names = all.flatMap((name) => (typeof name === 'string' && TYPES.has(name) ? [name] : []));
  if (names.length < all.filter((name) => name !== 'null').length || all.length === 0) {
    report('invalid-value', below(place, 'type'), `${JSON.stringify(stated)} is not a type.`);
  }
  return { names, nullable: all.includes('null') };
}

function widest(names: readonly string[]): string | undefined {
  return names.length > 0 && names.every((name) => name === 'integer' || name === 'number')
    ? 'number'
    : undefined;
}

/** The values of enum or const, each once, without null; undefined when neither is there. */
export function valuesOf(schema: JsonObject): Json[] | undefined {
  const constant = own(schema, 'const');
  if (constant !== undefined) return constant === null || holdsReference(constant) ? [] : [constant];
  const values = own(schema, 'enum');
  if (!Array.isArray(values)) return undefined;
  // A value that looks like a reference would be taken for one.
  return distinct(values.filter((value) => value !== null && !holdsReference(value)));
}

function hasNull(schema: JsonObject): boolean {
  // Where a type without null stands beside it, null in an enum can never be met.
  return own(schema, 'type') === undefined && asList(own(schema, 'enum')).includes(null);
}

/** `format` of what OpenAPI 3.1 describes by media type and encoding: https://spec.openapis.org/oas/v3.1.0#working-with-binary-data */
function contentFormat(schema: JsonObject): string | undefined {
  if (asText(own(schema, 'contentEncoding')) === 'base64') return 'byte';
  const media = asText(own(schema, 'contentMediaType'));
  return media === undefined || /json|^text\//.test(media) ? undefined : 'binary';
}
