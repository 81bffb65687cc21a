import { afterEach, describe, expect, it, vi } from 'vitest';
import { cacheTag, readCache } from './cache.ts';

afterEach(() => vi.unstubAllEnvs());
const read = (cache: string, env: Record<string, string> = {}) => {
  const all = { GITHUB_REF_NAME: 'main', GITHUB_REF_TYPE: 'branch', INPUT_CACHE: cache, ...env };
  for (const name of ['GITHUB_HEAD_REF', 'GITHUB_BASE_REF', 'GITHUB_EVENT_PATH']) vi.stubEnv(name, '');
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  return readCache();
};

describe('readCache', () => {
  it('keeps one a branch, and falls back to the one it came from', () => {
    expect(read('auto')).toEqual({ image: undefined, read: ['main'], write: 'main' });
    const request = { GITHUB_REF_NAME: '7/merge', GITHUB_HEAD_REF: 'fix', GITHUB_BASE_REF: 'main' };
    expect(read('auto', request)).toMatchObject({ read: ['fix', 'main'], write: 'fix' });
  });

  it('writes none for a tag', () => {
    const tag = { GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'tag', GITHUB_BASE_REF: 'main' };
    expect(read('auto', tag)).toMatchObject({ read: ['main'], write: undefined });
  });

  it('takes another image to keep it under, and off', () => {
    expect(read('europe-docker.pkg.dev/p/r/cache')).toMatchObject({
      image: 'europe-docker.pkg.dev/p/r/cache',
    });
    expect(read('off')).toBeUndefined();
  });

  it.each(['No Image', 'a/b:tag', `a@sha256:${'0'.repeat(64)}`])('refuses %s', (text) =>
    expect(() => read(text)).toThrow('Input "cache" is not valid'),
  );
});

describe('cacheTag', () => {
  it.each([
    ['main', 'main'],
    ['release-1.2', 'release-1.2'],
  ])('%s is %s', (branch, tag) => expect(cacheTag(branch)).toBe(tag));

  it('makes a tag of any branch, another for each', () => {
    const tags = ['feature/a', 'feature-a', '-a', '.a', 'ä', 'x'.repeat(300), 'x'.repeat(301)].map((name) =>
      cacheTag(name),
    );
    for (const tag of tags) expect(tag).toMatch(/^\w[\w.-]{0,127}$/);
    expect(new Set(tags).size).toBe(tags.length);
  });
});
