import { ActionError, input, invalid } from '@gangway/action';
import { type PackVersion, readPackVersion } from './pack-version.ts';
import { readReference } from './reference.ts';

/** How an image is built without a Dockerfile. */
export interface BuildpacksInputs {
  /** The builder image as it is given; undefined leaves it to project.toml. */
  readonly builderImage: string | undefined;
  /** Variables of the build, which the image does not keep. */
  readonly env: Readonly<Record<string, string>>;
  readonly pack: PackVersion;
}

/**
 * Reads `build`, and with `build: buildpacks` what that takes.
 *
 * @returns undefined for a Dockerfile's build
 * @throws ActionError for an input that says nothing to the chosen way to build
 */
export function readBuildpacks(): BuildpacksInputs | undefined {
  if (input.choice('build', ['dockerfile', 'buildpacks']) === 'dockerfile') {
    for (const name of ['builder_image', 'build_env_vars'])
      if (input.optional(name))
        throw new ActionError(`Input "${name}" is for buildpacks, and this step builds a Dockerfile.`, {
          code: 'input-invalid',
          hint: `write build: buildpacks, or leave ${name} out`,
        });
    return undefined;
  }
  if (input.optional('from_image'))
    throw invalid('build', 'buildpacks', 'leave it out with from_image, which copies an image as it is');
  refuseOthers();
  return { builderImage: readBuilderImage(), env: readEnv(), pack: readPackVersion() };
}

const ENVIRONMENT = 'write what the buildpacks read under build_env_vars';
const SECRET =
  'buildpacks have no build secrets; install private packages in a step before this one, or build a Dockerfile';
const CONTAINER = 'leave it out: pack starts the containers of the build itself';

/** Inputs that only a Dockerfile's build has, each empty or with this default where it is left out, and what to do. */
const OF_A_DOCKERFILE: Readonly<Record<string, { readonly cure: string; readonly standard?: string }>> = {
  file: { cure: 'leave it out; write build: dockerfile to build a Dockerfile' },
  target: { cure: 'leave it out: buildpacks have no stages' },
  stages: { cure: 'leave it out: buildpacks have no stages' },
  build_args: { cure: ENVIRONMENT },
  secrets: { cure: SECRET },
  secret_envs: { cure: SECRET },
  secret_files: { cure: SECRET },
  ssh: { cure: SECRET },
  build_contexts: { cure: 'leave it out: buildpacks see the context alone' },
  platforms: { cure: "leave it out: a builder image decides what it builds for; Google's is linux/amd64" },
  add_hosts: { cure: CONTAINER },
  ulimits: { cure: CONTAINER },
  shm_size: { cure: CONTAINER },
  allow: { cure: CONTAINER },
  builder: { cure: 'write the name of the builder image under builder_image; builder is one of buildx' },
  provenance: { cure: 'leave it out: pack makes none', standard: 'false' },
  sbom: {
    cure: 'leave it out: buildpacks put their own bill of materials into the image',
    standard: 'false',
  },
  compression: { cure: 'leave it out: pack compresses layers with gzip', standard: 'auto' },
  reproducible: {
    cure: 'leave it out: pack sets every time in an image to 1980, and the same sources give the same layers',
    standard: 'false',
  },
};

function refuseOthers(): void {
  for (const [name, { cure, standard = '' }] of Object.entries(OF_A_DOCKERFILE)) {
    const value = input.optional(name) ?? '';
    if (value !== '' && value !== standard)
      throw new ActionError(`Input "${name}" is for a Dockerfile, and this step builds with buildpacks.`, {
        code: 'input-invalid',
        hint: cure,
      });
  }
  for (const name of Object.keys(input.pairs('annotations')))
    if (name.startsWith('index:'))
      throw invalid(
        'annotations',
        name,
        'leave out index: with buildpacks, which make one image and no index',
      );
}

function readBuilderImage(): string | undefined {
  const text = input.optional('builder_image');
  if (text && !readReference(text))
    throw invalid(
      'builder_image',
      text,
      'write the name of a builder image, such as gcr.io/buildpacks/builder:google-24',
    );
  return text;
}

function readEnv(): Record<string, string> {
  const env = input.pairList('build_env_vars') ?? {};
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw invalid('build_env_vars', name, 'use letters, digits and underscores in the name of a variable');
    if (value.includes('\0')) throw invalid('build_env_vars', name, 'its value must not have a NUL');
  }
  return env;
}
