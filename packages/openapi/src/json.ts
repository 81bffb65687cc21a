/** A JSON value. Documents are plain data: no class instances, no cycles. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object; reading a key that is absent gives undefined. */
export interface JsonObject {
  [key: string]: Json;
}

/** The value as an object, or undefined when it is anything else. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The value as an array; anything else is the empty array. */
export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string, or undefined when it is anything else. */
export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Any value in words: a string as it is, all else as JSON. A document may call a field `toString`. */
export function inWords(value: Json | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

/** The strings of an array, in order, each once. */
export function asTexts(value: Json | undefined): string[] {
  return [...new Set(asList(value).filter((item) => typeof item === 'string'))];
}

/** An own property. Names such as `constructor` and `toString` are ordinary keys in a document. */
export function own(object: JsonObject | undefined, key: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Whether a field is an extension of Google's, which is translated and not carried over. */
export function isGoogles(key: string): boolean {
  return key.startsWith('x-google-') || key === 'x-security';
}

/**
 * The extension fields (`x-…`) of an object, but not Google's, which are translated one by one, and not those that
 * hold references: nothing is known of what they mean, and left as they are they would lead nowhere.
 */
export function extensionsOf(object: JsonObject): JsonObject {
  const extensions: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    if (key.startsWith('x-') && !isGoogles(key) && !holdsReference(value)) extensions[key] = value;
  }
  return extensions;
}

/** Whether a `$ref` stands anywhere in a value. */
export function holdsReference(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsReference);
  return Object.entries(value).some(
    ([key, item]) => (key === '$ref' && typeof item === 'string') || holdsReference(item),
  );
}

/** Whether two values are the same JSON, whatever the order of their keys. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, item: Json) => {
    const object = asObject(item);
    return object === undefined ? item : Object.fromEntries(Object.entries(object).sort(byKey));
  });
}

function byKey([a]: [string, Json], [b]: [string, Json]): number {
  return a < b ? -1 : 1;
}

/** The version of an API, which YAML reads as a number where it looks like one. */
export function versionOf(info: JsonObject): string {
  const { version } = info;
  return typeof version === 'string' || typeof version === 'number' ? String(version) : '1.0.0';
}
