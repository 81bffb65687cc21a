import { describe, expect, it } from 'vitest';
import type { Inputs } from '../inputs.ts';
import { contentKey } from './content-key.ts';

type Changes = Partial<Inputs>;
const INPUTS = {
  target: undefined,
  platforms: [],
  buildArgs: {},
  secrets: {},
  secretFiles: {},
  ssh: [],
  labels: {},
  annotations: {},
  network: undefined,
  addHosts: [],
  ulimits: [],
  provenance: undefined,
  sbom: undefined,
  compression: 'auto',
  reproducible: false,
  noCache: false,
  tags: ['latest'],
} satisfies Changes;
const TEXT = 'ARG BASE\nFROM $BASE\nARG A=1 B\nRUN true\n';
const SOURCES = {
  text: TEXT,
  args: { A: '1' },
  context: 'c',
  contexts: {},
  images: { node: 'sha256:1' },
};
const key = (changes: Changes = {}, sources: Partial<typeof SOURCES> = {}, platform = 'linux/amd64') =>
  contentKey({ ...INPUTS, ...changes } as unknown as Inputs, { ...SOURCES, ...sources }, platform);

describe('contentKey', () => {
  it.each<[string, Changes]>([
    ['tags', { tags: ['v1'] }],
    ['the commit', { labels: { 'org.opencontainers.image.revision': '1' } }],
    ['the version', { labels: { 'org.opencontainers.image.version': '1' } }],
    ['the commit of an index', { annotations: { 'index:org.opencontainers.image.created': '1' } }],
    ['an argument that does not reach the build', { buildArgs: { COMMIT: '1' } }],
    ['limits', { ulimits: ['nofile=1'] }],
    ["the builder's own platform", { platforms: ['linux/amd64'] }],
  ])('is the same for other %s', (_, changes) => expect(key(changes)).toBe(key()));

  it.each<[string, Changes]>([
    ['a target', { target: 'a' }],
    ['platforms', { platforms: ['linux/arm64'] }],
    ['a label', { labels: { team: 'a' } }],
    ['an annotation', { annotations: { team: 'a' } }],
    ['a secret', { secrets: { TOKEN: 'x' } }],
    ['a network', { network: 'none' }],
    ['provenance', { provenance: 'max' }],
    ['compression', { compression: 'zstd' }],
    ['reproducible', { reproducible: true }],
  ])('is another for %s', (_, changes) => expect(key(changes)).not.toBe(key()));

  it('is another for another Dockerfile, context, base image or platform', () => {
    const keys = [
      key(),
      key({}, { text: `${TEXT}# more\n` }),
      key({}, { args: { A: '2' } }),
      key({}, { context: 'd' }),
      key({}, { images: { node: 'sha256:2' } }),
      key({}, {}, 'linux/arm64'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('depends on the names of secrets, not on their values', () => {
    expect(key({ secrets: { TOKEN: 'x' } })).toBe(key({ secrets: { TOKEN: 'y' } }));
    expect(key({ secretFiles: { TOKEN: '/a' } })).toBe(key({ secrets: { TOKEN: 'y' } }));
  });

  it('does not depend on the order in which things are given', () => {
    expect(key({ labels: { a: '1', b: '2' } })).toBe(key({ labels: { b: '2', a: '1' } }));
    expect(key({ platforms: ['linux/arm64', 'linux/amd64'] })).toBe(
      key({ platforms: ['linux/amd64', 'linux/arm64'] }),
    );
  });
});
