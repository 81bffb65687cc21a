import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ActionError, invalid, missingFileHint } from '@gangway/action';
import type { FlyConfig } from '../flyctl/fly-config.ts';
import type { Inputs } from '../inputs.ts';

const NAMES = ['Dockerfile', 'dockerfile'];

/**
 * Makes sure, before anything is sent, that flyctl would build what fly.toml and the inputs say, and has something to build from.
 *
 * @throws ActionError `input-invalid`, `config-invalid`
 */
export function checkBuild(
  { image, build: section }: FlyConfig,
  inputs: Pick<Inputs, 'image' | 'build' | 'config'>,
): void {
  const { build, config } = inputs;
  if (inputs.image) return;
  if (image) {
    if (!build.given) return;
    throw invalid(
      ...build.given,
      `leave it out, or take the image ${image} out of [build] in ${config}: it is deployed, and nothing is built`,
    );
  }
  // flyctl takes what fly.toml names, and passes by in silence what it is told beside it.
  for (const [name, given, named] of [
    ['dockerfile', build.dockerfile, section.dockerfile],
    ['ignorefile', build.ignorefile, section.ignorefile],
    ['build_target', build.target, section['build-target']],
  ] as const)
    if (given && named && given !== named)
      throw invalid(
        name,
        given,
        `${config} names ${named} under [build], which flyctl takes: keep one of the two`,
      );
  if (section.buildpacks?.length && !section.builder)
    throw wrong(
      `${config} names buildpacks under [build], but no builder that has them.`,
      'add builder = "IMAGE" under [build], such as paketobuildpacks/builder-jammy-base',
    );
  if (section.builder) {
    // It goes before every Dockerfile.
    for (const [name, given] of [
      ['dockerfile', build.dockerfile],
      ['build_target', build.target],
    ] as const)
      if (given)
        throw invalid(
          name,
          given,
          `leave it out, or take the builder ${section.builder} out of [build] in ${config}: buildpacks build, and no Dockerfile is read`,
        );
    return;
  }
  requireDockerfile(section, inputs);
}

function requireDockerfile(
  { dockerfile, builtin }: FlyConfig['build'],
  { build, config }: Pick<Inputs, 'build' | 'config'>,
): void {
  if (dockerfile && !/^https?:/.test(dockerfile)) {
    if (existsSync(join(dirname(config), dockerfile))) return;
    throw wrong(
      `${config} names the Dockerfile ${dockerfile} under [build], and there is none beside it.`,
      missingFileHint('write its path, seen from the directory of fly.toml'),
    );
  }
  if (build.dockerfile && !dockerfile) {
    if (existsSync(build.dockerfile)) return;
    throw invalid(
      'dockerfile',
      build.dockerfile,
      missingFileHint('write the path of a Dockerfile in the workspace'),
    );
  }
  if (dockerfile || builtin || NAMES.some((name) => existsSync(name))) return;
  throw wrong(
    `There is nothing to build: no Dockerfile is here, ${config} names none and no builder under [build], and image is not set.`,
    missingFileHint(
      'write a Dockerfile, name one under dockerfile, or set image; working_directory names the directory that is built. Nixpacks is not used: write builder = "IMAGE" under [build] for buildpacks',
    ),
  );
}

function wrong(message: string, hint: string): ActionError {
  return new ActionError(message, { code: 'config-invalid', hint });
}
