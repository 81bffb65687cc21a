import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { api, operation } from '../../test/convert.ts';
import { emit } from './emit-source.ts';

const DOCUMENT = api(
  {
    '/a': { get: operation({ operationId: 'a', security: [{ bearer: [] }] }) },
    '/admin/b': { get: operation() },
  },
  { components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } } },
);
const OPTIONS = {
  dialect: 'swagger2',
  backend: 'https://app.example',
  jwt: { bearer: { issuer: 'https://issuer.example' } },
  expose: ['!/admin/**'],
} as const;

describe('emit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-emit-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes text, data and a path alike', () => {
    const text = JSON.stringify(DOCUMENT);
    writeFileSync(join(folder, 'a.json'), text);
    const frozen = Object.freeze(structuredClone(DOCUMENT));
    const results = [
      emit(text, OPTIONS),
      emit(frozen, OPTIONS),
      emit(join(folder, 'a.json'), OPTIONS),
      emit('a.json', { ...OPTIONS, workspace: folder }),
    ];
    for (const result of results) {
      expect(result.document).toMatchObject({ paths: { '/a': { get: { security: [{ bearer: [] }] } } } });
      expect(result.text).toBe(results[0]?.text);
      expect(result.diagnostics.map(({ code }) => code)).toEqual(['not-exposed']);
    }
    expect(results.map(({ diagnostics }) => diagnostics[0]?.line)).toEqual([1, undefined, 1, 1]);
    expect(results.map(({ diagnostics }) => diagnostics[0]?.pointer)).toEqual(
      Array(4).fill('/paths/~1admin~1b/get'),
    );
  });

  it.each<[string, string | object, string]>([
    ['nothing', '', 'not-openapi'],
    ['a path to nothing', 'gone.yaml', 'unreadable'],
    ['a folder', tmpdir(), 'unreadable'],
    ['a word', 'openapi', 'not-openapi'],
    ['a list', [], 'not-openapi'],
    ['a function', () => {}, 'not-openapi'],
    [
      'a circle',
      Object.assign(Object.create(null), {
        get self() {
          return this;
        },
      }),
      'not-openapi',
    ],
  ])('says what is wrong with %s', (_, source, code) => {
    const { document, text, diagnostics } = emit(source, OPTIONS);
    expect({ document, text }).toEqual({ document: undefined, text: '' });
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  it('reads other files of the workspace, and none outside, whatever links lead there', () => {
    const inside = join(folder, 'workspace');
    mkdirSync(join(inside, 'parts'), { recursive: true });
    writeFileSync(join(folder, 'secret.json'), '{"type": "string", "title": "secret"}');
    symlinkSync(join(folder, 'secret.json'), join(inside, 'parts', 'link.json'));
    writeFileSync(join(inside, 'parts', 'good.json'), '{"type": "string", "title": "good"}');
    const refer = (reference: string) => {
      const content = {
        'application/json': { schema: { type: 'object', properties: { a: { $ref: reference } } } },
      };
      const get = operation({ operationId: 'a', responses: { 200: { description: '', content } } });
      writeFileSync(join(inside, 'parts', 'api.json'), JSON.stringify(api({ '/a': { get } })));
      const { text, diagnostics } = emit('parts/api.json', {
        dialect: 'swagger2',
        backend: 'https://a.b',
        workspace: inside,
      });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      return { text, errors: [...new Set(errors.map(({ code }) => code))] };
    };
    expect(refer('good.json').text).toContain('good');
    expect(refer('good.json').errors).toEqual([]);
    for (const reference of ['link.json', '../../secret.json', join(folder, 'secret.json')]) {
      const { text, errors } = refer(reference);
      expect(text).not.toContain('secret');
      expect(errors.length).toBeGreaterThan(0);
    }
  });

  it('says what is wrong with JSON, which YAML would take', () => {
    const broken = (text: string) => {
      writeFileSync(join(folder, 'b.json'), text);
      const [found] = emit(join(folder, 'b.json')).diagnostics;
      return `${found?.line}:${found?.column} ${found?.message}`;
    };
    expect(broken('{"openapi": "3.1.0",\n "paths": {},\n}')).toBe(
      '3:1 This is not JSON: a name in quotes should stand here, not "}".',
    );
    expect(broken('openapi: 3.1.0')).toBe('1:1 This is not JSON: a value should stand here, not "o".');
    expect(broken('{"a": [1, 2')).toBe(
      '1:12 This is not JSON: , or ] should stand here, not the end of the file.',
    );
    expect(broken('{"a": 01}')).toMatch(/^1:7 /);
    expect(broken("{'a': 1}")).toMatch(/^1:2 .*a name in quotes or }/);
    expect(broken('{} {}')).toMatch(/^1:4 .*the end of the file should stand here/);
    expect(broken('{"a": "\n"}')).toMatch(/^1:7 /);
  });
});
