import { inWords, type Json, type JsonObject, own, sameJson } from '../json.ts';

/** Bounds by the side on which they stand. */
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'];
const OTHERS = [
  'pattern',
  'format',
  'multipleOf',
  'uniqueItems',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedItems',
  'unevaluatedProperties',
  'prefixItems',
  'contentMediaType',
  'contentEncoding',
  'contentSchema',
];

/** Compares what a value is held to: of callers no more may be asked than before, and to them no more may be sent. */
export function compareLimits(
  old: JsonObject,
  now: JsonObject,
  way: 'request' | 'response',
  label: string,
  say: (text: string, breaking: boolean) => void,
): void {
  const tell = (key: string, tighter: boolean | undefined): void => {
    const [from, to] = [own(old, key), own(now, key)];
    const words = `${label}: ${key} ${shown(from)} → ${shown(to)}`;
    say(words, way === 'request' ? tighter !== false : tighter === false);
  };
  for (const [keys, sign] of [
    [LOWER, 1],
    [UPPER, -1],
  ] as const)
    for (const key of keys) {
      const [from, to] = [own(old, key), own(now, key)];
      if (sameJson(from, to)) continue;
      if (typeof from === 'number' && typeof to === 'number') tell(key, (to - from) * sign > 0);
      else tell(key, to === true || (to !== undefined && to !== false));
    }
  for (const key of OTHERS) {
    // `false` and an empty text, such as a pattern that anything fits, hold a value to nothing.
    const [from, to] = [old, now].map((schema) => own(schema, key) || undefined);
    if (sameJson(from, to)) continue;
    // Whether another pattern takes more or less, nobody can say.
    const tighter = to === undefined ? false : from === undefined ? true : undefined;
    tell(key, tighter);
  }
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const text = inWords(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
