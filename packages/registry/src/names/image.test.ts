import { describe, expect, it } from 'vitest';
import { dockerName, formatImageName, hostOf, isDigest, isTag, parseImageName } from './image.ts';
import { imageNameCure } from './image-cure.ts';

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
    ['gcr.io/my-project/app', 'us', 'gcr.io'],
    ['us.gcr.io/my-project/team/app', 'us', 'us.gcr.io'],
    ['eu.gcr.io/my-project/app', 'europe', 'eu.gcr.io'],
    ['asia.gcr.io/example.com/my-project/app', 'asia', 'asia.gcr.io'],
  ])('knows whose repository %s is in', (text, location, repository) => {
    const image = parseImageName(text);
    expect(image).toMatchObject({ location, repository });
    expect(image && hostOf(image)).toBe(repository);
    expect(image && formatImageName(image)).toBe(text);
  });

  it("takes the other name of such a repository's images for the same", () => {
    expect(parseImageName('us-docker.pkg.dev/my-project/gcr.io/app')).toEqual(
      parseImageName('gcr.io/my-project/app'),
    );
    expect(parseImageName('europe-docker.pkg.dev/my-project/gcr.io/app')).toBeUndefined();
  });

  it.each([
    'app',
    'docker.io/library/app',
    'gcr.io/my-project',
    'k8s.gcr.io/my-project/app',
    'eu-docker.pkg.dev/my-project/eu.gcr.io/app',
    'gcr.io.evil.com/my-project/app',
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
    'us-central1-a-docker.pkg.dev/my-project/images/app',
  ])('%j is none', (text) => expect(parseImageName(text)).toBeUndefined());

  it('takes no longer for a name made to take long', () => {
    const started = performance.now();
    expect(parseImageName(`us-docker.pkg.dev/my-project/images/${'a-'.repeat(200_000)}!`)).toBeUndefined();
    expect(parseImageName(`us-docker.pkg.dev/${'a.'.repeat(200_000)}/images/app!`)).toBeUndefined();
    expect(parseImageName(`gcr.io/${'a-.'.repeat(200_000)}:`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('imageNameCure', () => {
  const project = 'my-project/images/app';
  it.each([
    [
      `us-central1-docker.pkg.dev/${project}:v1`,
      `write us-central1-docker.pkg.dev/${project}, and the tag under tags`,
    ],
    [`gcr.io/my-project/app@sha256:${HEX}`, 'write gcr.io/my-project/app, and the tag under tags'],
    [`https://us-central1-docker.pkg.dev/${project}`, `write us-central1-docker.pkg.dev/${project}, without`],
    [`us-central1-a-docker.pkg.dev/${project}`, 'a region, not a zone: write us-central1-docker.pkg.dev/'],
    [`us-central1.docker.pkg.dev/${project}`, 'write us-central1-docker.pkg.dev/'],
    [`us-central1.pkg.dev/${project}`, 'write us-central1-docker.pkg.dev/'],
    [`us-central1-python.pkg.dev/${project}`, 'write us-central1-docker.pkg.dev/'],
    [`us-central1/${project}`, 'write us-central1-docker.pkg.dev/'],
    [
      'us-central1-docker.pkg.dev/My-Project/images/App',
      'write us-central1-docker.pkg.dev/my-project/images/app',
    ],
    [
      'us-central1-docker.pkg.dev/my-project/images',
      'add the name of the image: us-central1-docker.pkg.dev/my-project/images/NAME',
    ],
    ['gcr.io/my-project', 'add the name of the image: gcr.io/my-project/NAME'],
    ['k8s.gcr.io/my-project/app', 'gcr.io, us.gcr.io, eu.gcr.io or asia.gcr.io'],
    ['eu-docker.pkg.dev/my-project/eu.gcr.io/app', 'write eu.gcr.io/my-project/app'],
    ['us-central1-docker.pkg.dev/my-project/my_images/app', '"my_images" is not a repository ID'],
    ['us-central1-docker.pkg.dev/123456789012/images/app', '"123456789012" is not a project ID'],
    [`ghcr.io/${project}`, 'ghcr.io is not a host of Artifact Registry'],
    ['app', 'write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME'],
    ['us-central1-docker.pkg.dev//images/app', 'one of its parts came out empty'],
  ])('%s: %s', (text, cure) => expect(imageNameCure(text)).toContain(cure));
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
