import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { convert } from '../../test/convert.ts';
import { checkOpenapi3 } from '../check/openapi3.ts';
import { checkSwagger2 } from '../check/swagger2.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8');
}

const ROUTES = [
  'get / root__get',
  'post /predict predict_predict__post',
  'get /models/{name} model_models__name__get',
  'get /models/{name}/versions versions_models__name__versions__get',
  'post /upload upload_upload_post',
  'post /batch batch_batch_post',
];

describe.each(['fastapi-0.92.json', 'fastapi-0.165.json'])('the document of %s', (name) => {
  it.each(['swagger2', 'openapi3'] as const)('is valid in %s, and keeps its routes', async (dialect) => {
    const { json, emitted, codes } = convert(fixture(name), { dialect, apiKey: true });
    expect(codes.filter((code) => code.startsWith('error'))).toEqual([]);
    expect((await new Validator().validate(structuredClone(json))).errors).toBeUndefined();
    expect(dialect === 'swagger2' ? checkSwagger2(json) : checkOpenapi3(json)).toEqual([]);
    const routes = emitted.operations.map(
      ({ method, path, operationId }) => `${method} ${path} ${operationId}`,
    );
    expect(routes).toEqual(ROUTES);
    expect(emitted.operations.every(({ security }) => security === 'api-key')).toBe(true);
  });

  it.each(['swagger2', 'openapi3'] as const)('comes out of %s the same when it goes in again', (dialect) => {
    const first = convert(fixture(name), { dialect, apiKey: true, cors: true });
    const again = convert(first.emitted.contents, { dialect, apiKey: true, cors: true });
    expect(again.emitted.contents).toBe(first.emitted.contents);
  });

  it('describes an upload as a form with a binary field', () => {
    const { json } = convert(fixture(name));
    expect(json).toHaveProperty(['paths', '/upload', 'post', 'consumes'], ['multipart/form-data']);
    expect(json).toHaveProperty(
      ['paths', '/upload', 'post', 'parameters'],
      [
        { name: 'file', in: 'formData', required: true, type: 'string', format: 'binary' },
        { name: 'note', in: 'formData', type: 'string' },
      ],
    );
  });

  it('gives an optional query parameter its type', () => {
    const { json } = convert(fixture(name));
    expect(json).toHaveProperty(['paths', '/predict', 'post', 'parameters', 0], {
      name: 'top',
      in: 'query',
      type: 'integer',
    });
  });

  it('says at its line that a trailing slash is served without', () => {
    const { diagnostics } = convert(fixture(name));
    const found = diagnostics.filter(({ code }) => code === 'trailing-slash');
    expect(found.map(({ pointer }) => pointer)).toEqual([
      '/paths/~1predict~1/post',
      '/paths/~1models~1{name}~1versions~1/get',
    ]);
    expect(fixture(name).split('\n')[(found[0]?.line ?? 0) - 1]).toContain('"post"');
  });
});

describe('required dependencies, which FastAPI writes as alternatives', () => {
  const document = {
    openapi: '3.1.0',
    info: { title: 't', version: '1' },
    paths: {
      '/me': {
        get: {
          security: [{ APIKeyHeader: [] }, { HTTPBearer: [] }],
          responses: { 200: { description: 'OK' } },
        },
      },
    },
    components: {
      securitySchemes: {
        APIKeyHeader: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        HTTPBearer: { type: 'http', scheme: 'bearer' },
      },
    },
  };
  const jwt = [{ scheme: 'HTTPBearer', issuer: 'https://issuer.example.com' }];

  it('are refused with the option that joins them, and joined by it', () => {
    const { diagnostics } = convert(JSON.stringify(document), { jwt });
    const found = diagnostics.find(({ code }) => code === 'api-key-or-other');
    expect(found?.hint).toContain('all_of: APIKeyHeader, HTTPBearer');
    const { emitted, codes } = convert(JSON.stringify(document), {
      jwt,
      allOf: ['APIKeyHeader', 'HTTPBearer'],
    });
    expect(codes.filter((code) => code.startsWith('error'))).toEqual([]);
    expect(emitted.operations.map(({ security }) => security)).toEqual(['api-key+jwt']);
  });

  it('have cures that an application of FastAPI can carry out', () => {
    const schemes = {
      OAuth2PasswordBearer: { type: 'oauth2', flows: { password: { scopes: {}, tokenUrl: 'token' } } },
      HTTPBasic: { type: 'http', scheme: 'basic' },
      APIKeyHeader: { type: 'apiKey', in: 'header', name: 'X-Token' },
      APIKeyCookie: { type: 'apiKey', in: 'cookie', name: 'session' },
      HTTPBearer: { type: 'http', scheme: 'bearer' },
    };
    for (const [name, cure] of [
      ['OAuth2PasswordBearer', 'set passthrough: OAuth2PasswordBearer, and read it there from X-Forwarded'],
      ['HTTPBasic', 'set passthrough: HTTPBasic, and read it there from X-Forwarded-Authorization'],
      ['APIKeyHeader', "APIKeyHeader(name='x-api-key')"],
      ['APIKeyCookie', 'set passthrough: APIKeyCookie'],
      ['HTTPBearer', 'jwt HTTPBearer=ISSUER'],
    ] as const) {
      const own = structuredClone(document) as unknown as Record<string, Record<string, unknown>>;
      const { get } = (own.paths as Record<string, { get: object }>)['/me'] ?? { get: {} };
      Object.assign(get, { security: [{ [name]: [] }] });
      own.components = { securitySchemes: schemes };
      const { diagnostics } = convert(JSON.stringify(own));
      expect(diagnostics.find(({ severity }) => severity === 'error')?.hint).toContain(cure);
    }
  });

  it('are warned of where nothing is joined', () => {
    const { codes } = convert(JSON.stringify(document), { jwt, allOf: ['APIKeyHeader', 'Other'] });
    expect(codes).toContain('warning all-of-unused');
  });
});
