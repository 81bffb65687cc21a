import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerfileError } from '@gangway/dockerfile';
import { FileError } from '@gangway/files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuildTarget, baseImages, buildStages } from './build-stages.ts';
import { NoKey } from './no-key.ts';

let file: string;
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'gangway-stages-')), 'Dockerfile');
});
afterAll(() => rm(join(file, '..'), { recursive: true }));

async function stagesOf(text: string, asked: Partial<BuildTarget> = {}) {
  await writeFile(file, text);
  const platforms = ['linux/amd64'];
  return buildStages({
    file,
    args: {},
    target: undefined,
    platforms,
    buildPlatform: 'linux/amd64',
    ...asked,
  });
}

const DOCKERFILE = `ARG BASE=debian:13
FROM \${BASE} AS one
FROM scratch AS two
COPY --from=one /a /a
COPY --from=alpine:3 /b /b
FROM busybox:\${TARGETARCH} AS three
`;

describe('the stages of a build', () => {
  it.each<[target: string | undefined, names: string[], images: string[]]>([
    [undefined, ['three'], ['busybox:amd64']],
    ['TWO', ['one', 'two'], ['alpine:3', 'debian:13']],
    ['one', ['one'], ['debian:13']],
  ])('to %s are %j, and made of %j', async (target, names, images) => {
    const { text, stages } = await stagesOf(DOCKERFILE, { target });
    expect(text).toBe(DOCKERFILE);
    expect(stages.map(({ name }) => name)).toEqual(names);
    expect([...baseImages(stages)].toSorted()).toEqual(images);
  });

  it('are made of what arguments name, and of what each platform has', async () => {
    const { stages } = await stagesOf(DOCKERFILE, { target: 'one', args: { BASE: 'ubuntu:24.04' } });
    expect([...baseImages(stages)]).toEqual(['ubuntu:24.04']);
    const both = await stagesOf(DOCKERFILE, { platforms: ['linux/amd64', 'linux/arm64'] });
    expect([...baseImages(both.stages)]).toEqual(['busybox:amd64', 'busybox:arm64']);
  });

  it('are made of no image where a named context stands for it, in any case', async () => {
    const { stages } = await stagesOf('FROM Assets AS a\nCOPY --from=alpine / /\n');
    expect([...baseImages(stages, new Set(['assets']))]).toEqual(['alpine']);
  });
});

describe('there is no telling what a build makes', () => {
  it.each<[text: string, asked: Partial<BuildTarget>, why: string]>([
    ['FROM scratch\nADD https://example.com/a /a\n', {}, 'ADD https://example.com/a may bring'],
    ['FROM scratch\nCOPY ./.git/HEAD /\n', {}, 'the Dockerfile copies ./.git/HEAD'],
    ['# syntax=example.com/other:1\nFROM scratch\n', {}, 'another frontend, example.com/other:1'],
    ['FROM scratch\n', { args: { BUILDKIT_SYNTAX: 'docker/other:1' } }, 'another frontend, docker/other:1'],
  ])('of %j with %j', async (text, asked, why) => {
    const error = await stagesOf(text, asked).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoKey);
    expect((error as Error).message).toContain(why);
  });

  it('where a stage that is not built brings it, there is', async () => {
    const text = 'FROM scratch AS one\nADD https://example.com/a /a\nFROM scratch AS two\n';
    expect((await stagesOf(text)).stages).toHaveLength(1);
  });

  it('where the Dockerfile makes no sense or is not there, its own error says so', async () => {
    await expect(stagesOf('NOPE\n')).rejects.toBeInstanceOf(DockerfileError);
    await expect(stagesOf('FROM scratch\n', { target: 'none' })).rejects.toBeInstanceOf(DockerfileError);
    await expect(stagesOf('', { file: `${file}.none` })).rejects.toBeInstanceOf(FileError);
  });
});
