import { describe, expect, it } from 'vitest';
import { dockerName, formatImageName, hostOf, isDigest, isTag, parseImageName } from './image.ts';

const APP = { location: 'us-central1', project: 'my-project', repository: 'images', name: 'app' };
const HEX = 'a'.repeat(64);

describe('parseImageName', () => {
  it('knows the parts', () => {
    expect(parseImageName('us-central1-docker.pkg.dev/my-project/images/app')).toEqual(APP);
    expect(parseImageName('europe-docker.pkg.dev/p12345/r/team/app_v2/x__y/a.b-c')).toEqual({
      location: 'europe',
      project: 'p12345',
      repository: 'r',
      name: 'team/app_v2/x__y/a.b-c',
    });
  });

  it('makes a project of an old domain two segments, as Docker needs it', () => {
    expect(parseImageName('us-docker.pkg.dev/example.com:my-project/images/app')?.project).toBe(
      'example.com/my-project',
    );
  });

  it.each([
    'app',
    'docker.io/library/app',
    'gcr.io/my-project/app',
    'us-central1-docker.pkg.dev/my-project/images',
    'us-central1-docker.pkg.dev/my-project/images/app:v1',
    `us-central1-docker.pkg.dev/my-project/images/app@sha256:${HEX}`,
    'us-central1-docker.pkg.dev/my-project/images/App',
    'us-central1-docker.pkg.dev/my-project/images/app/',
    'us-central1-docker.pkg.dev/my-project/images/a..b',
    'us-central1-docker.pkg.dev/my-project/images/a___b',
    'us-central1-docker.pkg.dev/short/images/app',
    'us-central1-docker.pkg.dev/my-project-/images/app',
    'us-central1-docker.pkg.dev/my-project/images-/app',
    'https://us-central1-docker.pkg.dev/my-project/images/app',
    'us-central1-docker.pkg.dev.evil.com/my-project/images/app',
    'us-central1-docker_pkg.dev/my-project/images/app',
    'us-central1-docker.pkg.dev/my-project/images/app\n',
  ])('%j is none', (text) => expect(parseImageName(text)).toBeUndefined());

  it('takes no longer for a name made to take long', () => {
    const started = performance.now();
    expect(parseImageName(`us-docker.pkg.dev/my-project/images/${'a-'.repeat(50_000)}!`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(500);
  });
});

it('is written as it was read', () => {
  expect(hostOf(APP)).toBe('us-central1-docker.pkg.dev');
  expect(formatImageName(APP)).toBe('us-central1-docker.pkg.dev/my-project/images/app');
});

it('is reached below a stand-in of the registry, where there is one', () => {
  expect(dockerName(APP, undefined)).toBe(formatImageName(APP));
  expect(dockerName(APP, '127.0.0.1:8080')).toBe(
    '127.0.0.1:8080/us-central1-docker.pkg.dev/my-project/images/app',
  );
});

describe('tags and digests', () => {
  it.each(['v1.2.3', 'latest', '_x', 'A-b.C_d', 'x'.repeat(128)])('%s is a tag', (text) =>
    expect(isTag(text)).toBe(true),
  );
  it.each(['', '.x', '-x', 'a b', 'a/b', 'a:b', 'ü', 'x'.repeat(129), 'v1\n'])('%j is no tag', (text) =>
    expect(isTag(text)).toBe(false),
  );
  it('are told apart', () => {
    expect(isDigest(`sha256:${HEX}`)).toBe(true);
    for (const text of [
      HEX,
      `sha256:${HEX}a`,
      `sha256:${HEX.toUpperCase()}`,
      `sha512:${HEX}`,
      `sha256:${HEX}\n`,
    ])
      expect(isDigest(text)).toBe(false);
  });
});
