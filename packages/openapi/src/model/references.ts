import { type Json, type JsonObject, sameJson } from '../json.ts';
import { below, type Place } from '../place.ts';

/** What stands in place of a reference: the same object to leave it, another value to replace it. */
export type Replace = (holder: JsonObject, reference: string, place: Place) => Json;

/**
 * The value with every reference object replaced, sharing what does not change. Knows where a `$ref` is only data:
 * in examples, defaults, enums and extensions; and that below `properties` and its like a key is a name, so that a
 * property called `$ref` or `example` is what it looks like.
 */
export function replaceReferences(value: Json, place: Place, replace: Replace, names = false): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return replaceInList(value, place, replace);
  // Of a thing that is called $ref, the value is never a text.
  if (typeof value.$ref === 'string' && Object.hasOwn(value, '$ref')) {
    const replaced = replace(value, value.$ref, below(place, '$ref'));
    if (replaced !== value) return replaced;
  }
  let copy: JsonObject | undefined;
  for (const key of Object.keys(value)) {
    const item = value[key] ?? null;
    if (typeof item !== 'object' || item === null || (!names && isData(key, item))) continue;
    const next = replaceReferences(item, below(place, key), replace, !names && NAME_MAPS.has(key));
    if (next === item) continue;
    copy ??= { ...value };
    copy[key] = next;
  }
  return copy ?? value;
}

function replaceInList(list: Json[], place: Place, replace: Replace): Json[] {
  let copy: Json[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index] ?? null;
    const next = replaceReferences(item, below(place, index), replace);
    if (next === item) continue;
    copy ??= [...list];
    copy[index] = next;
  }
  return copy ?? list;
}

/** Keys whose value maps names to things, so that the keys below it are names and not keywords. */
export const NAME_MAPS = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
  'schemas',
  'responses',
  'parameters',
  'examples',
  'requestBodies',
  'headers',
  'securitySchemes',
  'links',
  'callbacks',
  'pathItems',
  'paths',
  'webhooks',
  'content',
  'encoding',
]);

/** Whether what a key holds is data, in which a keyword is only a word. */
export function isData(key: string, value: Json): boolean {
  if (key === 'examples') return Array.isArray(value);
  return (
    key === 'example' ||
    key === 'default' ||
    key === 'enum' ||
    key === 'const' ||
    key === 'value' ||
    key.startsWith('x-')
  );
}

/** A name of a schema as every consumer of references takes it, kept apart from the names that are taken. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const clean = wanted.replaceAll(/[^A-Za-z0-9._-]+/g, '_') || 'Schema';
  if (!taken.has(clean)) return clean;
  for (let nth = 2; ; nth += 1) {
    if (!taken.has(`${clean}_${nth}`)) return `${clean}_${nth}`;
  }
}

/** The values without repetition, compared as JSON. */
export function distinct(values: readonly Json[]): Json[] {
  if (values.every((value) => typeof value !== 'object')) return [...new Set(values)];
  return values.filter((value, index) => values.findIndex((other) => sameJson(other, value)) === index);
}
