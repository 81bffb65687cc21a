import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ApiError } from '../../../kernel/errors.ts';
import { importOpenapi } from './import.ts';

type Json = Record<string, unknown>;

const ok = { '200': { description: 'ok' } };
const info = { title: 'Pets', version: '1.0.0' };

function importing(...files: readonly [path: string, content: string | Json][]) {
  return importOpenapi(
    files.map(([path, content]) => {
      const text = typeof content === 'string' ? content : stringify(content);
      return { document: { path, contents: Buffer.from(text).toString('base64') } };
    }),
  );
}

/** Imports one document and returns what Google would say of it, or `taken`. */
function verdict(content: string | Json, path = 'openapi.yaml'): string {
  try {
    importing([path, content]);
    return 'taken';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.status).toBe('INVALID_ARGUMENT');
    return error.message;
  }
}

const swagger = (paths: Json, more: Json = {}): Json => ({ swagger: '2.0', info, paths, ...more });
const openapi = (paths: Json, more: Json = {}): Json => ({
  openapi: '3.0.3',
  info,
  'x-google-api-management': { backends: { main: { address: 'https://main.example.com/base' } } },
  'x-google-backend': 'main',
  paths,
  ...more,
});
const get = (operationId: string, more: Json = {}): Json => ({
  get: { operationId, responses: ok, ...more },
});
const id = { name: 'id', in: 'path', required: true, type: 'string' };
const id3 = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

describe('importing OpenAPI 2.0', () => {
  it('compiles operations, base path, backends and security', () => {
    const { service } = importing([
      'openapi.yaml',
      swagger(
        {
          '/pets/{id}': { parameters: [id], ...get('getPet', { security: [{ key: [], jwt: [] }] }) },
          '/own': get('own', {
            security: [],
            'x-google-backend': {
              address: 'https://own.example.com/x',
              jwt_audience: 'aud',
              deadline: 30,
              protocol: 'h2',
            },
          }),
        },
        {
          basePath: '/v1',
          'x-google-backend': { address: 'https://main.example.com', disable_auth: true },
          'x-google-endpoints': [{ name: 'x', allowCors: true }],
          securityDefinitions: {
            key: { type: 'apiKey', name: 'key', in: 'query' },
            jwt: {
              type: 'oauth2',
              flow: 'implicit',
              authorizationUrl: '',
              'x-google-issuer': 'me',
              'x-google-jwks_uri': 'https://me/keys',
              'x-google-audiences': 'a, b',
            },
          },
        },
      ),
    ]);
    expect(service).toMatchObject({
      title: 'Pets',
      allowCors: true,
      operations: [
        {
          method: 'GET',
          pathTemplate: '/v1/pets/{id}',
          operationId: 'getPet',
          apiKeyRequired: true,
          allowUnregistered: false,
          jwt: [{ issuer: 'me', jwksUri: 'https://me/keys', audiences: ['a', 'b'], locations: [] }],
          backend: {
            address: 'https://main.example.com',
            disableAuth: true,
            pathTranslation: 'APPEND_PATH_TO_ADDRESS',
            deadline: 15,
            protocol: 'http/1.1',
          },
        },
        {
          pathTemplate: '/v1/own',
          apiKeyRequired: false,
          jwt: [],
          backend: {
            jwtAudience: 'aud',
            disableAuth: false,
            pathTranslation: 'CONSTANT_ADDRESS',
            deadline: 30,
            protocol: 'h2',
          },
        },
      ],
    });
  });

  it('adds a route for everything where x-google-allow is all', () => {
    const { service } = importing(['a.json', JSON.stringify(swagger({}, { 'x-google-allow': 'all' }))]);
    expect(service.operations.map(({ method, pathTemplate }) => `${method} ${pathTemplate}`)).toEqual([
      'GET /**',
      'DELETE /**',
      'PATCH /**',
      'POST /**',
      'PUT /**',
    ]);
  });

  it('asks for a key only if every alternative has one it can read', () => {
    const required = (security: unknown, scheme: Json = { type: 'apiKey', name: 'key', in: 'query' }) =>
      importing([
        'a.yaml',
        swagger(
          { '/a': get('a', { security }) },
          { securityDefinitions: { key: scheme, basic: { type: 'basic' } } },
        ),
      ]).service.operations[0]?.apiKeyRequired;
    expect(required([{ key: [] }])).toBe(true);
    expect(required([{ key: [] }, { key: [], basic: [] }])).toBe(true);
    expect(required([{ key: [] }, {}])).toBe(false);
    expect(required([{ key: [] }, { basic: [] }])).toBe(false);
    expect(required([])).toBe(false);
    expect(required([{ key: [] }], { type: 'apiKey', name: 'X-API-Key', in: 'header' })).toBe(true);
    expect(required([{ key: [] }], { type: 'apiKey', name: 'x-token', in: 'header' })).toBe(false);
    expect(required([{ undefinedScheme: [] }])).toBe(false);
  });

  it('reports an error as the text-format proto that gcloud prints', () => {
    expect(verdict(swagger({ '/x': { get: { responses: ok } } }))).toBe(
      `Cannot convert to service config.\n'location: "openapi.yaml: Operation 'get' in path '/x'"\nkind: ERROR\nmessage: "Operation does not have the required 'operationId' field. Please specify unique value for 'operationId' field for all operations."\n location: "openapi.yaml: Operation 'get' in path '/x'"\nmessage: "Operation does not require an API key; callers may invoke the method without specifying an associated API-consuming project. To enable API key all the SecurityRequirement Objects (https://github.com/OAI/OpenAPI-Specification/blob/master/versions/2.0.md#security-requirement-object) inside security definition must reference at least one SecurityDefinition of type : 'apiKey'."\n'`,
    );
  });

  it.each<[string, Json, string]>([
    [
      'the same operationId twice',
      swagger({ '/a': get('x'), '/b': get('x') }),
      "operationId 'x' has duplicate entry",
    ],
    [
      'the same method name twice',
      swagger({ '/a': get('get-x'), '/b': get('Getx') }),
      "The two operationIds result into same underlying method name 'Getx'",
    ],
    [
      'a slash at the end',
      swagger({ '/healthz/': get('x') }),
      "http: In path template '/healthz/': unexpected end of input '/'.",
    ],
    [
      'a parameter that is part of a segment',
      swagger({ '/a/{id}.json': { parameters: [id], ...get('x') } }),
      "unrecognized input at '.json'",
    ],
    [
      'text before a parameter',
      swagger({ '/a/x{id}': { parameters: [id], ...get('x') } }),
      "unrecognized input at '{'",
    ],
    [
      '** before the end',
      swagger({ '/{id=**}/a': { parameters: [id], ...get('x') } }),
      "'**' is only allowed as the last segment",
    ],
    [
      'a nested template',
      swagger({ '/{id=a/*}': { parameters: [id], ...get('x') } }),
      'cannot have fields in nested paths.',
    ],
    [
      'an undeclared variable',
      swagger({ '/a/{id}': get('x') }),
      "http: undefined field 'id' on message 'XRequest'.",
    ],
    [
      'a path parameter that is a list',
      swagger({
        '/a/{id}': { parameters: [{ ...id, type: 'array', items: { type: 'string' } }], ...get('x') },
      }),
      'repeated field not allowed',
    ],
    [
      'two paths of one shape',
      swagger({
        '/a/{id}': { parameters: [id], ...get('x') },
        '/a/{b}': { parameters: [{ ...id, name: 'b' }], ...get('y') },
      }),
      'duplicate http pattern `GET /a/{b}`',
    ],
    ['a long path', swagger({ [`/${'a'.repeat(512)}`]: get('x') }), 'longer than 512 characters'],
    [
      'no responses',
      swagger({ '/a': { get: { operationId: 'x' } } }),
      'object has missing required properties ([\\"responses\\"])',
    ],
    [
      'a path without a slash',
      swagger({ a: get('x') }),
      'properties which are not allowed by the schema: [\\"a\\"]',
    ],
    [
      'an unknown parameter type',
      swagger({ '/a': get('x', { parameters: [{ name: 'q', in: 'query', type: 'object' }] }) }),
      'instance value (\\"object\\") not found in enum',
    ],
    [
      'an array without items',
      swagger({ '/a': get('x', { parameters: [{ name: 'q', in: 'query', type: 'array' }] }) }),
      'missing required properties ([\\"items\\"])',
    ],
    [
      'a schema keyword of OpenAPI 3',
      swagger({ '/a': get('x') }, { definitions: { A: { type: 'string', nullable: true } } }),
      'not allowed by the schema: [\\"nullable\\"]',
    ],
    [
      'a body that is a list',
      swagger({
        '/a': get('x', {
          parameters: [{ name: 'b', in: 'body', schema: { type: 'array', items: { type: 'string' } } }],
        }),
      }),
      "body field path 'b' must be a non-repeated message.",
    ],
    [
      'two providers at once',
      swagger(
        { '/a': get('x', { security: [{ a: [], b: [] }] }) },
        {
          securityDefinitions: {
            a: { type: 'oauth2', flow: 'implicit', authorizationUrl: '' },
            b: { type: 'oauth2', flow: 'implicit', authorizationUrl: '' },
          },
        },
      ),
      "multiple security definitions 'a,b'",
    ],
    ['a port in the host', swagger({ '/a': get('x') }, { host: 'a.example:8080' }), 'must not have a port'],
    [
      'a reference to another file',
      swagger({ '/a': get('x') }, { definitions: { A: { $ref: 'https://a.example/b.json' } } }),
      "External reference 'https://a.example/b.json'",
    ],
    [
      'a reference and no definitions',
      swagger({
        '/a': get('x', { responses: { '200': { description: '', schema: { $ref: '#/definitions/A' } } } }),
      }),
      'Reference path #/definitions/A found, but no Definitions section',
    ],
    [
      'a list of itself',
      swagger(
        { '/a': get('x') },
        { definitions: { A: { type: 'array', items: { $ref: '#/definitions/A' } } } },
      ),
      "Invalid circular reference detected for type 'A'",
    ],
    [
      'a backend by name',
      swagger({ '/a': get('x', { 'x-google-backend': 'main' }) }),
      'Extension x-google-backend has invalid type. Valid type is java.util.Map',
    ],
    [
      'an unknown field of a backend',
      swagger({ '/a': get('x', { 'x-google-backend': { address: 'https://a', jwtAudience: 'b' } }) }),
      'Cannot find field: jwtAudience in message google.api.BackendRule',
    ],
    [
      'both ways of authentication',
      swagger(
        { '/a': get('x') },
        { 'x-google-backend': { address: 'https://a', jwt_audience: 'b', disable_auth: true } },
      ),
      'belonging to the same oneof',
    ],
    [
      'a quota of a metric that is not there',
      swagger(
        { '/a': get('x', { 'x-google-quota': { metricCosts: { reads: 1, writes: 1 } } }) },
        { 'x-google-management': { metrics: [{ name: 'reads' }] } },
      ),
      "Quota Extension for method 'X' references undefined metric(s) 'writes'",
    ],
    [
      'a wrong x-google-allow',
      swagger({}, { 'x-google-allow': 'some' }),
      'Only allowed values for x-google-allow are all|configured',
    ],
    ['endpoints that are no list', swagger({}, { 'x-google-endpoints': {} }), 'It should be a json array.'],
    [
      'an issuer under two names',
      swagger(
        {},
        {
          securityDefinitions: {
            a: {
              type: 'oauth2',
              flow: 'implicit',
              authorizationUrl: '',
              'x-issuer': 'a',
              'x-google-issuer': 'b',
            },
          },
        },
      ),
      "multiple extension definitions 'x-issuer,x-google-issuer'",
    ],
  ])('refuses %s', (_, document, message) => {
    expect(verdict(document)).toContain(message);
  });

  it.each<[string, Json]>([
    [
      'an object that refers to itself',
      swagger(
        { '/a': get('x') },
        { definitions: { A: { type: 'object', properties: { next: { $ref: '#/definitions/A' } } } } },
      ),
    ],
    ['a custom verb', swagger({ '/a/{id}:move': { parameters: [id], ...get('x') } })],
    ['the root path', swagger({ '/': get('x') })],
    ['** at the end', swagger({ '/a/{id=**}': { parameters: [id], ...get('x') } })],
    [
      'a circle broken by allOf',
      swagger(
        { '/a': get('x') },
        { definitions: { A: { type: 'array', items: { allOf: [{ $ref: '#/definitions/A' }] } } } },
      ),
    ],
    [
      'HEAD and OPTIONS',
      swagger({
        '/a': { head: { operationId: 'h', responses: ok }, options: { operationId: 'o', responses: ok } },
      }),
    ],
  ])('takes %s', (_, document) => {
    expect(verdict(document)).toBe('taken');
  });
});

describe('importing OpenAPI 3', () => {
  it('compiles Google’s dialect', () => {
    const { service } = importing([
      'openapi.json',
      JSON.stringify(
        openapi(
          {
            '/files/{id}': {
              parameters: [{ ...id3, 'x-google-parameter': { pattern: '**' } }],
              ...get('getFile', { security: [{ jwt: [] }] }),
            },
            '/fixed': get('fixed', { 'x-google-backend': 'fixed' }),
          },
          {
            servers: [
              { url: 'https://x.example' },
              { url: 'https://y.example/v2/', 'x-google-endpoint': { allowCors: true } },
            ],
            'x-google-api-management': {
              backends: {
                main: { address: 'https://main.example.com', jwtAudience: 'aud' },
                fixed: {
                  address: 'https://main.example.com/f',
                  pathTranslation: 'CONSTANT_ADDRESS',
                  deadline: 3,
                  disableAuth: true,
                },
              },
            },
            components: {
              securitySchemes: {
                jwt: {
                  type: 'openIdConnect',
                  openIdConnectUrl: 'https://me',
                  'x-google-auth': {
                    issuer: 'me',
                    jwksUri: 'https://me/k',
                    audiences: ['a'],
                    jwtLocations: [{ header: 'x-t', valuePrefix: 'T ' }],
                  },
                },
              },
            },
          },
        ),
      ),
    ]);
    expect(service).toMatchObject({
      allowCors: true,
      operations: [
        {
          pathTemplate: '/v2/files/{id=**}',
          backend: { jwtAudience: 'aud', pathTranslation: 'APPEND_PATH_TO_ADDRESS' },
          jwt: [
            { issuer: 'me', audiences: ['a'], locations: [{ in: 'header', name: 'x-t', valuePrefix: 'T ' }] },
          ],
        },
        {
          pathTemplate: '/v2/fixed',
          backend: { pathTranslation: 'CONSTANT_ADDRESS', deadline: 3, disableAuth: true },
        },
      ],
    });
  });

  it.each<[string, Json, string]>([
    [
      'no x-google-api-management',
      { ...openapi({}), 'x-google-api-management': undefined, 'x-google-backend': undefined },
      'x-google-api-management must be set',
    ],
    [
      'a backend that is an object',
      openapi({}, { 'x-google-backend': { address: 'https://a' } }),
      'Extension x-google-backend does not have a valid value. {\\"address\\":\\"https://a\\"} is not defined in x-google-api-management.',
    ],
    [
      'a backend that is not there',
      openapi({ '/a': get('x', { 'x-google-backend': 'other' }) }),
      'other is not defined in x-google-api-management',
    ],
    [
      'a negative deadline',
      openapi(
        {},
        { 'x-google-api-management': { backends: { main: { address: 'https://a', deadline: -1 } } } },
      ),
      'must not be negative',
    ],
    [
      '{id=**}',
      openapi({ '/{id=**}': { parameters: [id3], ...get('x') } }),
      'Use x-google-parameter instead',
    ],
    [
      'a requirement of no scheme',
      openapi({ '/a': get('x', { security: [{ nope: [] }] }) }),
      "Security requirement 'nope' is not defined",
    ],
    [
      'two endpoints',
      openapi(
        {},
        {
          servers: [
            { url: '/a', 'x-google-endpoint': {} },
            { url: '/b', 'x-google-endpoint': {} },
          ],
        },
      ),
      'can be set on only one server',
    ],
    ['no operationId', openapi({ '/a': { get: { responses: ok } } }), "required 'operationId' field"],
  ])('refuses %s', (_, document, message) => {
    expect(verdict(document)).toContain(message);
  });
});

describe('the files of a config', () => {
  it.each<[string, () => string, string]>([
    [
      'another extension',
      () => verdict('{}', 'spec.tpl'),
      "OpenAPI file 'spec.tpl' has invalid extension 'tpl'. Only files with {yaml, yml, json} file extensions are allowed.",
    ],
    ['what is not YAML', () => verdict('a: [', 'a.yaml'), 'Unable to parse the content.'],
    ['what is not JSON', () => verdict('{', 'a.json'), 'Unable to parse the content.'],
    ['no OpenAPI at all', () => verdict('a: 1'), 'Cannot find a valid OpenAPI 2.0 spec in the input files'],
    ['an unknown version', () => verdict('openapi: 3.2.0'), "OpenAPI version '3.2.0' is not supported"],
    [
      'more than 200 aliases',
      () => verdict(`swagger: "2.0"\nx-a: &a {}\nx-b: [${Array(201).fill('*a').join(', ')}]`),
      'exceeds the specified max=200',
    ],
  ])('cannot be %s', (_, importIt, message) => {
    expect(importIt()).toContain(message);
  });

  it('may be several', () => {
    const { service } = importing(
      ['a.yaml', swagger({ '/a': get('a') })],
      ['b.yaml', swagger({ '/b': get('b') })],
      ['c.yaml', 'A: {}'],
    );
    expect(service.operations.map(({ operationId }) => operationId)).toEqual(['a', 'b']);
    expect(() =>
      importing(['a.yaml', swagger({ '/a': get('a') })], ['b.yaml', swagger({ '/b': get('a') })]),
    ).toThrow("operationId 'a' has duplicate entry");
  });

  it('cannot blow up by aliases of aliases', () => {
    const levels = [
      'a: &a [x, x]',
      ...'bcdefghijklmnopq'
        .split('')
        .map(
          (name, index) => `${name}: &${name} [*${'abcdefghijklmnop'[index]}, *${'abcdefghijklmnop'[index]}]`,
        ),
    ];
    expect(verdict(`swagger: "2.0"\n${levels.join('\n')}`)).toContain('Cannot convert to service config.');
  });
});

const CORPUS = process.env.GANGWAY_CORPUS ?? '../shared/corpus';

describe.skipIf(!existsSync(`${CORPUS}/manifest.json`))(
  'documents of the public, where a corpus is at hand',
  () => {
    it('are taken or refused, and never crash the importer', () => {
      const manifest = JSON.parse(readFileSync(`${CORPUS}/manifest.json`, 'utf8')) as { file: string }[];
      let taken = 0;
      for (const { file } of manifest) {
        const content = readFileSync(`${CORPUS}/${file}`, 'utf8');
        verdict(content, file);
        const document = JSON.parse(content) as Json;
        if (typeof document.openapi !== 'string') continue;
        const dialect = {
          ...document,
          'x-google-api-management': { backends: { main: { address: 'https://main.example.com' } } },
          'x-google-backend': 'main',
        };
        if (verdict(JSON.stringify(dialect), file) === 'taken') taken += 1;
      }
      expect(taken).toBeGreaterThan(manifest.length / 10);
    }, 120_000);
  },
);
