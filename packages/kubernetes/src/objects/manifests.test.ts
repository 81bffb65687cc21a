import { describe, expect, it } from 'vitest';
import { readManifests } from './manifests.ts';

const read = (text: string) => readManifests('a.yaml', text);

describe('readManifests', () => {
  it('reads documents, lists and JSON, and where each begins', () => {
    const text = [
      '# a comment\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n---\n---',
      '\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: two}}',
    ].join('');
    expect(read(text).map(({ object, where }) => [object.metadata.name, where])).toEqual([
      ['one', 'a.yaml:3'],
      ['two', 'a.yaml:8'],
    ]);
    expect(read('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}')).toHaveLength(1);
    expect(read('# nothing\n')).toEqual([]);
  });

  it('takes scalars as kubectl does', () => {
    const [one] = read(
      'apiVersion: v1\nkind: X\nmetadata: {name: x}\nvalues: [yes, 0644, 22:22, 2026-01-01, 1.5, "yes", ~]',
    );
    expect(one?.object.values).toEqual([true, 420, '22:22', '2026-01-01', 1.5, 'yes', null]);
  });

  it.each([
    ['a: [', /^a\.yaml:\d+: /],
    ['- 1', 'a.yaml:1: this is not a Kubernetes object'],
    ['kind: X\nmetadata: {name: x}', 'a.yaml:1: the object has no apiVersion'],
    ['apiVersion: v1\nkind: X', 'the X has no metadata.name'],
    ['apiVersion: v1\nkind: X\nmetadata: {generateName: x-}', 'so that every run would make another'],
    [
      'apiVersion: v1\nkind: X\nmetadata: {name: x, labels: {port: 80}}',
      'metadata.labels.port of the X x is 80, which is not text',
    ],
    ['a: 1\na: 2', 'a.yaml:2: '],
    [`a: &a [1]\nb: [${'*a,'.repeat(200)}]`, 'a.yaml:1: '],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
