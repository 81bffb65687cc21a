import { describe, expect, it } from 'vitest';
import { api, convert, operation } from '../../../test/convert.ts';
import type { JsonObject } from '../../json.ts';

const ADDRESS = 'https://b.example';

function two(rest: JsonObject, fields: JsonObject = {}): JsonObject {
  const get = operation({ operationId: 'a', ...fields });
  return { swagger: '2.0', info: { title: 'T', version: '1' }, paths: { '/a': { get } }, ...rest };
}

function three(rest: JsonObject, fields: JsonObject = {}): JsonObject {
  return api({ '/a': { get: operation({ operationId: 'a', ...fields }) } }, rest);
}

/** `severity code pointer` of what is said of a document, the same in both dialects. */
function said(source: JsonObject): readonly string[] {
  const [old, current] = (['swagger2', 'openapi3'] as const).map((dialect) =>
    convert(source, { dialect }).diagnostics.flatMap(({ severity, code, pointer }) =>
      severity === 'note' || code === 'google-extension-dropped' ? [] : [`${severity} ${code} ${pointer}`],
    ),
  );
  expect(current).toEqual(old);
  return old ?? [];
}

const METRICS = { metrics: [{ name: 'm', valueType: 'INT64', metricKind: 'DELTA' }] };
const limit = (fields: JsonObject): JsonObject => ({
  'x-google-management': {
    ...METRICS,
    quota: {
      limits: [{ name: 'l', metric: 'm', unit: '1/min/{project}', values: { STANDARD: 5 }, ...fields }],
    },
  },
});
const LIMIT = '/x-google-management/quota/limits/0';
const backend = (fields: JsonObject): JsonObject => ({ 'x-google-backend': { address: ADDRESS, ...fields } });

describe("Google's extensions", () => {
  it.each<readonly [JsonObject, string]>([
    [{ 'x-google-allow': 'some' }, '/x-google-allow'],
    [{ 'x-google-endpoints': [{ name: 'a.ex' }, { name: 'a.ex' }] }, '/x-google-endpoints/1'],
    [{ host: 'a.ex', 'x-google-endpoints': [{ name: 'b.ex' }] }, '/x-google-endpoints/0/name'],
    [{ 'x-google-endpoints': [{ name: 'a.ex', features: [] }] }, '/x-google-endpoints/0/features'],
    [backend({ path_translation: 'WRONG' }), '/x-google-backend/path_translation'],
    [backend({ protocol: 'h3' }), '/x-google-backend/protocol'],
    [backend({ address: 'b.example' }), '/x-google-backend/address'],
    [backend({ address: 'grpc://b.example' }), '/x-google-backend/address'],
    [backend({ address: 'https://b.example?x=1' }), '/x-google-backend/address'],
    [backend({ deadline: '30s' }), '/x-google-backend/deadline'],
    [backend({ deadline: -1 }), '/x-google-backend/deadline'],
    [backend({ jwt_audiance: 'a' }), '/x-google-backend/jwt_audiance'],
    [backend({ timeout: 30 }), '/x-google-backend/timeout'],
    [{ 'x-google-api-name': 'My API' }, '/x-google-api-name'],
    [limit({ values: { STANDARD: -5 } }), `${LIMIT}/values/STANDARD`],
    [limit({ values: { PREMIUM: 5, STANDARD: 5 } }), `${LIMIT}/values/PREMIUM`],
    [limit({ name: 'per minute' }), `${LIMIT}/name`],
    [limit({ unit: 'minute' }), `${LIMIT}/unit`],
    [{ 'x-google-management': { quota: { limit: [] } } }, '/x-google-management/quota/limit'],
    [{ 'x-google-experimental-authorization': {} }, '/x-google-experimental-authorization'],
  ])('%j is refused at its place', (extension, pointer) => {
    expect(said(two(extension))).toContain(`error google-form ${pointer}`);
  });

  it.each<readonly [JsonObject, string]>([
    [{ backends: { b: { address: ADDRESS, pathTranslation: 'WRONG' } } }, 'backends/b/pathTranslation'],
    [{ backends: { b: { address: ADDRESS, deadline: -1 } } }, 'backends/b/deadline'],
    [{ backends: { b: { address: 'b.example' } } }, 'backends/b/address'],
    [{ metrics: { m: { name: 'm' } } }, 'metrics/m/name'],
    [
      { metrics: { m: {} }, quota: { limits: { l: { metric: 'm', values: 'many' } } } },
      'quota/limits/l/values',
    ],
    [{ apiName: 'My API' }, 'apiName'],
  ])('%j is refused in x-google-api-management', (management, pointer) => {
    const source = three({ 'x-google-api-management': management });
    expect(said(source)).toContain(`error google-form /x-google-api-management/${pointer}`);
  });

  it.each<readonly [string, unknown, string]>([
    [
      'x-google-quota',
      { metricCosts: { gone: 1 } },
      'google-undefined /paths/~1a/get/x-google-quota/metricCosts/gone',
    ],
    ['x-google-quota', { metricCosts: { m: -1 } }, 'google-form /paths/~1a/get/x-google-quota/metricCosts/m'],
    ['x-google-backend-url', ADDRESS, 'google-form /paths/~1a/get/x-google-backend-url'],
    ['x-google-mcp-tool', { name: 'a b' }, 'google-form /paths/~1a/get/x-google-mcp-tool/name'],
    ['x-google-bakend', {}, 'google-misspelled /paths/~1a/get/x-google-bakend'],
    ['x-google-api-name', 'a', 'google-misplaced /paths/~1a/get/x-google-api-name'],
  ])('%s: %j is refused in an operation', (key, value, expected) => {
    const management = { 'x-google-management': METRICS };
    expect(said(two(management, { [key]: value as never }))).toContain(`error ${expected}`);
  });

  it('a limit counts a metric that is defined, and goes by a name of its own', () => {
    expect(said(two(limit({ metric: 'gone' })))).toContain(`error google-undefined ${LIMIT}/metric`);
    const both = {
      ...limit({}),
      'x-google-api-management': { quota: { limits: { l: { metric: 'm', values: 1 } } } },
    };
    expect(said(two(both))).toContain('error google-form /x-google-api-management/quota/limits/l');
  });

  it('says what API Gateway does not know, and that a name is of old', () => {
    expect(said(two({ 'x-google-surprise': 1 }))).toEqual(['warning google-unknown /x-google-surprise']);
    const scheme = { type: 'oauth2', flow: 'implicit', authorizationUrl: '', 'x-issuer': 'https://i.ex' };
    const source = two({ securityDefinitions: { j: scheme } }, { security: [{ j: [] }] });
    expect(said(source)).toEqual(['warning google-renamed /securityDefinitions/j/x-issuer']);
    expect(convert(source).json).toHaveProperty(
      ['securityDefinitions', 'j', 'x-google-issuer'],
      'https://i.ex',
    );
  });

  it.each([
    'https://offer-REPLACE_WITH_RUN_URL',
    'https://billing-https://billing.a.run.app',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the template that is not filled in.
    '${SERVICE_URL}',
    'https://{{ host }}/v1',
    'https://<your-service>.a.run.app',
    'https://YOUR_SERVICE.a.run.app',
  ])('warns of the placeholder %s', (address) => {
    const source = two({}, backend({ address }));
    expect(said(source)).toEqual(['warning backend-placeholder /paths/~1a/get/x-google-backend/address']);
    // Of a backend that is replaced, nothing is to be filled in.
    expect(said(two(backend({ address })))).toEqual([]);
  });

  it('warns of a backend without encryption, but for one of this machine', () => {
    expect(said(two({}, backend({ address: 'http://app.example' })))).toEqual([
      'warning backend-http /paths/~1a/get/x-google-backend/address',
    ]);
    expect(said(two({}, backend({ address: 'http://localhost:8080' })))).toEqual([]);
  });
});

describe("extensions of the other dialect's", () => {
  const OLD = {
    ...limit({}),
    'x-google-api-name': 'pets',
    'x-google-allow': 'all',
    'x-google-endpoints': [{ name: 'a.ex', allowCors: true }],
  };
  const NEW = {
    'x-google-api-management': {
      apiName: 'pets',
      metrics: { m: {} },
      quota: { limits: { l: { metric: 'm', values: 5 } } },
      backends: { b: { address: 'https://c.example', disableAuth: true } },
    },
  };
  const costs = { 'x-google-quota': { metricCosts: { m: 1 } } };

  it('are read in a 3.x document', () => {
    expect(convert(three(OLD, costs)).json).toMatchObject({
      host: 'a.ex',
      ...OLD,
      paths: { '/a': { get: costs } },
    });
    const { json, emitted } = convert(three(OLD, costs), { dialect: 'openapi3' });
    const { backends: _, ...management } = NEW['x-google-api-management'];
    expect(json).toMatchObject({
      servers: [{ url: 'https://a.ex', 'x-google-endpoint': { allowCors: true } }],
      'x-google-api-management': management,
      paths: { '/a': { get: costs } },
    });
    for (const key of Object.keys(OLD)) expect(json).not.toHaveProperty([key]);
    expect(emitted.operations.filter(({ path }) => path === '/{path}').map(({ method }) => method)).toEqual([
      'get',
      'put',
      'post',
      'delete',
      'patch',
    ]);
    expect(convert(json, { dialect: 'openapi3' }).json).toEqual(json);
  });

  it('are read in a 2.0 document', () => {
    const parameters = [
      { name: 'p', in: 'path', required: true, type: 'string', 'x-google-parameter': { pattern: '**' } },
    ];
    const source = {
      ...two({ ...NEW, 'x-google-backend': 'b' }),
      paths: {
        '/f/{p}': { get: operation({ operationId: 'f', parameters, ...costs, 'x-google-backend': 'b' }) },
      },
    };
    expect(said(source)).toEqual([]);
    expect(convert(source).json).toMatchObject({
      'x-google-api-name': 'pets',
      'x-google-management': limit({})['x-google-management'],
      paths: {
        '/f/{p=**}': { get: { 'x-google-backend': { address: 'https://c.example', disable_auth: true } } },
      },
    });
  });

  it('are an error where they cannot be said', () => {
    const codes = (source: JsonObject, dialect: 'swagger2' | 'openapi3') =>
      convert(source, { dialect }).codes;
    const dropped = 'error google-extension-dropped';
    expect(codes(three({ 'x-google-api-management': { mcp: true } }), 'swagger2')).toContain(dropped);
    expect(codes(three({}, { 'x-google-mcp-tool': false }), 'swagger2')).toContain(dropped);
    expect(codes(two(limit({ unit: '1/d/{project}' })), 'openapi3')).toContain(dropped);
    expect(codes(two(limit({ unit: '1/d/{project}' })), 'swagger2')).not.toContain(dropped);
  });
});
