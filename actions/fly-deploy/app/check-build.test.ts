import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionError } from '@gangway/action';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlyConfig } from '../flyctl/fly-config.ts';
import type { BuildInputs } from './build-inputs.ts';
import { checkBuild } from './check-build.ts';

describe('what is built', () => {
  const before = process.cwd();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-check-'));
    process.chdir(folder);
    await mkdir('with');
    await writeFile('with/Dockerfile', 'FROM scratch\n');
    await writeFile('with/Dockerfile.web', 'FROM scratch\n');
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  const why = (build: FlyConfig['build'], inputs: Partial<BuildInputs> = {}, image = '', where = 'with') => {
    process.chdir(join(folder, where));
    const config = { build, image: build.image } as FlyConfig;
    const given = { dockerfile: undefined, target: undefined, ignorefile: undefined, args: {}, ...inputs };
    try {
      checkBuild(config, {
        image,
        config: 'fly.toml',
        build: { ...given, remote: false, reuse: true, fresh: false, flags: [], given: inputs.given },
      });
      return '';
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      return `${error.message} ${error.hint}`;
    }
  };

  it.each<[string, FlyConfig['build'], Partial<BuildInputs>, string, string]>([
    ['a Dockerfile in the directory', {}, {}, '', 'with'],
    ['one that fly.toml names', { dockerfile: 'Dockerfile.web' }, {}, '', 'with'],
    ['the same one of both', { dockerfile: 'Dockerfile.web' }, { dockerfile: 'Dockerfile.web' }, '', 'with'],
    ['one of an input', {}, { dockerfile: 'Dockerfile.web' }, '', 'with'],
    ['one of a URL', { dockerfile: 'https://example.com/Dockerfile' }, {}, '', '.'],
    ['a builder of buildpacks', { builder: 'paketobuildpacks/builder', buildpacks: ['a/b'] }, {}, '', '.'],
    ['what flyctl brings along', { builtin: 'node' }, {}, '', '.'],
    ['nothing, where an image is deployed', {}, {}, 'nginx', '.'],
    ['nothing, where fly.toml names an image', { image: 'nginx' }, {}, '', '.'],
  ])('is %s', (_, build, inputs, image, where) => expect(why(build, inputs, image, where)).toBe(''));

  it.each<[FlyConfig['build'], Partial<BuildInputs>, string, RegExp]>([
    [{}, {}, '.', /^There is nothing to build: .* Nixpacks is not used/],
    [
      { dockerfile: 'Dockerfile.api' },
      {},
      'with',
      /names the Dockerfile Dockerfile\.api under \[build\], and there is none/,
    ],
    [{}, { dockerfile: 'Dockerfile.api' }, 'with', /^Input "dockerfile" is not valid: "Dockerfile\.api"/],
    [
      { dockerfile: 'Dockerfile' },
      { dockerfile: 'Dockerfile.web' },
      'with',
      /fly\.toml names Dockerfile under \[build\]/,
    ],
    [{ ignorefile: 'a' }, { ignorefile: 'b' }, 'with', /^Input "ignorefile" is not valid/],
    [{ 'build-target': 'a' }, { target: 'b' }, 'with', /^Input "build_target" is not valid/],
    [{ buildpacks: ['a/b'] }, {}, 'with', /names buildpacks under \[build\], but no builder/],
    [{ builder: 'a/b' }, { dockerfile: 'Dockerfile' }, 'with', /take the builder a\/b out of \[build\]/],
    [{ builder: 'a/b' }, { target: 'web' }, 'with', /^Input "build_target" is not valid/],
    [{ image: 'nginx' }, { given: ['build_args', 'A=1'] }, 'with', /take the image nginx out of \[build\]/],
  ])('%j with %j in %s is refused', (build, inputs, where, told) =>
    expect(why(build, inputs, '', where)).toMatch(told),
  );
});
