import { describe, expect, it } from 'vitest';
import { api, convert, operation, type Trial } from '../../test/convert.ts';
import type { Json, JsonObject } from '../json.ts';
import type { EmitOptions } from '../options.ts';

const SCHEMES: JsonObject = {
  bearer: { type: 'http', scheme: 'bearer' },
  oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://id.example/.well-known/openid-configuration' },
  oauth: { type: 'oauth2', flows: { password: { tokenUrl: 'token', scopes: {} } } },
  basic: { type: 'http', scheme: 'basic' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
  token: { type: 'apiKey', in: 'header', name: 'X-Token' },
  key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
};
const JWT = [
  {
    scheme: 'bearer',
    issuer: 'https://issuer.example',
    jwksUri: 'https://issuer.example/jwks',
    audiences: ['a', 'b'],
  },
  { scheme: 'oidc', issuer: 'https://id.example' },
];

function secured(security: Json | undefined, options: Partial<EmitOptions> = {}): Trial {
  const fields = { operationId: 'a', ...(security === undefined ? {} : { security }) };
  return convert(
    api({ '/a': { get: operation(fields) } }, { components: { securitySchemes: SCHEMES } }),
    options,
  );
}

function access(trial: Trial): string | undefined {
  return trial.emitted.operations[0]?.security;
}

const errors = (trial: Trial): string[] => trial.codes.filter((code) => code.startsWith('error'));

describe('security', () => {
  it.each([
    ['bearer', 'error jwt-not-mapped'],
    ['oidc', 'error jwt-not-mapped'],
    ['oauth', 'error jwt-not-mapped'],
    ['basic', 'error scheme-unsupported'],
    ['cookie', 'error api-key-place'],
    ['token', 'error api-key-place'],
    ['gone', 'error scheme-undefined'],
  ])('refuses %s by %s, naming the operation, and stays closed', (name, code) => {
    for (const dialect of ['swagger2', 'openapi3'] as const) {
      const trial = secured([{ [name]: [] }], { dialect });
      expect(errors(trial)).toEqual([code]);
      expect(trial.diagnostics.find(({ severity }) => severity === 'error')?.message).toContain('GET /a');
      expect(access(trial)).toBe('jwt');
      // Reading the refused document again does not make it acceptable.
      expect(errors(convert(trial.emitted.contents, { dialect }))).toEqual(['error jwt-not-mapped']);
    }
  });

  it('maps a bearer scheme to an issuer in both dialects', () => {
    const old = secured([{ bearer: ['admin'] }], { jwt: JWT });
    expect(old.json.securityDefinitions).toMatchObject({
      bearer: {
        type: 'oauth2',
        'x-google-issuer': 'https://issuer.example',
        'x-google-jwks_uri': 'https://issuer.example/jwks',
        'x-google-audiences': 'a,b',
      },
    });
    expect(old.codes).toContain('warning scopes-ignored');
    const current = secured([{ bearer: [] }], { jwt: JWT, dialect: 'openapi3' });
    expect(current.json).toHaveProperty(['components', 'securitySchemes', 'bearer', 'x-google-auth'], {
      issuer: 'https://issuer.example',
      jwksUri: 'https://issuer.example/jwks',
      audiences: ['a', 'b'],
    });
    for (const trial of [old, current]) {
      expect(errors(trial)).toEqual([]);
      expect(access(trial)).toBe('jwt');
      const other = trial === old ? 'openapi3' : 'swagger2';
      expect(access(convert(trial.emitted.contents, { dialect: other }))).toBe('jwt');
    }
  });

  it('takes key AND jwt, jwt OR jwt; refuses key OR jwt, jwt AND jwt', () => {
    expect(access(secured([{ key: [], bearer: [] }], { jwt: JWT }))).toBe('api-key+jwt');
    expect(errors(secured([{ bearer: [] }, { oidc: [] }], { jwt: JWT }))).toEqual([]);
    expect(errors(secured([{ key: [] }, { bearer: [] }], { jwt: JWT }))).toEqual(['error api-key-or-other']);
    expect(errors(secured([{ bearer: [], oidc: [] }], { jwt: JWT }))).toEqual(['error jwt-and-jwt']);
    const same = ['bearer', 'oauth'].map((scheme) => ({ scheme, issuer: 'https://issuer.example' }));
    const trial = secured([{ bearer: [], oauth: [] }], { jwt: same });
    expect(errors(trial)).toEqual([]);
    expect(access(trial)).toBe('jwt');
  });

  it('protects what has no security with a key, and honours an empty one', () => {
    expect(access(secured(undefined, { apiKey: true }))).toBe('api-key');
    const open = secured([], { apiKey: true });
    expect(access(open)).toBe('open');
    expect(open.codes).toContain('note open-by-document');
    expect(open.json).toHaveProperty(['paths', '/a', 'get', 'security'], []);
    expect(secured(undefined).codes).toContain('note open-operations');
  });

  it('reuses a key scheme of the document, and writes it as each dialect wants it', () => {
    const old = secured([{ key: [] }]);
    expect(old.json.securityDefinitions).toEqual({ key: { type: 'apiKey', name: 'key', in: 'query' } });
    const current = secured([{ key: [] }], { dialect: 'openapi3' });
    expect(current.json).toHaveProperty(['components', 'securitySchemes', 'key', 'name'], 'x-api-key');
  });

  it('treats an optional key as open, an optional token as required', () => {
    expect(access(secured([{ key: [] }, {}]))).toBe('open');
    const token = secured([{ bearer: [] }, {}], { jwt: JWT });
    expect(access(token)).toBe('jwt');
    expect(token.codes).toContain('warning jwt-optional');
  });

  it('passes through only what it is told to, and warns', () => {
    const trial = secured([{ bearer: [] }], { passthrough: ['bearer'] });
    expect(access(trial)).toBe('open');
    expect(trial.codes).toEqual(
      expect.arrayContaining([
        'warning passed-through',
        'warning authorization-overwritten',
        'note open-operations',
      ]),
    );
    expect(access(secured([{ bearer: [] }], { passthrough: ['bearer'], apiKey: true }))).toBe('api-key');
  });

  it('inherits the security of the root', () => {
    const source = api(
      { '/a': { get: operation({ operationId: 'a' }) } },
      { security: [{ bearer: [] }], components: { securitySchemes: SCHEMES } },
    );
    expect(access(convert(source, { jwt: JWT, apiKey: true }))).toBe('jwt');
  });

  it.each(['swagger2', 'openapi3'] as const)('names every operation that it leaves open in %s', (dialect) => {
    const paths = Array.from({ length: 15 }, (_, nth) => `/p${nth}`);
    const get = (nth: number) => operation({ operationId: `o${nth}`, security: [{ bearer: [] }] });
    const source = api(Object.fromEntries(paths.map((path, nth) => [path, { get: get(nth) }])), {
      components: { securitySchemes: SCHEMES },
    });
    const passed = convert(source, { dialect, passthrough: ['bearer'] });
    const warning = passed.diagnostics.find(({ code }) => code === 'passed-through')?.message ?? '';
    for (const path of paths) expect(warning).toMatch(new RegExp(`GET ${path}\\b`));
    const refused = convert(source, { dialect });
    const error = refused.diagnostics.find(({ code }) => code === 'jwt-not-mapped')?.message ?? '';
    for (const path of paths) expect(error).toMatch(new RegExp(`GET ${path}\\b`));
  });

  it('lists every operation that the document opens', () => {
    for (const security of [[], [{ key: [] }, {}], [{}]]) {
      const trial = secured(security, { apiKey: true });
      expect(trial.codes).toContain('note open-by-document');
      expect(trial.diagnostics.find(({ code }) => code === 'open-by-document')?.message).toContain('GET /a');
      expect(access(trial)).toBe('open');
    }
  });

  it('never takes one alternative for all: what remains beside a refused scheme stays closed', () => {
    for (const name of ['basic', 'cookie', 'token', 'gone', 'oauth'])
      for (const security of [
        [{ [name]: [] }, { bearer: [] }],
        [{ bearer: [], [name]: [] }],
        [{ key: [] }, { [name]: [] }],
      ]) {
        const trial = secured(security, { jwt: JWT });
        expect(errors(trial).length).toBeGreaterThan(0);
        expect(access(trial)).not.toBe('open');
      }
  });
});
