import { asObject, type Json, type JsonObject } from '../json.ts';
import { below, escapeKey } from '../place.ts';

/** A `$ref`; where it stands is worked out when it is asked for. */
export type VisitReference = (reference: string, place: () => string) => void;

const SAMPLES = new Set(['example', 'default', 'enum', 'const', 'value']);
const NAMES = new Set([
  'properties',
  'definitions',
  'schemas',
  'parameters',
  'responses',
  'headers',
  'examples',
]);

/** Visits every reference of a document. A `$ref` in a sample or an extension is data, one below `properties` is a name. */
export function visitReferences(root: Json, home: string, visit: VisitReference): void {
  const keys: string[] = [];
  const walk = (value: Json[] | JsonObject, names: boolean): void => {
    const all = names || Array.isArray(value);
    for (const key in value) {
      const item = (value as JsonObject)[key] ?? null;
      if (key === '$ref' && !all && typeof item === 'string') {
        const at = [...keys];
        visit(item, () => below([home, ...at.map(escapeKey)].join('/'), key));
      }
      if (typeof item !== 'object' || item === null) continue;
      if (!all && (SAMPLES.has(key) || key.startsWith('x-'))) continue;
      keys.push(key);
      walk(item, !all && NAMES.has(key) && !Array.isArray(item));
      keys.pop();
    }
  };
  if (typeof root === 'object' && root !== null) walk(root, false);
}

/** The references in a value, without their places. */
export function referencesIn(value: Json): readonly string[] {
  const found: string[] = [];
  if (asObject(value) !== undefined || Array.isArray(value))
    visitReferences(value, '#', (reference) => found.push(reference));
  return found;
}
