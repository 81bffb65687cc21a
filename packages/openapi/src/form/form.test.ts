import { describe, expect, it } from 'vitest';
import { api, operation } from '../../test/convert.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { emit } from '../emit/emit-source.ts';
import type { Json, JsonObject } from '../json.ts';
import { readDocument } from '../read/read-document.ts';
import { checkForm } from './form.ts';

const KEY: JsonObject = { type: 'apiKey', in: 'header', name: 'x-api-key' };
const AUTH: JsonObject = { issuer: 'https://i.example', jwksUri: 'https://i.example/k', audiences: ['a'] };
const JWT: JsonObject = {
  type: 'openIdConnect',
  openIdConnectUrl: 'https://i.example/oidc',
  'x-google-auth': AUTH,
};
const JWT20: JsonObject = {
  type: 'oauth2',
  flow: 'implicit',
  authorizationUrl: '',
  'x-google-issuer': 'https://i.example',
  'x-google-jwks_uri': 'https://i.example/k',
};

/** What the emitted document says of the scheme `s`. */
interface Emitted {
  readonly components: {
    readonly securitySchemes: {
      readonly s: { readonly 'x-google-auth': { readonly audiences: readonly string[] } };
    };
  };
}

const CODES = /^(security|scheme|google)-(form|misspelled|misplaced)$/;

interface Judged {
  /** `code pointer`, of those that are about form. */
  readonly form: readonly string[];
  readonly errors: readonly Diagnostic[];
  /** Whether anyone may call an operation, in either dialect. */
  readonly open: boolean;
}

function judge(source: JsonObject | string): Judged {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const all = (['swagger2', 'openapi3'] as const).map((dialect) => {
    const result = emit(text.includes('\n') ? text : `${text}\n`, { dialect, backend: 'https://b.example' });
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
    const operations = result.document === undefined ? [] : result.operations;
    return { errors, open: operations.some(({ security }) => security === 'open') };
  });
  const errors = all[0]?.errors ?? [];
  expect(all[1]?.errors.map(({ message }) => message)).toEqual(
    expect.arrayContaining(errors.filter(({ code }) => CODES.test(code)).map(({ message }) => message)),
  );
  return {
    form: errors.filter(({ code }) => CODES.test(code)).map(({ code, pointer }) => `${code} ${pointer}`),
    errors,
    open: all.some(({ open }) => open),
  };
}

/** A 3.x document whose only operation is protected by whatever is given. */
function three(
  rest: JsonObject,
  fields: JsonObject = {},
  schemes: Json = { key: KEY, jwt: JWT },
): JsonObject {
  return api(
    { '/a': { get: operation({ operationId: 'a', ...fields }) } },
    { components: { securitySchemes: schemes }, ...rest },
  );
}

function two(
  rest: JsonObject,
  fields: JsonObject = {},
  schemes: Json = { key: { type: 'apiKey', in: 'query', name: 'key' }, jwt: JWT20 },
): JsonObject {
  const get = operation({ operationId: 'a', ...fields });
  return {
    swagger: '2.0',
    info: { title: 'T', version: '1' },
    paths: { '/a': { get } },
    securityDefinitions: schemes,
    ...rest,
  };
}

const MALFORMED: readonly Json[] = [
  null,
  true,
  0,
  '',
  'key',
  {},
  { key: [] },
  ['key'],
  [null],
  [['key']],
  [[{ key: [] }]],
  [true],
  [{ key: null }],
  [{ key: {} }],
  [{ key: 'read' }],
  [{ key: [1] }],
  [{ key: [['read']] }],
  [{ key: true }],
  [{ key: [] }, 'jwt'],
  [{ key: [] }, null],
  [{ $ref: '#/security' }],
];

describe('the form of security', () => {
  it.each(MALFORMED.map((security) => [JSON.stringify(security), security] as const))(
    '%s is refused at its line and stays closed, wherever it stands',
    (_, security) => {
      for (const [source, pointer] of [
        [three({ security }), '/security'],
        [three({}, { security }), '/paths/~1a/get/security'],
        [two({ security }), '/security'],
        [two({}, { security }), '/paths/~1a/get/security'],
      ] as const) {
        const { form, open } = judge(source);
        expect(form.join()).toContain(`security-form ${pointer}`);
        expect(open).toBe(false);
      }
    },
  );

  it('takes what the specification takes', () => {
    for (const security of [
      [],
      [{}],
      [{ key: [] }],
      [{ key: [] }, {}],
      [{ jwt: ['read'] }],
      [{ key: [], jwt: [] }],
    ])
      for (const source of [
        three({ security }),
        two({ security }),
        three({}, { security }),
        two({}, { security }),
      ])
        expect(judge(source).form).toEqual([]);
  });

  it('quotes what it found, and shows how to write it', () => {
    const [error] = judge(three({ security: ['key'] })).errors;
    expect(error).toMatchObject({
      code: 'security-form',
      message: 'The security of the document lists "key", a string; each of its items must be an object.',
      hint: 'Write a list of objects, each mapping schemes to lists of scopes:\nsecurity:\n  - key: []',
    });
  });

  it('names the line of a text', () => {
    const text = `openapi: 3.0.3
info: {title: T, version: '1'}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}
paths:
  /a:
    get:
      operationId: a
      security:
        - key
      responses: {'200': {description: ok}}
`;
    expect(judge(text).errors[0]).toMatchObject({ code: 'security-form', line: 9, file: 'openapi' });
  });
});

describe('x-security', () => {
  const asked = [{ jwt: { audiences: ['a', 'b'] } }];

  it('protects an operation of 2.0 in both dialects', () => {
    for (const dialect of ['swagger2', 'openapi3'] as const) {
      const result = emit(two({}, { 'x-security': asked }), { dialect, backend: 'https://b.example' });
      if (result.document === undefined) throw new Error('unread');
      expect(result.diagnostics.filter(({ severity }) => severity !== 'note')).toEqual([]);
      expect(result.operations[0]?.security).toBe('jwt');
      expect(result.text).not.toContain('x-security');
      expect(result.text).toMatch(
        dialect === 'swagger2' ? /"x-google-audiences": "a,b"/ : /"audiences": \[\s+"a",\s+"b"\s+\]/,
      );
      const again = emit(result.text, { dialect, backend: 'https://b.example' });
      expect(again.text).toBe(result.text);
    }
  });

  it("asks for the key of `security` as well, be it the document's", () => {
    const of = (source: JsonObject): unknown => {
      const result = emit(source, { backend: 'https://b.example' });
      return result.document === undefined ? undefined : result.operations[0]?.security;
    };
    expect(of(two({ 'x-security': asked }))).toBe('jwt');
    expect(of(two({ 'x-security': asked }, { security: [] }))).toBe('open');
    expect(of(two({}, { security: [{ key: [] }], 'x-security': asked }))).toBe('api-key+jwt');
    expect(of(two({ security: [{ key: [] }] }, { 'x-security': asked }))).toBe('api-key+jwt');
    expect(of(two({}, { security: [{ jwt: [] }], 'x-security': asked }))).toBe('jwt');
    expect(of(two({}, { security: [], 'x-security': asked }))).toBe('jwt');
  });

  it.each([
    null,
    [],
    'jwt',
    ['jwt'],
    { jwt: { audiences: ['a'] } },
    [{ jwt: ['a'] }],
    [{ jwt: null }],
    [{ jwt: {} }],
    [{ jwt: { audiences: 'a' } }],
    [{ jwt: { audiences: [1] } }],
    [{ jwt: { audience: ['a'] } }],
    [{ key: { audiences: ['a'] } }],
    [{}],
  ] satisfies Json[])('%j is refused', (value) => {
    for (const source of [two({ 'x-security': value }), two({}, { 'x-security': value })]) {
      expect(judge(source).form.join()).toMatch(/security-form \S*x-security/);
      expect(judge(source).open).toBe(false);
    }
  });

  it('hides nothing that security asks for and the gateway cannot check', () => {
    const token = { type: 'apiKey', in: 'header', name: 'X-Token' };
    const source = two({ security: [{ token: [] }] }, { 'x-security': asked }, { token, jwt: JWT20 });
    expect(judge(source).errors.map(({ code }) => code)).toContain('api-key-place');
  });

  it('protects in 3.x, too, and is refused where it names nothing', () => {
    expect(judge(three({}, { 'x-security': asked }))).toEqual({ form: [], errors: [], open: false });
    expect(judge(three({}, { 'x-security': ['jwt'] }))).toMatchObject({
      form: ['security-form /paths/~1a/get/x-security/0'],
      open: false,
    });
    expect(judge(two({}, { 'x-security': [{ gone: { audiences: ['a'] } }] })).errors[0]?.code).toBe(
      'scheme-undefined',
    );
  });
});

describe('the form of security schemes', () => {
  const used = { security: [{ s: [] }] };

  it.each<Json>([
    null,
    'apiKey',
    [],
    [KEY],
    {},
    { type: 'apikey', in: 'header', name: 'x-api-key' },
    { type: 'apiKey', in: 'Header', name: 'x-api-key' },
    { type: 'apiKey', name: 'x-api-key' },
    { type: 'apiKey', in: 'header' },
    { type: 'apiKey', in: 'header', name: ['x-api-key'] },
    { Type: 'apiKey', in: 'header', name: 'x-api-key' },
    { ...KEY, required: true },
    { type: ['apiKey'], in: 'header', name: 'x-api-key' },
    { type: 'http' },
    { type: 'http', scheme: 7 },
    { type: 'http', scheme: '"bearer"' },
    { type: 'oauth2', 'x-google-auth': AUTH },
    { type: 'oauth2', flows: [], 'x-google-auth': AUTH },
    { type: 'oauth2', flows: { Implicit: {} }, 'x-google-auth': AUTH },
    { type: 'openIdConnect', 'x-google-auth': AUTH },
    { ...JWT, 'x-google-auth': 'https://i.example' },
    { ...JWT, 'x-google-auth': null },
    { ...JWT, 'x-google-auth': {} },
    { ...JWT, 'x-google-auth': { ...AUTH, issuer: '' } },
    { ...JWT, 'x-google-auth': { ...AUTH, issuer: ['https://i.example'] } },
    { ...JWT, 'x-google-auth': { ...AUTH, audiences: 'a' } },
    { ...JWT, 'x-google-auth': { ...AUTH, audiences: [null] } },
    { ...JWT, 'x-google-auth': { ...AUTH, audience: 'a' } },
    { ...JWT, 'x-google-auth': { ...AUTH, jwks_uri: 'https://i.example/k' } },
    { ...JWT, 'x-google-auth': { ...AUTH, jwtLocations: { header: 'x' } } },
    { ...JWT, 'x-google-auth': { ...AUTH, jwtLocations: [{ cookie: 'x' }] } },
    { ...JWT, 'x-google-auth': { ...AUTH, jwtLocations: [{ header: 'x', value_prefix: 'B ' }] } },
    { ...JWT, 'x-google-auht': AUTH },
    { ...JWT, 'X-Google-Auth': AUTH },
    { ...JWT, 'x-google-audience': 'a' },
    { ...JWT, 'x-issuer': 'https://other.example' },
    { ...JWT, 'x-issuer': 'https://i.example', 'x-google-issuer': 'https://i.example' },
    { ...JWT, 'x-google-issuer': 'https://other.example' },
    { ...JWT, 'x-google-jwks_uri': 'https://other.example/k' },
    { ...JWT, 'x-google-audiences': 'a,b' },
    {
      ...JWT,
      'x-google-auth': { ...AUTH, jwtLocations: [{ header: 'h' }] },
      'x-google-jwt-locations': [{ query: 'q' }],
    },
    { $ref: '#/components/x-keys/k', 'x-google-auth': AUTH },
    { $ref: '#/components/x-keys/k', type: 'http', scheme: 'bearer' },
    { $ref: '#/components/x-keys/k', in: 'header' },
    { $ref: '#/components/securitySchemes/gone' },
    { $ref: '#/components/securitySchemes/s' },
    { $ref: 7 },
    { $ref: '#/info' },
  ])('%j is refused in 3.x, used or not', (scheme) => {
    expect(judge(three(used, {}, { s: scheme }))).toMatchObject({
      open: false,
      form: expect.arrayContaining([expect.stringMatching(/^scheme-form/)]),
    });
    expect(judge(three({}, {}, { s: scheme })).form.join()).toMatch(/scheme-form/);
  });

  it.each<Json>([
    null,
    [],
    {},
    { type: 'apiKey', in: 'cookie', name: 'key' },
    { type: 'http', scheme: 'bearer' },
    { $ref: '#/securityDefinitions/s' },
    { ...JWT20, flow: 'Implicit' },
    { ...JWT20, scopes: ['read'] },
    { ...JWT20, 'x-google-issuer': 7 },
    { ...JWT20, 'x-google-jwks_uri': null },
    { ...JWT20, 'x-google-audiences': ['a'] },
    { ...JWT20, 'x-google-jwks-uri': 'https://i.example/k' },
    { ...JWT20, 'x-google-issuers': 'https://i.example' },
    { ...JWT20, 'x-google-jwt-location': [] },
    { ...JWT20, 'x-google-jwt-locations': ['authorization'] },
    { ...JWT20, 'x-jwks_uri': 'https://i.example/k' },
  ])('%j is refused in 2.0', (scheme) => {
    expect(judge(two(used, {}, { s: scheme }))).toMatchObject({
      open: false,
      form: expect.arrayContaining([expect.stringMatching(/^scheme-form/)]),
    });
  });

  it.each<JsonObject>([
    { type: 'http', scheme: 'bearer', in: 'header', name: 'JWT', bearerFormat: 'JWT' },
    { type: 'http', scheme: 'bearer', description: null, bearerFormat: null, deprecated: false },
    { type: 'http', scheme: 'basic', bearerFormat: 'JWT', description: 7 },
    { type: 'apiKey', in: 'header', name: 'Authorization', scheme: 'Bearer', bearerFormat: 'JWT' },
    { type: 'oauth2', name: 'a', in: 'header', flows: { password: { tokenUrl: '/t' } } },
    { type: 'oauth2', flows: { password: { tokenUrl: '/t', scopes: null } } },
    { type: 'oauth2', flows: { password: { tokenUrl: '/t', scopes: [] } } },
    { type: 'oauth2', flows: { password: { tokenUrl: '/t', scopes: { read: null } } } },
    { type: 'oauth2', flows: { implicit: { authorizationUrl: '/a', tokenUrl: '/t', scopes: {} } } },
    { type: 'oauth2', flows: { clientCredentials: { authorizationUrl: '/a', tokenUrl: '/t' } } },
    { type: 'oauth2', flows: { implicit: null, password: { tokenUrl: '/t', scopes: {} } } },
    { type: 'oauth2', flows: { deviceAuthorization: { deviceAuthorizationUrl: '/d', tokenUrl: '/t' } } },
    { type: 'openIdConnect', name: 'x', openIdConnectUrl: 'https://i.example' },
  ])('%j has what the gateway never looks at, and is taken', (scheme) => {
    for (const extension of [{}, { 'x-google-auth': AUTH }]) {
      const source = three(used, {}, { s: { ...scheme, ...extension }, other: scheme });
      expect(judge(source)).toMatchObject({ form: [], open: false });
      for (const dialect of ['swagger2', 'openapi3'] as const) {
        const { text } = emit(source, { dialect, backend: 'https://b.example' }) as { text: string };
        expect(judge(text).form).toEqual([]);
      }
    }
  });

  it.each<JsonObject>([
    { type: 'basic', scheme: 'basic', description: null },
    { type: 'apiKey', in: 'header', name: 'Authorization', scheme: 'bearer', bearerFormat: 'JWT' },
    { type: 'oauth2', 'x-google-issuer': 'https://i.example', 'x-google-jwks_uri': 'https://i.example/k' },
    { type: 'oauth2', authorizationUrl: '', 'x-google-issuer': 'https://i.example' },
    { ...JWT20, flow: 'accessCode' },
    { ...JWT20, tokenUrl: '/t', scopes: null },
  ])('%j is taken in 2.0', (scheme) => {
    expect(judge(two(used, {}, { s: scheme }))).toMatchObject({ form: [], open: false });
  });

  it('of another version are only refused where they are required', () => {
    for (const scheme of [
      { type: 'mutualTLS' },
      { type: 'basic' },
      { type: 'oauth2', flow: 'implicit', authorizationUrl: '/a', scopes: {} },
    ]) {
      const old = { openapi: '3.0.3' };
      const unused = three({ ...old, security: [{ key: [] }] }, {}, { key: KEY, s: scheme });
      expect(judge(unused).errors).toEqual([]);
      expect(judge(three({ ...old, ...used }, {}, { s: scheme })).form.join()).toMatch(/^scheme-form/);
      expect(judge(three(old, { security: ['s'] }, { s: scheme })).form.join()).toMatch(/scheme-form/);
    }
  });

  it('are an object, in the place of their version', () => {
    for (const schemes of [[], [KEY], 'key', [{ key: KEY }]]) {
      expect(judge(three({}, {}, schemes)).form.join()).toContain('scheme-form /components/securitySchemes');
      expect(judge(two({}, {}, schemes)).form.join()).toContain('scheme-form /securityDefinitions');
    }
    expect(judge(three({ components: [] })).form).toEqual(['scheme-form /components']);
    expect(judge(three({ securityDefinitions: { key: KEY } })).form).toEqual([
      'security-misplaced /securityDefinitions',
    ]);
    expect(judge(three({ securitySchemes: { key: KEY } })).form).toEqual([
      'security-misplaced /securitySchemes',
    ]);
    expect(judge(two({ components: { securitySchemes: { key: KEY } } })).form).toEqual([
      'security-misplaced /components/securitySchemes',
    ]);
    expect(judge(two({ securitySchemes: {} })).form).toEqual(['security-misplaced /securitySchemes']);
  });

  it('may be written in both of the families of Google, of which one says what the other leaves out', () => {
    const { audiences: _, ...bare } = AUTH;
    for (const scheme of [
      { ...JWT, 'x-google-auth': bare, 'x-google-audiences': 'x, y' },
      { ...JWT, 'x-google-auth': { ...AUTH, audiences: ['y', 'x'] }, 'x-google-audiences': 'x,y' },
      { ...JWT, 'x-google-auth': { ...AUTH, audiences: ['x', 'y'] }, 'x-google-issuer': AUTH.issuer ?? '' },
    ]) {
      expect(judge(three(used, {}, { s: scheme }))).toMatchObject({ form: [], open: false });
      const result = emit(three(used, {}, { s: scheme }), {
        dialect: 'openapi3',
        backend: 'https://b.example',
      });
      const { audiences } = (result.document as unknown as Emitted).components.securitySchemes.s[
        'x-google-auth'
      ];
      expect([...audiences].sort()).toEqual(['x', 'y']);
    }
  });

  it('may be an empty section, as long as nothing is required', () => {
    for (const source of [
      three({}, {}, null),
      three({ components: null }),
      two({}, {}, null),
      two({ securityDefinitions: null }),
    ])
      expect(judge(source).errors).toEqual([]);
    for (const source of [three(used, {}, null), three({ ...used, components: null }), two(used, {}, null)]) {
      const { errors, open } = judge(source);
      expect(errors.map(({ code }) => code)).toEqual(['scheme-undefined']);
      expect(open).toBe(false);
    }
  });

  it('keep their audiences when a mapping has none', () => {
    const audiencesWith = (scheme: JsonObject, audiences?: readonly string[]) => {
      const mapping = { issuer: 'https://mine.example', ...(audiences === undefined ? {} : { audiences }) };
      const result = emit(three(used, {}, { s: scheme }), {
        dialect: 'openapi3',
        backend: 'https://b.example',
        jwt: { s: mapping },
      });
      return (result.document as unknown as Emitted).components.securitySchemes.s['x-google-auth'].audiences;
    };
    expect(audiencesWith(JWT)).toEqual(['a']);
    expect(audiencesWith(JWT, ['b'])).toEqual(['b']);
    expect(audiencesWith({ type: 'http', scheme: 'bearer', 'x-google-audiences': 'x,y' })).toEqual([
      'x',
      'y',
    ]);
  });

  it('may have a summary and a description beside a reference, and extensions of other people', () => {
    const schemes = {
      key: { $ref: '#/components/securitySchemes/k', description: 'd', summary: 's', 'x-own': 1 },
      k: KEY,
    };
    expect(judge(three({ security: [{ key: [] }] }, {}, schemes))).toMatchObject({ form: [], open: false });
  });

  it('may stand elsewhere in 3.x', () => {
    const chain = {
      key: { $ref: '#/components/securitySchemes/other' },
      other: { $ref: '#/components/x-keys/k' },
    };
    const source = three({
      security: [{ key: [] }],
      components: { securitySchemes: chain, 'x-keys': { k: KEY } },
    });
    expect(judge(source)).toMatchObject({ form: [], open: false });
  });
});

describe('keys that look like protection', () => {
  const one = [{ key: [] }];

  it.each([
    'Security',
    'SECURITY',
    'securities',
    'securty',
    'secuirty',
    'sekurity',
    'security ',
    ' security',
    'security\u200b',
    'ｓｅｃｕｒｉｔｙ',
    'ѕесurіtу',
    'sécurité',
    'se-cu-ri-ty',
    'security:',
    'x-Security',
    'X-SECURITY',
    'x_security',
    'securityRequirement',
    'SecurityRequirements',
    'authorizations',
    'security:\u2028  - key',
    '$security',
  ])('%j is refused at the root, in a path, in an operation and in info', (key) => {
    for (const [source, pointer] of [
      [three({ [key]: one }), `/${key}`],
      [three({}, { [key]: one }), `/paths/~1a/get/${key}`],
      [two({}, { [key]: one }), `/paths/~1a/get/${key}`],
      [api({ '/a': { [key]: one, get: operation({ operationId: 'a' }) } }), `/paths/~1a/${key}`],
      [three({ info: { title: 'T', version: '1', [key]: one } }), `/info/${key}`],
    ] as const)
      expect(judge(source)).toMatchObject({ form: [`security-misspelled ${pointer}`], open: false });
  });

  it.each([
    ['info', { info: { title: 'T', version: '1', security: one } }, '/info/security'],
    ['components', { components: { security: one } }, '/components/security'],
    ['servers', { servers: [{ url: '/', security: one }] }, '/servers/0/security'],
    ['tags', { tags: [{ name: 't', security: one }] }, '/tags/0/security'],
    [
      'a path',
      { paths: { '/a': { security: one, get: operation({ operationId: 'a' }) } } },
      '/paths/~1a/security',
    ],
    [
      'paths',
      { paths: { security: one, '/a': { get: operation({ operationId: 'a' }) } } },
      '/paths/security',
    ],
    [
      'responses',
      {
        paths: {
          '/a': { get: { operationId: 'a', responses: { security: one, 200: { description: '' } } } },
        },
      },
      '/paths/~1a/get/responses/security',
    ],
    [
      'a response',
      {
        paths: {
          '/a': { get: { operationId: 'a', responses: { 200: { description: '', security: one } } } },
        },
      },
      '/paths/~1a/get/responses/200/security',
    ],
    [
      'a parameter',
      { paths: { '/a': { get: operation({ parameters: [{ name: 'p', in: 'query', security: one }] }) } } },
      '/paths/~1a/get/parameters/0/security',
    ],
    [
      'a body',
      { paths: { '/a': { post: operation({ requestBody: { content: {}, security: one } }) } } },
      '/paths/~1a/post/requestBody/security',
    ],
  ] as const)('`security` is refused in %s', (_, rest, pointer) => {
    const { form, open } = judge(three(rest as unknown as JsonObject));
    expect(form).toContain(`security-misplaced ${pointer}`);
    expect(open).toBe(false);
  });

  it.each([
    'SecuritySchemes',
    'securitySchemas',
    'securityScheme',
    'security_schemes',
    'securityShemes',
    'SecurityDefinitions',
    'securityDefinition',
  ])('%s is refused', (key) => {
    expect(judge(three({ components: { [key]: { key: KEY } } })).form.join()).toContain(
      `security-misspelled /components/${key}`,
    );
    expect(judge(two({ [key]: { key: KEY } })).form.join()).toContain(`security-misspelled /${key}`);
  });

  it('are refused beside a reference, too', () => {
    const pathItems = { a: { get: operation({ operationId: 'a' }) } };
    const source = three({
      paths: { '/a': { $ref: '#/components/pathItems/a', security: one } },
      components: { pathItems, securitySchemes: { key: KEY } },
    });
    expect(judge(source)).toMatchObject({ form: ['security-misplaced /paths/~1a/security'], open: false });
  });

  const response = (fields: JsonObject): JsonObject => ({
    paths: { '/a': { get: operation({ responses: { 200: { description: '', ...fields } } }) } },
  });
  const ofGet = (fields: JsonObject): JsonObject => ({ paths: { '/a': { get: operation(fields) } } });
  const components = (fields: JsonObject): JsonObject => ({
    components: { securitySchemes: { key: KEY, jwt: JWT }, ...fields },
  });
  const json = (fields: JsonObject): JsonObject => ({ content: { 'application/json': fields } });
  const here = { security: one };

  it.each<readonly [string, JsonObject]>([
    ['/content', response({ content: here })],
    ['/content/application~1json', response(json(here))],
    ['/content/application~1json/schema', response(json({ schema: { type: 'object', ...here } }))],
    ['/schema/properties/p', response(json({ schema: { type: 'object', properties: { p: here } } }))],
    ['/links', response({ links: here })],
    ['/links/l', response({ links: { l: { operationId: 'a', ...here } } })],
    ['/headers', response({ headers: here })],
    ['/headers/h', response({ headers: { h: { schema: {}, ...here } } })],
    ['/requestBody/content', ofGet({ requestBody: { content: here } })],
    ['/parameters/0/schema', ofGet({ parameters: [{ name: 'p', in: 'query', schema: here }] })],
    ['/callbacks', ofGet({ callbacks: here })],
    ['/callbacks/c', ofGet({ callbacks: { c: here } })],
    ['/callbacks/c/u', ofGet({ callbacks: { c: { u: here } } })],
    ['/externalDocs', ofGet({ externalDocs: { url: 'https://x.example', ...here } })],
    ['/components/responses', components({ responses: here })],
    ['/components/responses/r', components({ responses: { r: { description: '', ...here } } })],
    ['/components/parameters/p', components({ parameters: { p: { name: 'p', in: 'query', ...here } } })],
    ['/components/requestBodies/b', components({ requestBodies: { b: { content: {}, ...here } } })],
    ['/components/schemas', components({ schemas: here })],
    ['/components/schemas/s', components({ schemas: { s: here } })],
    ['/components/securitySchemes', components({ securitySchemes: { key: KEY, jwt: JWT, ...here } })],
    ['/info/contact', { info: { title: 'T', version: '1', contact: here } }],
    ['/info/license', { info: { title: 'T', version: '1', license: { name: 'l', ...here } } }],
    ['/externalDocs', { externalDocs: { url: 'https://x.example', ...here } }],
    ['/tags/0/externalDocs', { tags: [{ name: 't', externalDocs: here }] }],
    ['/servers/0/variables', { servers: [{ url: '/', variables: here }] }],
    ['/servers/0/variables/v', { servers: [{ url: '/', variables: { v: { default: 'a', ...here } } }] }],
    ['/webhooks', { webhooks: here }],
    ['/webhooks/w', { webhooks: { w: here } }],
    ['/x-google-api-management', { 'x-google-api-management': here }],
    ['/x-google-api-management/mcp', { 'x-google-api-management': { mcp: here } }],
  ])('are refused deeper down: %s', (where, rest) => {
    for (const security of [
      one,
      ['key'],
      [{ key: [], jwt: [] }, 'jwt'],
      [{ key: null }],
      [{ Key: [] }, { jwt: [] }],
    ]) {
      const changed = JSON.parse(JSON.stringify(rest).replace(JSON.stringify(one), JSON.stringify(security)));
      const { form, open } = judge(three(changed));
      expect(form.join()).toMatch(/(security-misplaced|scheme-form) \S*/);
      expect(form.join()).toContain(`${where}/security`);
      expect(open).toBe(false);
    }
  });

  it.each<readonly [string, JsonObject]>([
    ['/definitions', { definitions: here }],
    ['/parameters', { parameters: here }],
    ['/parameters/p', { parameters: { p: { name: 'p', in: 'query', type: 'string', ...here } } }],
    ['/responses', { responses: here }],
    ['/responses/r', { responses: { r: { description: '', ...here } } }],
    ['/x-google-management', { 'x-google-management': here }],
    ['/x-google-management/quota', { 'x-google-management': { quota: here } }],
    ['/x-google-endpoints/0', { 'x-google-endpoints': [{ name: 'n', ...here }] }],
  ])('are refused deeper down in 2.0: %s', (where, rest) => {
    expect(judge(two(rest)).form.join()).toContain(`security-misplaced ${where}/security`);
    expect(judge(two(rest)).open).toBe(false);
  });

  it('are refused below a `<<` that merges nothing', () => {
    for (const source of [
      three({}, { '<<': here }),
      three({}, { '<<': { security: 'key' } }),
      three({ '<<': here }),
      two({}, { '<<': { Security: one } }),
    ]) {
      expect(judge(source).form.join()).toMatch(/^security-mis\w+ \S*\/<<\/[sS]ecurity$/);
      expect(judge(source).open).toBe(false);
    }
  });

  it("leave somebody else's `x-security` alone where 3.x protects nothing", () => {
    const own = { 'x-security': 'internal' };
    const rest = {
      info: { title: 'T', version: '1', ...own },
      tags: [{ name: 't', ...own }],
      servers: [{ url: '/', ...own }],
    };
    const fields = {
      parameters: [{ name: 'p', in: 'query', schema: {}, ...own }],
      responses: { 200: { description: '', ...own } },
    };
    expect(judge(three(rest, fields)).form).toEqual([]);
    expect(judge(two({ servers: rest.servers })).form).toEqual(['security-misplaced /servers/0/x-security']);
    expect(judge(two({ tags: rest.tags })).form).toEqual(['security-misplaced /tags/0/x-security']);
  });

  it('are left alone where they are names or data', () => {
    const callback = { '{$request.body#/u}': { post: operation({ operationId: 'c', security: one }) } };
    const get = operation({
      operationId: 'a',
      security: one,
      'x-own': here,
      callbacks: { security: callback },
      responses: {
        200: {
          description: '',
          headers: { security: { schema: { type: 'string' } } },
          links: { security: { operationId: 'a', parameters: here } },
          ...json({
            schema: {
              type: 'object',
              properties: { security: { type: 'array', default: ['key'], example: one } },
              dependentRequired: { security: ['key'] },
              example: here,
              enum: [here],
            },
            examples: { security: { value: here } },
          }),
        },
      },
    });
    const source = three({
      paths: { '/security': { get } },
      webhooks: { security: { post: operation({ operationId: 'w', security: one }) } },
      ...components({
        schemas: { security: { type: 'object', properties: { key: { type: 'array' } } } },
        pathItems: { unused: { get: operation({ operationId: 'u', security: one }) } },
      }),
    });
    expect(judge(source).form).toEqual([]);
  });

  it('are refused on each hop of a chain of references, in each file', () => {
    const files = new Map<string, string>([
      ['b.yaml', '$ref: c.yaml\nsecurity: [{key: []}]\n'],
      ['c.yaml', '$ref: d.yaml\n'],
      ['d.yaml', "get: {operationId: a, responses: {'200': {description: ok}}}\n"],
    ]);
    const source = three({ paths: { '/a': { $ref: 'b.yaml' } } });
    const read = readDocument({ path: 'api.json', text: JSON.stringify(source) }, (path) => files.get(path));
    if (read.document === undefined) throw new Error('unread');
    const { findings, doubts } = checkForm(read.document);
    expect(findings.map(({ code, place }) => `${code} ${place}`)).toEqual([
      'security-misplaced b.yaml#/security',
    ]);
    expect(doubts('d.yaml#/get')).toBe(true);
  });

  it.each(['get', 'post', 'parameters', 'servers'])('%s beside a reference is refused', (key) => {
    const pathItems = { a: { get: operation({ operationId: 'a' }) } };
    const beside = key === 'get' || key === 'post' ? operation({ security: one }) : [];
    const source = three({
      paths: { '/a': { $ref: '#/components/pathItems/a', summary: 's', description: 'd', [key]: beside } },
      components: { pathItems, securitySchemes: { key: KEY } },
    });
    const { errors, open } = judge(source);
    expect(errors.map(({ code, pointer }) => `${code} ${pointer}`)).toContain(
      `beside-reference /paths/~1a/${key}`,
    );
    expect(open).toBe(false);
  });

  it('are known by what they hold, in any language', () => {
    for (const source of [
      three({ Sicherheit: one }),
      three({}, { Sicherheit: one }),
      two({}, { schutz: one }),
    ]) {
      expect(judge(source).form.join()).toMatch(/^security-misspelled/);
      expect(judge(source).open).toBe(false);
    }
    expect(judge(three({ 'x-own': one })).form).toEqual([]);
  });

  it('are only looked for where protection can stand', () => {
    const named = {
      type: 'object',
      properties: { security: { type: 'string' }, Security: {} },
      example: { security: ['key'], securty: 1 },
    };
    const paths = {
      '/security': {
        parameters: [{ name: 'security', in: 'header', schema: { enum: ['Security'] } }],
        get: operation({
          tags: ['security'],
          operationId: 'security',
          security: one,
          'x-amazon-apigateway-authtype': 'iam',
          'x-severity': 1,
        }),
      },
    };
    const source = api(paths, {
      tags: [{ name: 'security' }],
      'x-securitytrails': 1,
      components: {
        schemas: { security: named, Security: named },
        responses: { security: { description: '' } },
        securitySchemes: { security: KEY, key: KEY },
      },
    });
    expect(judge(source).form).toEqual([]);
  });
});

describe("the form of Google's extensions", () => {
  it.each<JsonObject>([
    { 'x-google-allow': 'All' },
    { 'x-google-allow': ['all'] },
    { 'x-google-allow': true },
    { 'x-google-endpoints': { name: 'a', allowCors: true } },
    { 'x-google-endpoints': [{ name: 'a', allowCors: 'true' }] },
    { 'x-google-endpoints': [{ name: 'a', allowCORS: true }] },
    { 'x-google-backend': ['b'] },
    { 'x-google-backend': { address: 'https://b.example', disable_Auth: true } },
    { 'x-google-backend': { address: 'https://b.example', disable_auth: 'true' } },
    { 'x-google-backend': { address: 'https://b.example', jwt_audience: ['a'] } },
    { 'x-google-management': [] },
    { 'x-google-management': { metrics: { m: {} } } },
    { 'x-google-management': { quotas: {} } },
    { 'x-google-management': { quota: { limits: [{ name: 'l', metric: 'm', values: 5 }] } } },
    { 'x-google-management': { quota: { limits: [{ name: 'l', metric: 'm', value: { STANDARD: 5 } }] } } },
    {
      'x-google-management': {
        quota: { limits: [{ name: 'l', metric: 'm', values: { STANDARD: 'many' } }] },
      },
    },
  ])('%j is refused in 2.0', (extension) => {
    expect(judge(two(extension)).form.join()).toMatch(/^google-form/);
  });

  it.each<JsonObject>([
    { 'x-google-api-management': [] },
    {
      'x-google-api-management': { backends: { b: { address: 'https://b.example', disableAuth: 'false' } } },
    },
    { 'x-google-api-management': { backends: { b: { address: 'https://b.example', jwt_audiance: 'a' } } } },
    { 'x-google-api-management': { backends: [] } },
    { 'x-google-api-management': { quota: { limits: { l: { metric: 'm', values: { STANDARD: 5 } } } } } },
    { 'x-google-api-management': { Quota: {} } },
    { servers: [{ url: '/', 'x-google-endpoint': { allowCors: 'yes' } }] },
    { servers: [{ url: '/', 'x-google-endpoint': true }] },
  ])('%j is refused in 3.x', (extension) => {
    expect(judge(three(extension)).form.join()).toMatch(/^google-form/);
  });

  it.each([
    ['x-google-quota', { metricCosts: [] }],
    ['x-google-quota', { metricCost: { m: 1 } }],
    ['x-google-quota', { metricCosts: { m: '1 a minute' } }],
    ['x-google-backend', { address: 'https://b.example', disable_auth: 1 }],
  ])('%s: %j is refused in an operation', (key, value) => {
    expect(judge(two({}, { [key]: value })).form.join()).toMatch(/^google-form/);
  });

  it.each(['x-google-issuer', 'x-google-auth', 'x-google-audiences'])(
    '%s is refused outside a scheme',
    (key) => {
      expect(judge(two({}, { [key]: 'x' })).form.join()).toContain(
        `security-misplaced /paths/~1a/get/${key}`,
      );
      expect(judge(two({ [key]: 'x' })).form.join()).toContain(`security-misplaced /${key}`);
    },
  );

  it('requirements that name no scheme of the document are refused where nobody reads them, too', () => {
    const management = { 'x-google-api-management': { security: [{ 'bea rer': [] }] } };
    expect(judge(three(management)).form.join()).toContain('/x-google-api-management/security');
  });

  it('protects the list of MCP tools as it protects operations', () => {
    const management = (security: Json): JsonObject => ({
      'x-google-api-management': { mcp: { 'tools-list': { security } } },
    });
    expect(judge(three(management(['key']))).form).toEqual([
      'security-form /x-google-api-management/mcp/tools-list/security/0',
    ]);
    const result = emit(three(management([{ jwt: [] }])), {
      dialect: 'openapi3',
      backend: 'https://b.example',
    });
    expect(result.document).toMatchObject({
      'x-google-api-management': { mcp: { 'tools-list': { security: [{ jwt: [] }] } } },
      components: { securitySchemes: { jwt: { 'x-google-auth': AUTH } } },
    });
  });
});
