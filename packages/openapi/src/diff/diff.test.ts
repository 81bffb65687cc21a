import { describe, expect, it } from 'vitest';
import { api, convert, operation } from '../../test/convert.ts';
import type { JsonObject } from '../json.ts';
import { operationsOf } from '../operations-of.ts';
import { diffOperations } from './diff.ts';
import { diffMarkdown, diffText } from './text.ts';

const operations = (paths: JsonObject, apiKey = false) =>
  operationsOf(convert(api(paths), { apiKey, dialect: 'openapi3' }).emitted.contents);
const query = (required: boolean) => ({
  parameters: [{ name: 'q', in: 'query', required, schema: { type: 'string' } }],
});

describe('diffOperations', () => {
  it('tells added, removed and changed apart', () => {
    const before = operations({
      '/a/{x}': { get: operation({ operationId: 'a' }) },
      '/b': { get: operation() },
    });
    const after = operations({
      '/a/{y}': { get: operation({ operationId: 'a' }) },
      '/c': { get: operation() },
    });
    const diff = diffOperations(before, after);
    expect(diff.added.map(({ path }) => path)).toEqual(['/c']);
    expect(diff.removed.map(({ path }) => path)).toEqual(['/b']);
    expect(diff.changed).toEqual([]);
  });

  it('knows what breaks a caller', () => {
    const open = operations({ '/a': { get: operation() } });
    const change = (after: typeof open) => diffOperations(open, after).changed[0];
    expect(change(operations({ '/a': { get: operation() } }, true))).toMatchObject({
      breaking: true,
      changes: ['security: open → api-key'],
    });
    expect(change(operations({ '/a': { get: operation(query(true)) } }))).toMatchObject({ breaking: true });
    expect(change(operations({ '/a': { get: operation(query(false)) } }))).toMatchObject({ breaking: false });
  });

  it('reads the same operations back from either dialect', () => {
    const source = api({ '/a/{x}': { post: operation({ operationId: 'a', ...query(true) }) } });
    const [old, current] = (['swagger2', 'openapi3'] as const).map(
      (dialect) => convert(source, { dialect, apiKey: true }).emitted,
    );
    expect(operationsOf(old?.contents ?? '')).toEqual(old?.operations);
    expect(current?.operations).toEqual(old?.operations);
    expect(operationsOf('no document')).toEqual([]);
  });
});

/** What changes for callers when a body or an answer changes its schema; `!` in front of what breaks them. */
function changed(way: 'request' | 'response', before: JsonObject, after: JsonObject): readonly string[] {
  const of = (schema: JsonObject) => {
    const content = { 'application/json': { schema } };
    const fields =
      way === 'request' ? { requestBody: { content } } : { responses: { 200: { description: '', content } } };
    return operations({ '/a': { post: operation({ operationId: 'a', ...fields }) } });
  };
  const [change] = diffOperations(of(before), of(after)).changed;
  return (change?.details ?? []).map(({ text, breaking }) => `${breaking ? '!' : ''}${text}`);
}

const object = (properties: JsonObject, required: string[] = []): JsonObject => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
});
const text: JsonObject = { type: 'string' };

/** A discriminator, with schemas by their values. */
function told(propertyName: string, mapping?: Readonly<Record<string, string>>): JsonObject {
  if (mapping === undefined) return { propertyName };
  const targets = Object.entries(mapping).map(([value, name]) => [value, `#/components/schemas/${name}`]);
  return { propertyName, mapping: Object.fromEntries(targets) };
}

describe('what callers see', () => {
  it.each<readonly ['request' | 'response', JsonObject, JsonObject, readonly string[]]>([
    ['request', object({ a: text }), object({ a: text, b: text }), ['body.b: added']],
    ['request', object({ a: text }), object({ a: text, b: text }, ['b']), ['!body.b: added, required']],
    ['request', object({ a: text }), object({ a: text }, ['a']), ['!body.a: required now']],
    ['request', object({ a: text }, ['a']), object({ a: text }), ['body.a: optional now']],
    ['request', text, { type: 'integer' }, ['!body: string → integer']],
    ['request', { type: 'integer' }, { type: 'number' }, ['body: integer → number']],
    ['request', { type: ['string', 'null'] }, text, ['!body: null or string → string']],
    ['request', { ...text, enum: ['a', 'b'] }, { ...text, enum: ['a'] }, ['!body: value b removed']],
    ['request', { ...text, enum: ['a'] }, { ...text, enum: ['a', 'b'] }, ['body: value b added']],
    ['request', text, { ...text, maxLength: 5 }, ['!body: maxLength none → 5']],
    ['request', { ...text, pattern: 'a' }, { ...text, pattern: '' }, ['body: pattern a → ']],
    ['request', { ...text, maxLength: 5 }, { ...text, maxLength: 9 }, ['body: maxLength 5 → 9']],
    [
      'request',
      object({}),
      { ...object({}), additionalProperties: false },
      ['!body: no other properties now'],
    ],
    [
      'response',
      object({ a: text }),
      object({ b: text }),
      ['!response 200.a: removed', 'response 200.b: added'],
    ],
    ['response', object({ a: text }, ['a']), object({ a: text }), ['!response 200.a: optional now']],
    ['response', { type: 'number' }, { type: 'integer' }, ['response 200: number → integer']],
    ['response', text, { type: ['string', 'null'] }, ['!response 200: string → null or string']],
    ['response', { ...text, enum: ['a'] }, { ...text, enum: ['a', 'b'] }, ['!response 200: value b added']],
    [
      'response',
      { type: 'array', items: text },
      { type: 'array', items: { type: 'integer' } },
      ['!response 200[]: string → integer'],
    ],
    ['response', object({ a: { ...text, writeOnly: true } }), object({}), []],
  ])('%s: %j → %j', (way, before, after, expected) => {
    expect(changed(way, before, after)).toEqual(expected);
  });

  it('are media types, statuses and headers, too, each with its place', () => {
    const of = (response: JsonObject, rest: JsonObject = {}) =>
      operations({
        '/a': {
          get: operation({ operationId: 'a', responses: { 200: { description: '', ...response }, ...rest } }),
        },
      });
    const before = of(
      { content: { 'application/json': {} }, headers: { 'X-Next': { schema: text } } },
      { 201: { description: '' }, 404: { description: '' } },
    );
    const after = of({ content: { 'text/csv': {} } }, { 409: { description: '' } });
    const at = '/paths/~1a/get/responses';
    expect(diffOperations(before, after).changed[0]?.details).toEqual([
      {
        text: 'response 200: application/json removed',
        breaking: true,
        pointer: `${at}/200/content/application~1json`,
      },
      { text: 'response 200: text/csv added', breaking: false, pointer: `${at}/200/content/text~1csv` },
      { text: 'response 200 header x-next: removed', breaking: true, pointer: `${at}/200/headers/X-Next` },
      { text: 'response 201: removed', breaking: true, pointer: `${at}/201` },
      { text: 'response 404: removed', breaking: false, pointer: `${at}/404` },
      { text: 'response 409: added', breaking: false, pointer: `${at}/409` },
    ]);
  });

  it.each<
    readonly ['request' | 'response', JsonObject | undefined, JsonObject | undefined, readonly string[]]
  >([
    ['request', told('kind'), told('kind'), []],
    ['request', undefined, told('kind'), ['body: discriminator kind added']],
    ['response', told('kind'), undefined, ['response 200: discriminator kind removed']],
    ['response', told('kind'), told('sort'), ['!response 200: discriminator kind → sort']],
    ['request', told('k', { a: 'A' }), told('k', {}), ['!body: discriminator value a removed']],
    ['response', told('k', {}), told('k', { a: 'A' }), ['response 200: discriminator value a added']],
    ['request', told('k', { a: 'A' }), told('k', { a: 'B' }), ['!body: discriminator value a: A → B']],
  ])('are what tells the members of a union apart, in a %s: %j → %j', (way, before, after, expected) => {
    const of = (discriminator: JsonObject | undefined): JsonObject => {
      const member = (n: string) => ({ title: n, ...object({ n: { ...text, enum: [n] } }, ['n']) });
      return { oneOf: [member('A'), member('B')], ...(discriminator === undefined ? {} : { discriminator }) };
    };
    expect(changed(way, of(before), of(after))).toEqual(expected);
  });

  it('are the scopes of tokens', () => {
    const of = (scopes: readonly string[], key = false) => {
      const flows = { implicit: { authorizationUrl: 'https://i.example', scopes: { read: '', write: '' } } };
      const securitySchemes = {
        login: { type: 'oauth2', flows },
        key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      };
      const security = [{ login: [...scopes], ...(key ? { key: [] } : {}) }];
      const source = api({ '/a': { get: operation({ security }) } }, { components: { securitySchemes } });
      const jwt = [{ scheme: 'login', issuer: 'https://i.example' }];
      return operationsOf(convert(source, { dialect: 'openapi3', jwt }).emitted.contents);
    };
    expect(diffOperations(of(['read']), of(['write'])).changed[0]?.details).toEqual([
      {
        text: 'security: scope write of login added',
        breaking: true,
        pointer: '/paths/~1a/get/security',
      },
      {
        text: 'security: scope read of login removed',
        breaking: false,
        pointer: '/paths/~1a/get/security',
      },
    ]);
    // Other schemes are a change of their own.
    expect(diffOperations(of(['read']), of(['write'], true)).changed[0]?.changes).toEqual([
      'security: jwt → api-key+jwt',
    ]);
  });

  it('ends where a schema refers to itself', () => {
    const of = (leaf: JsonObject) => {
      const tree = object({ leaf, child: { $ref: '#/components/schemas/T' } });
      const content = { 'application/json': { schema: { $ref: '#/components/schemas/T' } } };
      const source = api(
        { '/a': { get: operation({ operationId: 'a', responses: { 200: { description: '', content } } }) } },
        { components: { schemas: { T: tree } } },
      );
      return operationsOf(convert(source, { dialect: 'openapi3' }).emitted.contents);
    };
    expect(diffOperations(of(text), of({ type: 'integer' })).changed[0]?.changes).toEqual([
      'response 200.leaf: string → integer',
    ]);
  });
});

describe('a difference in words', () => {
  const before = operations({
    '/a': { get: operation() },
    '/b': { get: operation({ operationId: 'b' }) },
  });
  const after = operations({
    '/b': { get: operation({ operationId: 'b', ...query(true) }) },
    '/c': { get: operation() },
  });

  it('is text for a terminal, with what breaks marked', () => {
    expect(diffText(diffOperations(before, after))).toBe(
      [
        '! - GET /a',
        '! ~ GET /b',
        '    ! query parameter q: added, required  (/paths/~1b/get/parameters/0)',
        '  + GET /c (open)',
        '1 added, 1 removed, 1 changed; 2 break callers.',
        '',
      ].join('\n'),
    );
    expect(diffText(diffOperations(before, before))).toBe('No operation differs.\n');
  });

  it('is Markdown for a summary', () => {
    expect(diffMarkdown(diffOperations(before, after))).toBe(
      [
        '1 added, 1 removed, 1 changed; 2 break callers.',
        '',
        '| Operation | Change | Breaks callers |',
        '|---|---|---|',
        '| `GET /a` | removed | **yes** |',
        '| `GET /b` | query parameter q: added, required | **yes** |',
        '| `GET /c` | added (open) | no |',
        '',
      ].join('\n'),
    );
    expect(diffMarkdown(diffOperations(after, after))).toBe('No operation differs.\n');
  });
});
