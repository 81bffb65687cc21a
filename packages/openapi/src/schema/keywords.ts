import type { Json } from '../json.ts';

/** Keywords of a Swagger 2.0 schema that hold a plain value, each with what its value must be. */
export const PLAIN_KEYWORDS: Readonly<Record<string, (value: Json) => boolean>> = {
  title: isText,
  description: isText,
  format: isText,
  default: (value) => value !== null,
  example: () => true,
  multipleOf: (value) => typeof value === 'number' && value > 0,
  maximum: isNumber,
  minimum: isNumber,
  maxLength: isCount,
  minLength: isCount,
  maxItems: isCount,
  minItems: isCount,
  maxProperties: isCount,
  minProperties: isCount,
  uniqueItems: isFlag,
  readOnly: isFlag,
  pattern: isPlainPattern,
};

/** Keywords that say something about a value without restricting it. */
export const ANNOTATIONS = new Set([
  'title',
  'description',
  'default',
  'example',
  'readOnly',
  'externalDocs',
  'xml',
]);

/** The order of keywords in what is emitted. */
const ORDER = [
  'type',
  ...Object.keys(PLAIN_KEYWORDS),
  'exclusiveMinimum',
  'exclusiveMaximum',
  'enum',
  'required',
  'properties',
  'additionalProperties',
  'items',
  'allOf',
  'discriminator',
  'xml',
  'externalDocs',
];
const RANKS = new Map(ORDER.map((key, index) => [key, index]));

/** The same schema, keywords in a fixed order, extensions last. */
export function inOrder<T extends Json>(schema: Record<string, T>): Record<string, T> {
  const keys = Object.keys(schema);
  if (keys.length < 2) return schema;
  keys.sort((a, b) => (RANKS.get(a) ?? ORDER.length) - (RANKS.get(b) ?? ORDER.length));
  const ordered: Record<string, T> = {};
  for (const key of keys) ordered[key] = schema[key] as T;
  return ordered;
}

/**
 * A pattern that Google's importer reads too. It has a Java port of an old ECMAScript engine: no lookbehind, no
 * named groups, no \A \Z, no inline flags, no \p{…}.
 */
function isPlainPattern(value: Json): boolean {
  if (typeof value !== 'string' || /\(\?(?![:=!])|\\[AZzpPk]/.test(value)) return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}

function isText(value: Json): boolean {
  return typeof value === 'string';
}

function isNumber(value: Json): boolean {
  return typeof value === 'number';
}

function isCount(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isFlag(value: Json): boolean {
  return typeof value === 'boolean';
}
