import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkOpenapi3, checkSwagger2, emit } from '@gangway/openapi';
import { describe, expect, it } from 'vitest';
import { importOpenapi } from '../../packages/emulator/src/google/api-gateway/import/import.ts';

/*
 * The offline check and the local cloud's importer were written apart, from the same facts about Google's. What one
 * takes the other must take, and what one refuses the other must refuse; or else one of them is wrong.
 */

type Json = Record<string, unknown>;
type Dialect = 'swagger2' | 'openapi3';

/** What the local cloud says of a document: `taken`, or why not. */
function imported(document: unknown, dialect: Dialect): string {
  const path = dialect === 'swagger2' ? 'swagger.json' : 'openapi.json';
  const contents = Buffer.from(JSON.stringify(document)).toString('base64');
  try {
    importOpenapi([{ document: { path, contents } }]);
    return 'taken';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.startsWith('Cannot convert to service config.')) throw error;
    return message;
  }
}

function checked(document: unknown, dialect: Dialect): string {
  const violations = (dialect === 'swagger2' ? checkSwagger2 : checkOpenapi3)(document as never);
  return violations.length === 0 ? 'taken' : violations.map(({ message }) => message).join(' ');
}

const get = (fields: Json = {}) => ({
  get: { operationId: 'a', responses: { 200: { description: '' } }, ...fields },
});
const id = { name: 'id', in: 'path', required: true };

function document(dialect: Dialect, paths: Json, rest: Json = {}): Json {
  const info = { title: 'T', version: '1.0.0' };
  if (dialect === 'swagger2') return { swagger: '2.0', info, paths, ...rest };
  const backends = { b: { address: 'https://b.example', disableAuth: true } };
  return {
    openapi: '3.0.3',
    info,
    'x-google-api-management': { backends },
    'x-google-backend': 'b',
    paths,
    ...rest,
  };
}

const typed = (dialect: Dialect, schema: Json) => (dialect === 'swagger2' ? schema : { schema });
const long = `/${'x'.repeat(520)}`;
const many = Array.from({ length: 61 }, (_, nth) => `v${nth}`);
const ids = (names: readonly string[], dialect: Dialect) =>
  names.map((name) => ({ ...id, name, ...typed(dialect, { type: 'string' }) }));

/** Documents that break one rule each. */
const BROKEN: readonly (readonly [rule: string, make: (dialect: Dialect) => Json])[] = [
  ['a trailing slash', (d) => document(d, { '/a/': get() })],
  ['a partial segment', (d) => document(d, { '/{id}.json': get({ parameters: ids(['id'], d) }) })],
  ['an empty segment', (d) => document(d, { '/a//b': get() })],
  ['an unclosed variable', (d) => document(d, { '/{id': get() })],
  ['a variable that is not declared', (d) => document(d, { '/{id}': get() })],
  ['a variable twice', (d) => document(d, { '/{id}/{id}': get({ parameters: ids(['id'], d) }) })],
  ['a variable with a bad name', (d) => document(d, { '/{1}': get({ parameters: ids(['1'], d) }) })],
  ['a pattern in a literal', (d) => document(d, { '/a*': get() })],
  ['a path that is too long', (d) => document(d, { [long]: get() })],
  [
    'too many variables',
    (d) =>
      document(d, { [`/${many.map((name) => `{${name}}`).join('/')}`]: get({ parameters: ids(many, d) }) }),
  ],
  [
    'a list in a path',
    (d) =>
      document(d, {
        '/{id}': get({ parameters: [{ ...id, ...typed(d, { type: 'array', items: { type: 'string' } }) }] }),
      }),
  ],
  ['an operation without a name', (d) => document(d, { '/a': get({ operationId: undefined }) })],
  ['a name twice', (d) => document(d, { '/a': get(), '/b': get() })],
  [
    'names that become one',
    (d) => document(d, { '/a': get({ operationId: 'get-x' }), '/b': get({ operationId: 'getx' }) }),
  ],
  [
    'templates of one shape',
    (d) =>
      document(d, {
        '/{x}': get({ parameters: ids(['x'], d) }),
        '/{y}': get({ operationId: 'b', parameters: ids(['y'], d) }),
      }),
  ],
  [
    'two tokens at once',
    (d) => {
      const google =
        d === 'swagger2'
          ? { 'x-google-issuer': 'https://i.ex' }
          : { 'x-google-auth': { issuer: 'https://i.ex' } };
      const flow = d === 'swagger2' ? { flow: 'implicit', authorizationUrl: 'https://i.ex' } : { flows: {} };
      const scheme = { type: 'oauth2', ...flow, ...google };
      const schemes = { one: scheme, two: scheme };
      const rest =
        d === 'swagger2' ? { securityDefinitions: schemes } : { components: { securitySchemes: schemes } };
      return document(d, { '/a': get({ security: [{ one: [], two: [] }] }) }, rest);
    },
  ],
  [
    'a reference out of the document',
    (d) => {
      const schema = { $ref: 'other.yaml#/A' };
      const response = d === 'swagger2' ? { schema } : { content: { 'application/json': { schema } } };
      return document(
        d,
        { '/a': get({ responses: { 200: { description: '', ...response } } }) },
        { definitions: {} },
      );
    },
  ],
];

const SWAGGER2: readonly (readonly [rule: string, document: Json])[] = [
  ['a port', document('swagger2', { '/a': get() }, { host: 'a.ex:8080' })],
  [
    'a body that is a list',
    document('swagger2', {
      '/a': get({ parameters: [{ name: 'b', in: 'body', schema: { type: 'array', items: {} } }] }),
    }),
  ],
  [
    'a body that is a map',
    document('swagger2', {
      '/a': get({
        parameters: [
          { name: 'b', in: 'body', schema: { type: 'object', additionalProperties: { type: 'string' } } },
        ],
      }),
    }),
  ],
  [
    'two bodies',
    document('swagger2', {
      '/a': get({ parameters: ['b', 'c'].map((name) => ({ name, in: 'body', schema: {} })) }),
    }),
  ],
  [
    'a list of lists',
    document('swagger2', {
      '/a': get({
        parameters: [
          { name: 'p', in: 'query', type: 'array', items: { type: 'array', items: { type: 'string' } } },
        ],
      }),
    }),
  ],
  [
    'an extension in a response',
    document('swagger2', { '/a': get({ responses: { 200: { description: '', 'x-a': 1 } } }) }),
  ],
  [
    'an example of an odd media type',
    document('swagger2', {
      '/a': get({ responses: { 200: { description: '', examples: { 'application/vnd.api+json': {} } } } }),
    }),
  ],
  [
    'a circle of lists',
    document(
      'swagger2',
      { '/a': get() },
      { definitions: { L: { type: 'array', items: { $ref: '#/definitions/L' } } } },
    ),
  ],
  [
    'a circle of maps',
    document(
      'swagger2',
      { '/a': get() },
      { definitions: { M: { type: 'object', additionalProperties: { $ref: '#/definitions/M' } } } },
    ),
  ],
  [
    'a reference to itself',
    document('swagger2', { '/a': get() }, { definitions: { R: { $ref: '#/definitions/R' } } }),
  ],
];

const backends = (b: Json) => ({ 'x-google-api-management': { backends: { b } } });
const OPENAPI3: readonly (readonly [rule: string, document: Json])[] = [
  ['no backends', document('openapi3', { '/a': get() }, { 'x-google-api-management': {} })],
  ['a backend without an address', document('openapi3', { '/a': get() }, backends({ disableAuth: true }))],
  ['a backend that is not defined', document('openapi3', { '/a': get({ 'x-google-backend': 'c' }) })],
  [
    'a backend written out',
    document('openapi3', { '/a': get({ 'x-google-backend': { address: 'https://c.ex' } }) }),
  ],
  [
    'a negative deadline',
    document(
      'openapi3',
      { '/a': get() },
      backends({ address: 'https://b.ex', disableAuth: true, deadline: -1 }),
    ),
  ],
  ['a wildcard of 2.0', document('openapi3', { '/{id=**}': get({ parameters: ids(['id'], 'openapi3') }) })],
  [
    'two endpoints',
    document(
      'openapi3',
      { '/a': get() },
      { servers: ['/a', '/b'].map((url) => ({ url, 'x-google-endpoint': {} })) },
    ),
  ],
  ['a scheme that is not defined', document('openapi3', { '/a': get({ security: [{ gone: [] }] }) })],
];

describe('what Google refuses', () => {
  it.each([
    ...BROKEN.map(([rule, make]) => [rule, 'swagger2', make('swagger2')] as const),
    ...BROKEN.map(([rule, make]) => [rule, 'openapi3', make('openapi3')] as const),
    ...SWAGGER2.map(([rule, broken]) => [rule, 'swagger2', broken] as const),
    ...OPENAPI3.map(([rule, broken]) => [rule, 'openapi3', broken] as const),
  ])('%s is refused in %s by the check and by the importer', (_, dialect, broken) => {
    expect(imported(broken, dialect)).not.toBe('taken');
    expect(checked(broken, dialect)).not.toBe('taken');
  });

  it('is nothing of a plain document', () => {
    for (const dialect of ['swagger2', 'openapi3'] as const) {
      const plain = document(dialect, {
        '/a': get(),
        '/b/{id}': get({ operationId: 'b', parameters: ids(['id'], dialect) }),
      });
      expect([imported(plain, dialect), checked(plain, dialect)]).toEqual(['taken', 'taken']);
    }
  });
});

const CORPUS = process.env.GANGWAY_CORPUS ?? '../shared/corpus';
const MANIFEST = resolve(CORPUS, 'manifest.json');

describe.skipIf(!existsSync(MANIFEST))('documents of the public', () => {
  it.each(['swagger2', 'openapi3'] as const)('are judged alike as %s', (dialect) => {
    const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { file: string; valid_input: boolean }[];
    const disagreements: string[] = [];
    const refused: string[] = [];
    let taken = 0;
    for (const { file, valid_input } of manifest) {
      const text = readFileSync(resolve(CORPUS, file), 'utf8');
      for (const options of [{}, wishes(JSON.parse(text))]) {
        const emitted = emit(text, { dialect, backend: 'https://app.example', ...options });
        if (emitted.document === undefined) continue;
        const [ours, theirs] = [checked(emitted.document, dialect), imported(emitted.document, dialect)];
        if ((ours === 'taken') !== (theirs === 'taken')) disagreements.push(`${file}: ${ours} / ${theirs}`);
        if (theirs === 'taken') taken += 1;
        else if (valid_input) refused.push(`${file}: ${theirs}`);
      }
    }
    expect(disagreements).toEqual([]);
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(600);
  });
});

/** What an operator would ask for: a key, an issuer for every token, and the rest left to the backend. */
function wishes(root: Json): {
  apiKey: true;
  jwt: Record<string, { issuer: string }>;
  passthrough: string[];
} {
  const components = root.components as { securitySchemes?: Record<string, Json> } | undefined;
  const jwt: Record<string, { issuer: string }> = {};
  const passthrough: string[] = [];
  for (const [name, { type, scheme }] of Object.entries(components?.securitySchemes ?? {})) {
    const isToken =
      type === 'oauth2' || type === 'openIdConnect' || String(scheme).toLowerCase() === 'bearer';
    if (isToken) jwt[name] = { issuer: 'https://issuer.example' };
    else passthrough.push(name);
  }
  return { apiKey: true, jwt, passthrough };
}
