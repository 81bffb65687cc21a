import { describe, expect, it } from 'vitest';
import { api, convert, operation } from '../test/convert.ts';
import { diffOperations } from './diff.ts';
import { diffMarkdown, diffText } from './diff-text.ts';
import type { JsonObject } from './json.ts';
import { operationsOf } from './operations-of.ts';

const operations = (paths: JsonObject, apiKey = false) =>
  operationsOf(convert(api(paths), { apiKey }).emitted.contents);
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
        '      query parameter q: added, required',
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
