import { describe, expect, it } from 'vitest';
import { api, convert, operation } from '../../../test/convert.ts';
import { checkOpenapi3 } from '../../check/openapi3.ts';
import type { JsonObject } from '../../json.ts';

function errors(source: JsonObject): readonly string[] {
  const { json, diagnostics } = convert(source, { dialect: 'openapi3' });
  // What is emitted in spite of the errors leads nowhere that is not there.
  expect(checkOpenapi3(json)).toEqual([]);
  return diagnostics.flatMap(({ severity, code, pointer }) =>
    severity === 'error' ? [`${code} ${pointer}`] : [],
  );
}

const self = (kind: string): JsonObject => ({ $ref: `#/components/${kind}/x` });

describe('broken references in OpenAPI 3', () => {
  it('says which lead back to themselves', () => {
    const post = operation({
      operationId: 'p',
      requestBody: self('requestBodies'),
      responses: { 200: self('responses') },
    });
    const components = {
      requestBodies: { x: self('requestBodies') },
      responses: { x: self('responses') },
      schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } },
    };
    expect(errors(api({ '/p': { post } }, { components }))).toEqual(
      expect.arrayContaining([
        'circular-reference /paths/~1p/post/requestBody/$ref',
        'circular-reference /paths/~1p/post/responses/200/$ref',
        'circular-reference /components/schemas/A/$ref',
      ]),
    );
  });

  it('says which lead to a thing of another kind', () => {
    const content = { 'application/json': { schema: { $ref: '#/components/responses/r' } } };
    const get = operation({ operationId: 'a', responses: { 200: { description: '', content } } });
    const components = { responses: { r: { description: '' } } };
    expect(errors(api({ '/a': { get } }, { components }))).toEqual([
      'reference-kind /paths/~1a/get/responses/200/content/application~1json/schema/$ref',
    ]);
  });

  it('takes properties that are called like kinds for what they are', () => {
    const leaf = { $ref: '#/components/schemas/L' };
    const properties = {
      headers: { additionalProperties: leaf },
      responses: { items: leaf },
      parameters: leaf,
    };
    const components = { schemas: { L: { type: 'string' }, S: { type: 'object', properties } } };
    expect(errors(api({ '/a': { get: operation({ operationId: 'a' }) } }, { components }))).toEqual([]);
  });

  it('finds those of a default response, and beside what is no object', () => {
    const content = { 'application/json': { schema: { $ref: '#/nowhere' } } };
    const get = operation({ operationId: 'a', responses: { default: { description: '', content } } });
    const components = { schemas: { A: 'text' as never, B: { $ref: '#/components/schemas/C' } } };
    expect(errors(api({ '/a': { get } }, { components }))).toEqual([
      'reference-not-found /paths/~1a/get/responses/default/content/application~1json/schema/$ref',
      'reference-not-found /components/schemas/B/$ref',
    ]);
  });
});
