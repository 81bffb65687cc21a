import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { importOpenapi } from '../import.ts';

type Json = Record<string, unknown>;

const ok = { '200': { description: 'ok' } };
const info = { title: 'Pets', version: '1.0.0' };
const provider = {
  'x-google-issuer': 'https://i.example',
  'x-google-jwks_uri': 'https://i.example/k',
  'x-google-audiences': 'a',
};
const schemes20 = {
  key: { type: 'apiKey', name: 'key', in: 'query' },
  jwt: { type: 'oauth2', flow: 'implicit', authorizationUrl: '', ...provider },
};
const schemes3 = { key: { type: 'apiKey', name: 'x-api-key', in: 'header' } };

const two = (rest: Json, fields: Json = {}): Json => ({
  swagger: '2.0',
  info,
  securityDefinitions: schemes20,
  paths: { '/a': { get: { operationId: 'a', responses: ok, ...fields } } },
  ...rest,
});
const three = (rest: Json, fields: Json = {}, securitySchemes: unknown = schemes3): Json => ({
  openapi: '3.0.3',
  info,
  'x-google-api-management': { backends: { main: { address: 'https://main.example.com' } } },
  'x-google-backend': 'main',
  components: { securitySchemes },
  paths: { '/a': { get: { operationId: 'a', responses: ok, ...fields } } },
  ...rest,
});

/** What the only operation of a document asks for, or what the importer says against it. */
function imported(document: Json | string) {
  const text = typeof document === 'string' ? document : stringify(document);
  const contents = Buffer.from(text).toString('base64');
  try {
    const [operation] = importOpenapi([{ document: { path: 'openapi.yaml', contents } }]).service.operations;
    return { key: operation?.apiKeyRequired, audiences: operation?.jwt.map(({ audiences }) => audiences) };
  } catch (error) {
    return String(error);
  }
}

describe('importing security that is malformed', () => {
  it.each([
    [null],
    ['key'],
    [{ key: [] }],
    [['key']],
    [[null]],
    [[['key']]],
    [[{ key: null }]],
    [[{ key: 'read' }]],
    [[{ key: [1] }]],
  ])('%j is refused in every version, at the root and in an operation', (security) => {
    for (const document of [
      two({ security }),
      two({}, { security }),
      three({ security }),
      three({}, { security }),
    ])
      expect(imported(document)).toMatch(/does not match any allowed primitive type/);
  });

  it.each([
    null,
    [],
    'key',
    { key: null },
    { key: {} },
    { key: { type: 'apikey' } },
    { key: { type: 'apiKey', in: 'header' } },
  ])('schemes of 3.x: %j is refused', (schemes) => {
    expect(imported(three({ security: [{ key: [] }] }, {}, schemes))).toMatch(/Please fix the schema errors/);
  });

  it('takes no YAML set for an empty requirement', () => {
    const text = stringify(three({ security: ['SET'] })).replace('- SET', '- !!set {key}');
    expect(imported(text)).toMatch(/does not match any allowed primitive type/);
  });
});

describe('x-security', () => {
  it('asks for a token for its audiences, beside the key of security', () => {
    const asked = [{ jwt: { audiences: ['b', 'c'] } }];
    expect(imported(two({}, { 'x-security': asked }))).toEqual({ key: false, audiences: [['b', 'c']] });
    expect(imported(two({ 'x-security': asked }))).toEqual({ key: false, audiences: [['b', 'c']] });
    expect(imported(two({ security: [{ key: [] }] }, { 'x-security': asked }))).toEqual({
      key: true,
      audiences: [['b', 'c']],
    });
    expect(imported(two({ 'x-security': asked }, { security: [] }))).toEqual({ key: false, audiences: [] });
    expect(imported(two({}, { security: [{ jwt: [] }] }))).toEqual({ key: false, audiences: [['a']] });
  });

  it.each([
    'jwt',
    ['jwt'],
    [{ jwt: ['b'] }],
    [{ jwt: {} }],
    [{ gone: { audiences: [] } }],
    [{ key: { audiences: [] } }],
  ])('%j is refused', (value) => {
    expect(imported(two({}, { 'x-security': value }))).toMatch(/extension x-security|Extension x-security/);
  });
});
