import { describe, expect, it } from 'vitest';
import { diffOperations } from './diff.ts';
import type { JsonObject } from './json.ts';
import { operationsOf } from './operations-of.ts';
import { api, convert, operation } from './testing.ts';

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
