import SwaggerParser from '@apidevtools/swagger-parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { checkOpenapi3 } from '../../src/check/openapi3.ts';
import { checkSwagger2 } from '../../src/check/swagger2.ts';
import { asObject, type Json, type JsonObject } from '../../src/json.ts';
import { convert } from '../convert.ts';
import { documentPairs } from './documents.ts';
import { messagePairs } from './messages.ts';
import { parameterPairs } from './parameters.ts';
import { pathPairs } from './paths.ts';
import { schemaPairs } from './schemas.ts';
import { securityPairs } from './security.ts';

describe.each([
  ['documents', documentPairs],
  ['messages', messagePairs],
  ['parameters', parameterPairs],
  ['paths', pathPairs],
  ['schemas', schemaPairs],
  ['security', securityPairs],
])('minimal pairs of %s', (_, pairs) => {
  it.each(pairs.map((pair) => [pair.name, pair] as const))('%s', async (_name, pair) => {
    const old = convert(pair.source, { ...pair.options, dialect: 'swagger2' });
    const current = convert(pair.source, { ...pair.options, dialect: 'openapi3' });
    const refused = pair.says?.some((code) => code.startsWith('error')) === true;
    expect(old.codes).toEqual(expect.arrayContaining([...(pair.says ?? [])]));
    expect(old.codes.some((code) => code.startsWith('error'))).toBe(refused);
    expect(current.codes.some((code) => code.startsWith('error'))).toBe(refused);
    // What is refused is valid all the same: nobody meets an error of ours by way of another tool.
    expect(checkSwagger2(old.json)).toEqual([]);
    expect(checkOpenapi3(current.json)).toEqual([]);
    await validate(old.json, pair.odd);
    // OpenAPI 3 is kept as it is written, with its faults.
    if ((await validator.validate(structuredClone(pair.source))).valid)
      await validate(current.json, pair.odd);
    if (refused) return;
    for (const [path, value] of pair.holds ?? []) expect([path, at(old.json, path)]).toEqual([path, value]);
  });
});

const validator = new Validator();

/** By two validators that know nothing of each other, nor of Google's `{name=**}`. */
async function validate(document: JsonObject, odd = false): Promise<void> {
  const plain = (): JsonObject => JSON.parse(JSON.stringify(document).replaceAll('=**}', '}'));
  // The first takes a property that is called $ref for a reference.
  if (!odd) expect((await validator.validate(plain())).errors).toBeUndefined();
  await SwaggerParser.validate(plain() as never);
}

function at(document: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = document;
  // A key may have dots of its own, but none of ours that is a name does.
  for (const key of path.split('.'))
    value = Array.isArray(value) ? value[Number(key)] : asObject(value)?.[key];
  return value;
}
