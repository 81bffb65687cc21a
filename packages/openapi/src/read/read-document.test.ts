import { describe, expect, it } from 'vitest';
import { emit } from '../emit/emit.ts';
import { readDocument } from './read-document.ts';

const YAML = `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /items/{id}.json:
    get:
      responses: {200: {description: ok}}
`;

function failure(text: string): string {
  const { document, diagnostics } = readDocument({ path: 'a.yaml', text });
  expect(document).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
  return `${diagnostics[0]?.code} ${diagnostics[0]?.line}:${diagnostics[0]?.column}`;
}

describe('readDocument', () => {
  it.each([
    ['YAML', YAML],
    [
      'JSON',
      JSON.stringify({ openapi: '3.1.0', info: {}, paths: { '/items/{id}.json': { get: {} } } }, null, 2),
    ],
  ])('gives diagnostics the line and column of %s', (_, text) => {
    const { document } = readDocument({ path: 'api/spec', text });
    if (document === undefined) throw new Error('unread');
    const found = emit(document, { dialect: 'auto' }).diagnostics.find(
      ({ code }) => code === 'partial-segment',
    );
    const lines = text.split('\n');
    expect(lines[(found?.line ?? 0) - 1]?.slice((found?.column ?? 0) - 1)).toMatch(
      /^"?\/items\/\{id\}\.json/,
    );
    expect(found).toMatchObject({
      file: 'api/spec',
      pointer: '/paths/~1items~1{id}.json',
      severity: 'error',
    });
  });

  it('says where a text is broken', () => {
    expect(failure('openapi: 3.1.0\npaths: {\n')).toMatch(/^syntax [23]:/);
    expect(failure('{"openapi": "3.1.0",\n "paths": {]}')).toMatch(/^syntax 2:/);
  });

  it('refuses what is no document, and versions Google does not take', () => {
    expect(failure('[]')).toBe('not-openapi 1:1');
    expect(failure('a: 1')).toBe('not-openapi 1:1');
    expect(failure('info: {}\nopenapi: 3.2.0')).toBe('unsupported-version 2:1');
    expect(failure('swagger: "1.2"')).toBe('unsupported-version 1:1');
  });

  it('refuses alias bombs, bottomless nesting and __proto__', () => {
    const bomb = [
      'a0: &a0 [x]',
      ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    ];
    expect(failure(bomb.join('\n'))).toBe('too-many-aliases 1:1');
    expect(failure(`{"openapi":"3.1.0","x":${'['.repeat(1000)}${']'.repeat(1000)}}`)).toBe('too-deep 1:1');
    expect(failure(`openapi: ${'['.repeat(100_000)}`)).toBe('too-deep 1:1');
    expect(failure('{"openapi":"3.1.0","paths":{"__proto__":{}}}')).toBe('forbidden-key 1:1');
  });

  it('refuses a key that stands twice, and what JSON has no word for', () => {
    expect(failure('{"openapi":"3.1.0",\n"security":[{"k":[]}],\n"\\u0073ecurity":[]}')).toBe(
      'duplicate-key 3:1',
    );
    expect(failure('openapi: 3.1.0\nsecurity: []\nsecurity: []')).toMatch(/^syntax 3:/);
    expect(failure('openapi: 3.1.0\nx: &s security\nsecurity: [{k: []}]\n*s : []')).toBe('duplicate-key 4:1');
    expect(failure('openapi: 3.1.0\nx: {1: a, "1": b}')).toMatch(/^duplicate-key 2:/);
    expect(failure('openapi: 3.1.0\n---\nopenapi: 3.1.0')).toMatch(/^syntax 2:/);
    expect(failure('openapi: 3.1.0\nsecurity:\n  - !!set {k}')).toBe('syntax 3:11');
    expect(failure('%YAML 1.1\n---\nopenapi: 3.1.0\nsecurity: !!omap [k: []]')).toMatch(/^syntax 4:/);
    const same = '{"openapi":"3.1.0","x":{"a":{"b":"\\": \\"c\\":"},"c":[{"a":1},{"a":1}]}}';
    expect(readDocument({ path: 'a.json', text: same }).diagnostics).toEqual([]);
  });

  const rootOf = (text: string) => {
    const { document, diagnostics } = readDocument({ path: 'a.yaml', text });
    expect(diagnostics).toEqual([]);
    return document?.root;
  };

  it('takes a date as the text it was written as', () => {
    const values = { openapi: '3.1.0', x: '2001-12-14', z: ['2001-12-14t21:59:43.10-05:00'] };
    const text = 'openapi: 3.1.0\nx: 2001-12-14\nz: [2001-12-14t21:59:43.10-05:00]\n';
    expect(rootOf(text)).toEqual(values);
    expect(rootOf(`%YAML 1.1\n---\n${text}`)).toEqual(values);
    expect(rootOf('openapi: 3.1.0\nx: !!timestamp 2001-12-14')).toEqual({
      openapi: '3.1.0',
      x: '2001-12-14',
    });
  });

  it('takes one document only, and passes over empty ones', () => {
    for (const end of ['---\n', '---\n# the end\n', '...\n', '---\n---\n'])
      expect(rootOf(`openapi: 3.1.0\n${end}`)).toEqual({ openapi: '3.1.0' });
    expect(rootOf('---\n---\nopenapi: 3.1.0\n')).toEqual({ openapi: '3.1.0' });
    const several = 'openapi: 3.1.0\n---\nsecurity: []\n';
    expect(readDocument({ path: 'a.yaml', text: several }).diagnostics[0]).toMatchObject({
      code: 'syntax',
      line: 2,
      message: expect.stringContaining('more than one YAML document'),
    });
  });

  it('merges what several merge keys of a map bring, unless they bring the same', () => {
    const text = (second: string) =>
      `openapi: 3.1.0\na: &a {x: 1}\nb: &b {${second}: 2}\nc:\n  <<: *a\n  <<: *b\n  z: 3\n`;
    expect(rootOf(text('y'))).toMatchObject({ c: { x: 1, y: 2, z: 3 } });
    expect(rootOf(text('z'))).toMatchObject({ c: { x: 1, z: 3 } });
    expect(failure(text('x'))).toBe('duplicate-key 6:7');
  });

  it('follows references to other files, back and on', () => {
    const files: Record<string, string> = {
      'api/parts/pet.yaml':
        'type: object\nproperties:\n  owner: {$ref: "owner.yaml#/Owner"}\n  same: {$ref: "#"}\n',
      'api/parts/owner.yaml':
        'Owner: {type: object, properties: {home: {$ref: "../openapi.yaml#/components/schemas/Home"}}}',
    };
    const text = `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /pets:
    get:
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: parts/pet.yaml}}}}
components: {schemas: {Home: {type: string}}}
`;
    const { document, diagnostics } = readDocument({ path: 'api/openapi.yaml', text }, (path) => files[path]);
    expect(diagnostics).toEqual([]);
    if (document === undefined) throw new Error('unread');
    const old = JSON.parse(emit(document, { dialect: 'swagger2' }).contents);
    expect(Object.keys(old.definitions)).toEqual(['Home', 'Owner', 'pet']);
    expect(old.definitions.pet.properties).toEqual({
      owner: { $ref: '#/definitions/Owner' },
      same: { $ref: '#/definitions/pet' },
    });
    const current = JSON.parse(emit(document, { dialect: 'openapi3' }).contents);
    expect(current.components.schemas.pet.properties.owner).toEqual({ $ref: '#/components/schemas/Owner' });
    expect(current.components.schemas.Owner.properties.home).toEqual({ $ref: '#/components/schemas/Home' });
  });

  it('follows no reference to a host, out of the workspace, or to nothing', () => {
    const refer = (reference: string): string[] => {
      const text = JSON.stringify({ openapi: '3.1.0', components: { schemas: { A: { $ref: reference } } } });
      return readDocument({ path: 'a.json', text }, () => undefined).diagnostics.map(({ code }) => code);
    };
    expect(refer('https://example.com/a.yaml')).toEqual(['remote-reference']);
    expect(refer('../../etc/passwd')).toEqual(['reference-outside']);
    expect(refer('/etc/passwd')).toEqual(['reference-outside']);
    expect(refer('b.yaml')).toEqual(['reference-not-found']);
  });
});
