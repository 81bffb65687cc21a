import { asObject, asText, type Json, type JsonObject, own } from '../json.ts';

/**
 * Compares by which property the members of a union are told apart, and by which of its values. What callers send goes
 * amiss when the property has another name, or a value means nothing any more or something else; what they get, when the
 * property has another name.
 */
export function compareDiscriminators(
  before: JsonObject,
  after: JsonObject,
  way: 'request' | 'response',
  label: string,
  say: (text: string, breaking: boolean) => void,
): void {
  const [old, now] = [read(before), read(after)];
  if (old === undefined || now === undefined) {
    if (old !== undefined) say(`${label}: discriminator ${old.property} removed`, false);
    if (now !== undefined) say(`${label}: discriminator ${now.property} added`, false);
    return;
  }
  if (old.property !== now.property) say(`${label}: discriminator ${old.property} → ${now.property}`, true);
  for (const [value, kind] of old.mapping) {
    const same = now.mapping.get(value);
    if (same === undefined) say(`${label}: discriminator value ${value} removed`, way === 'request');
    else if (same !== kind)
      say(`${label}: discriminator value ${value}: ${kind} → ${same}`, way === 'request');
  }
  for (const value of now.mapping.keys())
    if (!old.mapping.has(value)) say(`${label}: discriminator value ${value} added`, false);
}

/** In 2.0 it is the property's name, in 3.x an object; schemas go by the last part of their references. */
function read(schema: JsonObject): { property: string; mapping: ReadonlyMap<string, string> } | undefined {
  const stated = own(schema, 'discriminator');
  const property = asText(stated) ?? asText(own(asObject(stated), 'propertyName'));
  if (property === undefined) return undefined;
  const mapping = Object.entries(asObject(own(asObject(stated), 'mapping')) ?? {});
  const nameOf = (target: Json) => (asText(target) ?? '').split('/').at(-1) ?? '';
  return { property, mapping: new Map(mapping.map(([value, target]) => [value, nameOf(target)])) };
}
