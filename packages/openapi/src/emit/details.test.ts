import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { api, convert, operation, withSchema } from '../../test/convert.ts';
import type { JsonObject } from '../json.ts';
import { readDocument } from '../read/read-document.ts';

describe('details that were lost', () => {
  it('keeps a local host out of the servers', () => {
    const source = {
      swagger: '2.0',
      info: { title: 'T', version: '1' },
      host: 'localhost:8080',
      basePath: '/v1',
      paths: { '/a': { get: operation({ operationId: 'a' }) } },
    };
    const { json, codes } = convert(source, { dialect: 'openapi3' });
    expect(json.servers).toEqual([{ url: '/v1', 'x-google-endpoint': {} }]);
    expect(codes).toContain('note servers-dropped');
    const { basePath: _, ...bare } = source;
    expect(convert(bare, { dialect: 'openapi3' }).json.servers).toBeUndefined();
  });

  it('brings shared bodies and form fields into the operations that name them, and nowhere else', async () => {
    const source = {
      swagger: '2.0',
      info: { title: 'T', version: '1' },
      parameters: {
        user: { name: 'user', in: 'formData', required: true, type: 'string' },
        page: { name: 'page', in: 'query', type: 'integer' },
      },
      paths: {
        '/a': {
          post: operation({
            operationId: 'a',
            consumes: ['application/x-www-form-urlencoded'],
            parameters: [{ $ref: '#/parameters/user' }, { $ref: '#/parameters/page' }],
          }),
        },
      },
    };
    const { json } = convert(source, { dialect: 'openapi3' });
    expect(Object.keys(json.components as JsonObject)).toEqual(['parameters']);
    expect(json).toHaveProperty(['components', 'parameters'], {
      page: { name: 'page', in: 'query', schema: { type: 'integer' } },
    });
    const form = ['requestBody', 'content', 'application/x-www-form-urlencoded', 'schema', 'required'];
    expect(json).toHaveProperty(['paths', '/a', 'post', ...form], ['user']);
    expect((await new Validator().validate(structuredClone(json))).errors).toBeUndefined();
  });

  it('labels content of 3.1 as such, flags of 3.0 translated', async () => {
    const schema = {
      type: 'object',
      properties: {
        a: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
        b: { type: 'string', nullable: true },
        c: { type: 'number', minimum: 1, exclusiveMinimum: true },
      },
    };
    const { json, codes } = convert(withSchema(schema, {}, '3.0.3'), { dialect: 'openapi3' });
    expect(codes).toContain('warning version-content');
    expect(json.openapi).toBe('3.1.0');
    expect(json).toHaveProperty(['components', 'schemas', 'S', 'properties'], {
      a: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      b: { type: ['string', 'null'] },
      c: { type: 'number', exclusiveMinimum: 1 },
    });
    expect((await new Validator().validate(structuredClone(json))).errors).toBeUndefined();
    expect(convert(json, { dialect: 'openapi3' }).json).toEqual(json);
    const plain = withSchema({ type: 'string', nullable: true }, {}, '3.0.3');
    expect(convert(plain, { dialect: 'openapi3' }).json.openapi).toBe('3.0.3');
  });

  it.each(['basic', 'digest'])('maps no HTTP %s to an issuer of tokens', (scheme) => {
    const components = { securitySchemes: { b: { type: 'http', scheme } } };
    const source = api(
      { '/a': { get: operation({ operationId: 'a', security: [{ b: [] }] }) } },
      { components },
    );
    for (const dialect of ['swagger2', 'openapi3'] as const) {
      const jwt = [{ scheme: 'b', issuer: 'https://i.example' }];
      expect(convert(source, { dialect, jwt }).codes).toContain('error jwt-mapping-unfit');
    }
  });

  it('keeps no schema for a body that is dropped, and components in one order', () => {
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/P' } } };
    const get = operation({ operationId: 'a', requestBody: { content } });
    const source = api({ '/a': { get } }, { components: { schemas: { P: { type: 'object' } } } });
    const { json } = convert(source);
    expect(json.definitions).toBeUndefined();
    expect(convert(json).json).toEqual(json);
    const shared = { description: '', content: { 'text/plain': { schema: { type: 'string' } } } };
    const paths = {
      '/a': { get: operation({ operationId: 'a', responses: { 200: { $ref: '#/x-shared/r' } } }) },
      '/b': {
        get: operation({
          operationId: 'b',
          parameters: [{ name: 'q', in: 'query', schema: { $ref: '#/x-shared/s' } }],
        }),
      },
    };
    const first = convert(api(paths, { 'x-shared': { r: shared, s: { type: 'string' } } }), {
      dialect: 'openapi3',
    });
    expect(convert(first.emitted.contents, { dialect: 'openapi3' }).emitted.contents).toBe(
      first.emitted.contents,
    );
  });

  it.each(['3.1.0', '3.0.3'])('keeps a default beside a $ref, or says that it is lost: %s', (openapi) => {
    const schema = { $ref: '#/components/schemas/C', default: 'red' };
    const get = operation({ operationId: 'a', parameters: [{ name: 'c', in: 'query', schema }] });
    const components = { schemas: { C: { type: 'string', enum: ['red', 'green'] } } };
    const { json, codes } = convert({ ...api({ '/a': { get } }, { components }), openapi });
    const parameter = (json as { paths: { '/a': { get: { parameters: JsonObject[] } } } }).paths['/a'].get
      .parameters[0];
    if (openapi === '3.1.0') expect(parameter).toMatchObject({ enum: ['red', 'green'], default: 'red' });
    else expect(codes).toContain('note reference-siblings-dropped');
  });

  it('keeps what the members of a union of objects share', () => {
    const member = (kind: string): JsonObject => ({
      type: 'object',
      required: ['id', kind],
      properties: {
        id: { type: 'string' },
        note: { $ref: '#/components/schemas/N' },
        [kind]: { type: 'integer' },
      },
    });
    const { json } = convert(
      withSchema({ oneOf: [member('cat'), member('dog')] }, { N: { type: 'string', maxLength: 9 } }),
    );
    expect(json).toHaveProperty(['definitions', 'S'], {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string' }, note: { $ref: '#/definitions/N' } },
    });
    expect(convert(json).json).toEqual(json);
  });

  it('says that an operation without responses gets a default one', () => {
    const source = { ...api({ '/a': { get: { operationId: 'a' } } }), openapi: '3.0.3' };
    for (const dialect of ['swagger2', 'openapi3'] as const) {
      const { json, codes } = convert(source, { dialect });
      expect(codes).toContain('note responses-added');
      expect(json).toHaveProperty(['paths', '/a', 'get', 'responses', 'default']);
    }
  });

  it('refuses a second YAML document', () => {
    const text = 'openapi: 3.1.0\npaths: {}\n---\nopenapi: 3.1.0\n';
    expect(readDocument({ path: 'openapi.yaml', text }).diagnostics).toMatchObject([
      { code: 'syntax', message: expect.stringContaining('more than one YAML document'), line: 3 },
    ]);
  });
});
