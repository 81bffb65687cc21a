import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { api, convert, operation } from '../../test/convert.ts';
import { checkOpenapi3 } from '../check/openapi3.ts';
import { checkSwagger2 } from '../check/swagger2.ts';
import type { JsonObject } from '../json.ts';

/** A document as Google's own guides write it. */
const GOOGLE: JsonObject = {
  swagger: '2.0',
  info: { title: 'T', version: '1.0.0' },
  host: 'api.example.com',
  basePath: '/v1',
  schemes: ['https'],
  consumes: ['application/json'],
  produces: ['application/json'],
  'x-google-endpoints': [{ name: 'api.example.com', allowCors: true }],
  'x-google-management': {
    metrics: [{ name: 'reads', displayName: 'Reads', valueType: 'INT64', metricKind: 'DELTA' }],
    quota: {
      limits: [{ name: 'read-limit', metric: 'reads', unit: '1/min/{project}', values: { STANDARD: 100 } }],
    },
  },
  'x-google-backend': { address: 'https://app.example', jwt_audience: 'aud', deadline: 30, protocol: 'h2' },
  paths: {
    '/pets/{id}': {
      parameters: [{ $ref: '#/parameters/id' }],
      post: {
        operationId: 'pets',
        'x-google-quota': { metricCosts: { reads: 2 } },
        parameters: [{ name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } }],
        responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/Pet' } } },
        security: [{ firebase: [], api_key: [] }],
      },
    },
    '/files': {
      post: {
        operationId: 'files',
        consumes: ['multipart/form-data'],
        parameters: [{ name: 'file', in: 'formData', type: 'file', required: true }],
        responses: { default: { description: 'ok' } },
      },
    },
  },
  parameters: { id: { name: 'id', in: 'path', required: true, type: 'string' } },
  definitions: { Pet: { type: 'object', properties: { tag: { type: 'string', 'x-nullable': true } } } },
  securityDefinitions: {
    api_key: { type: 'apiKey', name: 'key', in: 'query' },
    firebase: {
      type: 'oauth2',
      flow: 'implicit',
      authorizationUrl: '',
      'x-google-issuer': 'https://securetoken.google.com/demo',
      'x-google-jwks_uri':
        'https://www.googleapis.com/service_accounts/v1/metadata/x509/securetoken@system.gserviceaccount.com',
      'x-google-audiences': 'demo',
    },
  },
};

const errors = ({ codes }: { readonly codes: readonly string[] }): string[] =>
  codes.filter((code) => code.startsWith('error'));

describe("a document in Google's own words", () => {
  it('goes from Swagger 2.0 to OpenAPI 3 with its meaning', async () => {
    const trial = convert(GOOGLE, {
      dialect: 'openapi3',
      backend: { address: 'https://app.example', jwtAudience: 'aud', deadline: 30, protocol: 'h2' },
    });
    expect(errors(trial)).toEqual([]);
    expect(checkOpenapi3(trial.json)).toEqual([]);
    expect((await new Validator().validate(structuredClone(trial.json))).errors).toBeUndefined();
    expect(trial.json).toMatchObject({
      openapi: '3.0.3',
      servers: [{ url: 'https://api.example.com/v1', 'x-google-endpoint': { allowCors: true } }],
      'x-google-api-management': {
        metrics: { reads: { displayName: 'Reads' } },
        quota: { limits: { 'read-limit': { metric: 'reads', values: 100 } } },
        backends: {
          backend: { address: 'https://app.example', jwtAudience: 'aud', deadline: 30, protocol: 'h2' },
        },
      },
      components: { schemas: { Pet: { properties: { tag: { type: 'string', nullable: true } } } } },
    });
    expect(trial.json).toHaveProperty([
      'paths',
      '/files',
      'post',
      'requestBody',
      'content',
      'multipart/form-data',
    ]);
    expect(trial.json).toHaveProperty(['paths', '/pets/{id}', 'post', 'x-google-quota'], {
      metricCosts: { reads: 2 },
    });
    expect(trial.emitted.operations.map(({ security }) => security)).toEqual(['api-key+jwt', 'open']);
  });

  it('comes back to Swagger 2.0 the same as it goes there directly', async () => {
    const current = convert(GOOGLE, { dialect: 'openapi3' });
    const back = convert(current.emitted.contents);
    const direct = convert(GOOGLE);
    expect(checkSwagger2(direct.json)).toEqual([]);
    expect((await new Validator().validate(structuredClone(direct.json))).errors).toBeUndefined();
    expect(back.emitted.operations).toEqual(direct.emitted.operations);
    for (const key of [
      'x-google-management',
      'x-google-endpoints',
      'x-google-backend',
      'definitions',
      'host',
      'basePath',
    ]) {
      expect(back.json[key]).toEqual(direct.json[key]);
    }
  });

  it('finds its diagnostics in the 2.0 text when it emits OpenAPI 3', () => {
    const source = {
      ...GOOGLE,
      securityDefinitions: {
        firebase: { type: 'basic' },
        api_key: { type: 'apiKey', name: 'key', in: 'query' },
      },
    };
    const { diagnostics } = convert(source, { dialect: 'openapi3' });
    expect(diagnostics.find(({ severity }) => severity === 'error')).toMatchObject({
      code: 'scheme-unsupported',
      pointer: '/securityDefinitions/firebase',
    });
  });

  it('leaves the document alone that it was given', () => {
    const schema = {
      type: 'object',
      properties: {
        all: { $ref: '#' },
        other: { $ref: '#/paths/~1a/get/responses/200/content/a~1b/schema' },
      },
    };
    const content = { 'a/b': { schema: { type: 'string' } } };
    const source = api(
      { '/a': { get: operation({ responses: { 200: { description: '', content } } }) } },
      { components: { schemas: { S: schema } } },
    );
    const first = convert(source, { dialect: 'openapi3' });
    expect(first.codes).toContain('error reference-not-found');
    expect(first.json).toHaveProperty(
      ['components', 'schemas', 'S', 'properties', 'other', '$ref'],
      '#/components/schemas/a_b',
    );
    expect(convert(source, { dialect: 'openapi3' }).emitted.contents).toBe(first.emitted.contents);
  });
});
