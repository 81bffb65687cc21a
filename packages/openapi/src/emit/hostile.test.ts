import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { documentPairs } from '../../test/pairs/documents.ts';
import { messagePairs } from '../../test/pairs/messages.ts';
import { parameterPairs } from '../../test/pairs/parameters.ts';
import { pathPairs } from '../../test/pairs/paths.ts';
import { schemaPairs } from '../../test/pairs/schemas.ts';
import { securityPairs } from '../../test/pairs/security.ts';
import { checkOpenapi3 } from '../check/openapi3.ts';
import { checkSwagger2 } from '../check/swagger2.ts';
import type { Json, JsonObject } from '../json.ts';
import { emit } from './emit-source.ts';

/** What may stand anywhere in a document that somebody made up. */
const JUNK: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1.5,
  '',
  'x',
  '#/nowhere',
  [],
  [null],
  ['x', 7],
  {},
  { $ref: '#' },
  { $ref: '#/paths' },
  { $ref: '#/components/schemas/S' },
  { $ref: 7 },
  { type: 'array' },
  { constructor: 1, toString: {} },
  [{ $ref: '#/components/schemas/S' }, {}],
];

const SOURCES = [
  ...[documentPairs, messagePairs, parameterPairs, pathPairs, schemaPairs, securityPairs].flatMap((pairs) =>
    pairs.filter(({ odd }) => odd !== true).map(({ source }) => source),
  ),
  ...['fastapi-0.92.json', 'fastapi-0.165.json'].map(
    (name): JsonObject =>
      JSON.parse(readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8')),
  ),
];

describe('a document with junk in it', () => {
  it.each(['swagger2', 'openapi3'] as const)(
    'is never a crash, nor taken to be what it is not, as %s',
    async (dialect) => {
      const random = generator(20261121);
      const faults: string[] = [];
      const validator = new Validator();
      for (let round = 0; round < 5000; round += 1) {
        const source = mutated(SOURCES[Math.floor(random() * SOURCES.length)] ?? {}, random);
        const text = JSON.stringify(source);
        const emitted = emit(text, { dialect, backend: 'https://app.example', apiKey: true });
        if (emitted.document === undefined) continue;
        if (emitted.diagnostics.some(({ severity }) => severity === 'error')) continue;
        const violations = (dialect === 'swagger2' ? checkSwagger2 : checkOpenapi3)(emitted.document);
        if (violations.length > 0) faults.push(`${violations[0]?.message}: ${text}`);
        const again = emit(emitted.text, { dialect, backend: 'https://app.example', apiKey: true });
        if (again.text !== emitted.text) faults.push(`not the same again: ${text}`);
        // The validator takes a property called $ref for a reference, and reads names off the prototype.
        if (dialect === 'openapi3' || /toString|"properties":\{"\$ref|"items":\{"\$ref":7/.test(text))
          continue;
        const { valid, errors } = await validator.validate(structuredClone(emitted.document));
        if (!valid) faults.push(`${JSON.stringify(errors)}: ${text}`);
      }
      expect(faults.slice(0, 3)).toEqual([]);
    },
    60_000,
  );
});

/** The document with one to three of its values replaced by junk. */
function mutated(source: JsonObject, random: () => number): Json {
  const copy = structuredClone(source);
  const holders: (Json[] | JsonObject)[] = [];
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    holders.push(value);
    for (const item of Object.values(value)) visit(item);
  };
  visit(copy);
  for (let nth = 0; nth < 1 + random() * 3; nth += 1) {
    const holder = holders[Math.floor(random() * holders.length)] ?? copy;
    const keys = Object.keys(holder);
    const key = keys[Math.floor(random() * keys.length)] ?? 'x';
    const junk = structuredClone(JUNK[Math.floor(random() * JUNK.length)] ?? null);
    if (Array.isArray(holder)) holder[Number(key) || 0] = junk;
    else holder[key] = junk;
  }
  return copy;
}

/** mulberry32: the same numbers on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
