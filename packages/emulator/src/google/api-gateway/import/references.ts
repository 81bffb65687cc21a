import { type Diagnostics, UNKNOWN_LOCATION } from './diagnostics.ts';
import { isObject, type JsonObject, objectOr } from './json.ts';

/** Refuses references out of the document, and 2.0's references to definitions there are none of. */
export function checkReferences(document: JsonObject, file: string, diagnostics: Diagnostics): void {
  for (const reference of new Set(referencesIn(document))) {
    if (!reference.startsWith('#/')) {
      diagnostics.error(
        `${file}: OpenAPI`,
        `External reference '${reference}' is not supported. Only references within the OpenAPI document are allowed.`,
      );
    } else if (reference.startsWith('#/definitions/') && document.definitions === undefined) {
      diagnostics.error(
        file,
        `Reference path ${reference} found, but no Definitions section in OpenApi File.`,
      );
    }
  }
}

/**
 * Refuses 2.0 definitions that stand for themselves: arrays, maps and plain references have no message type
 * of their own, so a circle through one, entered there first in alphabetical order, cannot be built.
 */
export function checkCircularDefinitions(document: JsonObject, diagnostics: Diagnostics): void {
  const definitions = objectOr(document.definitions);
  const started = new Set<string>();
  const open = new Set<string>();
  const enter = (name: string): void => {
    if (open.has(name)) {
      diagnostics.error(UNKNOWN_LOCATION, `Invalid circular reference detected for type '${name}'`);
      return;
    }
    const definition = definitions[name];
    if (started.has(name) || !isObject(definition)) return;
    started.add(name);
    const alias = isAlias(definition);
    if (alias) open.add(name);
    for (const next of directReferences(definition)) enter(next);
    if (alias) open.delete(name);
  };
  for (const name of Object.keys(definitions).sort()) enter(name);
}

function isAlias(definition: JsonObject): boolean {
  if (definition.$ref !== undefined || definition.type === 'array') return true;
  return isObject(definition.additionalProperties) && definition.properties === undefined;
}

/** Names of the definitions a schema's type is made of; composed schemas become free-form values and are not looked into. */
function directReferences(schema: JsonObject, depth = 0): string[] {
  if (depth > 100) return [];
  if (typeof schema.$ref === 'string') {
    const name = /^#\/definitions\/(.+)$/.exec(schema.$ref)?.[1];
    return name === undefined ? [] : [name];
  }
  if (schema.allOf !== undefined) return [];
  return [schema.items, schema.additionalProperties, ...Object.values(objectOr(schema.properties))]
    .filter(isObject)
    .flatMap((part) => directReferences(part, depth + 1));
}

/** Every `$ref` of a document; one that is a property's name, not a reference, has no string. */
function referencesIn(document: JsonObject): string[] {
  const found: string[] = [];
  const seen = new Set<object>();
  const pending: unknown[] = [document];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, child] of Object.entries(value)) {
      if (key === '$ref' && typeof child === 'string') found.push(child);
      // Examples are data: a `$ref` in one refers to nothing.
      else if (key !== 'example' && key !== 'examples' && !key.startsWith('x-')) pending.push(child);
    }
  }
  return found;
}
