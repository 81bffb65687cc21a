import { asObject, type Json, type JsonObject, own } from '../json.ts';
import { referencesIn } from './references.ts';

/**
 * The definitions at which Google's importer gives up: it builds a type for each, and one that only stands for another
 * (a list, a map, a reference) cannot be built while it is being built. What stands in allOf it does not build.
 */
export function circularDefinitions(definitions: JsonObject): readonly string[] {
  const targets = new Map<string, readonly string[]>();
  const targetsOf = (name: string): readonly string[] => {
    const known = targets.get(name) ?? namesIn(own(definitions, name));
    targets.set(name, known);
    return known;
  };
  return Object.keys(definitions).filter((name) => {
    if (!standsForAnother(definitions[name])) return false;
    const reached = new Set<string>();
    const pending = [...targetsOf(name)];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      pending.push(...targetsOf(next));
    }
    return reached.has(name);
  });
}

/** Whether a schema has no message type of its own. */
export function standsForAnother(value: Json | undefined): boolean {
  const schema = asObject(value) ?? {};
  if (schema.allOf !== undefined) return false;
  const map = asObject(schema.additionalProperties) !== undefined && schema.properties === undefined;
  return map || schema.type === 'array' || typeof schema.$ref === 'string';
}

function namesIn(value: Json | undefined): readonly string[] {
  return referencesIn(withoutAllOf(value ?? null)).map((reference) =>
    reference.slice('#/definitions/'.length),
  );
}

/** The parts of a schema that a type is built from. */
function withoutAllOf(value: Json): Json {
  const schema = asObject(value);
  if (schema === undefined) return value;
  if (schema.allOf !== undefined) return {};
  const { $ref, items, additionalProperties, properties } = schema;
  const members = Object.entries(asObject(properties) ?? {}).map(([name, member]) => [
    name,
    withoutAllOf(member),
  ]);
  return {
    ...($ref === undefined ? {} : { $ref }),
    ...(items === undefined ? {} : { items: withoutAllOf(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: withoutAllOf(additionalProperties) }),
    ...(members.length === 0 ? {} : { properties: Object.fromEntries(members) }),
  };
}
