import { describe, expect, it } from 'vitest';
import { imageSettings, treeOf } from './values.ts';

const HEX = 'a'.repeat(64);
const NAME = 'us-central1-docker.pkg.dev/my-project/apis/web';
const IMAGE = `${NAME}@sha256:${HEX}`;

function told(defaults: string, keys = 'image', image = IMAGE): object {
  return treeOf(imageSettings(defaults, keys.split('.'), image));
}

describe('a chart is told its image', () => {
  it.each([
    [
      'as helm create has it',
      'image: {repository: nginx, pullPolicy: Always, tag: ""}',
      'image',
      { image: { repository: `${NAME}@sha256`, tag: HEX } },
    ],
    [
      'by digest',
      'image: {repository: nginx, tag: "1", digest: ""}',
      'image',
      { image: { repository: NAME, digest: `sha256:${HEX}` } },
    ],
    [
      'with a registry of its own',
      'web: {image: {registry: docker.io, repository: nginx, digest: ""}}',
      'web.image',
      {
        web: {
          image: {
            registry: 'us-central1-docker.pkg.dev',
            repository: 'my-project/apis/web',
            digest: `sha256:${HEX}`,
          },
        },
      },
    ],
    [
      'under another word',
      'image: {name: nginx, tag: 1}',
      'image',
      { image: { name: `${NAME}@sha256`, tag: HEX } },
    ],
    ['as a text', 'web: {image: nginx}', 'web.image', { web: { image: IMAGE } }],
  ])('%s', (_, defaults, keys, values) => {
    expect(told(defaults, keys)).toEqual(values);
  });

  it('by its tag where it has no digest', () => {
    const defaults = 'image: {repository: nginx, tag: "", digest: ""}';
    expect(told(defaults, 'image', 'ghcr.io/a/b:v1')).toEqual({
      image: { repository: 'ghcr.io/a/b', tag: 'v1' },
    });
    expect(told(defaults, 'image', 'ghcr.io/a/b')).toEqual({
      image: { repository: 'ghcr.io/a/b', tag: 'latest' },
    });
  });

  it.each(['', 'web: {}', 'image: []', 'image: {tag: 1}', 'image: {repository: x}', 'image: null'])(
    'not where its values have none: %s',
    (defaults) => {
      expect(() => told(defaults)).toThrow('The values of the chart have no image at "image"');
    },
  );
});

describe('settings', () => {
  it('are one tree', () => {
    expect(
      treeOf([
        { keys: ['a', 'b'], value: 1 },
        { keys: ['a', 'c.d'], value: null },
        { keys: ['e'], value: 'x' },
        { keys: ['e'], value: 'y' },
      ]),
    ).toEqual({ a: { b: 1, 'c.d': null }, e: 'y' });
  });

  it.each([
    [['a'], ['a', 'b']],
    [['a', 'b'], ['a']],
  ])('are refused that contradict each other: %j, %j', (one, other) => {
    expect(() => treeOf([one, other].map((keys) => ({ keys, value: 'x' })))).toThrow(
      'as the parent of other values',
    );
  });
});
