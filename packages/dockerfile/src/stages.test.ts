import { describe, expect, it } from 'vitest';
import type { BuildOptions } from './arguments.ts';
import { parseDockerfile } from './parse.ts';
import type { Stage } from './stage.ts';
import { readStages, stagesFor } from './stages.ts';

const read = (text: string, options?: BuildOptions) => readStages(parseDockerfile(text), options);
const bases = (stages: readonly Stage[]) =>
  stages.map(({ base }) => (typeof base === 'string' ? base : `stage ${base.name ?? base.index}`));

const FIVE = `ARG NODE=24
FROM node:\${NODE} AS builder
RUN apt-get update
FROM builder AS deps
COPY package.json ./
FROM builder AS frontend
COPY --from=deps /app/node_modules node_modules
FROM builder AS releaser
RUN --mount=type=bind,from=Frontend,target=/f --mount=type=cache,target=/c cp -r /f .
COPY --from=2 /a /b
FROM debian:\${VERSION:-12}-slim
COPY --from=releaser /app /app
COPY --from=busybox:1 /bin/busybox /bin/
`;

describe('readStages', () => {
  it('finds the stages, what they start from and what they take', () => {
    const stages = read(FIVE);
    expect(stages.map(({ name }) => name)).toEqual(['builder', 'deps', 'frontend', 'releaser', undefined]);
    expect(bases(stages)).toEqual([
      'node:24',
      'stage builder',
      'stage builder',
      'stage builder',
      'debian:12-slim',
    ]);
    expect(stages.map((stage) => stage.stages.map(({ name }) => name))).toEqual([
      [],
      [],
      ['deps'],
      ['frontend'],
      ['releaser'],
    ]);
    expect(stages[4]?.images).toEqual(['busybox:1']);
    expect(stages[1]?.paths).toEqual(['package.json']);
  });

  it('lets build arguments win over defaults, but only those declared', () => {
    expect(bases(read('ARG A=x\nFROM $A', { buildArgs: { A: 'y' } }))).toEqual(['y']);
    expect(() => read('FROM $A', { buildArgs: { A: 'y' } })).toThrow('should not be blank');
    expect(bases(read('ARG A=x\nARG B=$A-b\nFROM $B', { buildArgs: { A: 'y' } }))).toEqual(['y-b']);
  });

  it('knows the platforms', () => {
    const text = 'FROM --platform=$BUILDPLATFORM base-$TARGETARCH$TARGETVARIANT';
    const [stage] = read(text, { platform: 'linux/arm/v7', buildPlatform: 'linux/amd64' });
    expect(stage).toMatchObject({ base: 'base-armv7', platform: 'linux/amd64' });
  });

  it('takes a name for an image where no stage before it has it', () => {
    expect(bases(read('FROM b AS a\nFROM A AS b\nFROM b'))).toEqual(['b', 'stage a', 'stage b']);
    expect(read('FROM a\nCOPY --from=later /x /y\nFROM b AS later')[0]?.images).toEqual(['later']);
    expect(() => read('FROM a\nCOPY --from=1 /x /y\nFROM b')).toThrow('no stage 1 before');
  });

  it('runs the ONBUILD triggers of a stage in those on top of it', () => {
    const stages = read('FROM x AS files\nFROM a AS parent\nONBUILD COPY --from=files /x /\nFROM parent');
    expect(stages[1]?.stages).toEqual([]);
    expect(stages[2]?.stages.map(({ name }) => name)).toEqual(['files']);
  });

  it.each([
    ['ADD https://example.com/a.tar /', ['https://example.com/a.tar']],
    ['ADD --checksum=sha256:00 https://example.com/a.tar /', []],
    ['ADD https://github.com/a/b.git#main /', ['https://github.com/a/b.git#main']],
    [`ADD https://github.com/a/b.git#${'0a'.repeat(20)} /`, []],
    ['ADD git@github.com:a/b.git /', ['git@github.com:a/b.git']],
    ['ARG V=1\nADD https://example.com/$V.tar /', ['https://example.com/1.tar']],
    ['ARG U=https://example.com/a\nADD $U /', ['https://example.com/a']],
    ['ADD $FROM_BASE /', ['$FROM_BASE']],
    ['ADD app.tar src/ /', []],
  ])('%s leaves %j to the network', (text, remotes) => {
    expect(read(`FROM scratch\n${text}`)[0]?.remotes).toEqual(remotes);
  });

  it('tells the paths of the context, and where it can not', () => {
    const [stage] = read(
      'FROM a\nARG D=src\nENV E=$D/x\nCOPY $D $E/* $UNKNOWN/y /to/\nRUN --mount=type=bind,source=.git,target=/g true\nCOPY <<X /f\nt\nX\n',
    );
    expect(stage?.paths).toEqual(['src', 'src/x/*', undefined, '.git']);
  });

  it('names the line of what it refuses', () => {
    for (const [text, line] of [
      ['RUN x\nFROM a', 1],
      ['FROM a b', 1],
      ['FROM a\nFROM b AS 1x', 2],
      ['FROM a\nFROM ${x', 2],
    ] as const) {
      expect(() => read(text)).toThrow(expect.objectContaining({ name: 'DockerfileError', line }));
    }
  });
});

describe('stagesFor', () => {
  const reached = (target?: string) => stagesFor(read(FIVE), target).map(({ name, index }) => name ?? index);
  it('goes only through what the target takes', () => {
    expect(reached()).toEqual(['builder', 'deps', 'frontend', 'releaser', 4]);
    expect(reached('Deps')).toEqual(['builder', 'deps']);
    expect(reached('0')).toEqual(['builder']);
    expect(() => reached('none')).toThrow('target stage "none" could not be found');
  });
});
