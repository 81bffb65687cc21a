import type { Json } from '../json.ts';
import { below } from '../place.ts';

/** A `$ref` and where it stands. */
export interface Reference {
  readonly reference: string;
  readonly place: string;
}

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

/** Every reference of a document. A `$ref` in a sample or an extension is data, one below `properties` is a name. */
export function referencesIn(root: Json, home: string): readonly Reference[] {
  const found: Reference[] = [];
  const pending: { value: Json; place: string; names: boolean }[] = [
    { value: root, place: home, names: false },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, place, names } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      const at = below(place, key);
      if (names || Array.isArray(value)) pending.push({ value: item, place: at, names: false });
      else if (key === '$ref' && typeof item === 'string') found.push({ reference: item, place: at });
      else if (!SAMPLES.has(key) && !key.startsWith('x-'))
        pending.push({ value: item, place: at, names: NAMES.has(key) && !Array.isArray(item) });
    }
  }
  return found.reverse();
}
