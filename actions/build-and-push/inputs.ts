import { ActionError, input, invalid, readTextFile, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { LIMITS } from '@gangway/files';
import {
  formatImageName,
  type ImageName,
  imageNameCure,
  parseImageName,
  type Reference,
} from '@gangway/registry';
import { DECLARED } from './declared-inputs.ts';
import { type BuildInputs, readBuildInputs } from './inputs/build.ts';
import { type BuildpacksInputs, readBuildpacks } from './inputs/buildpacks.ts';
import { type CacheInputs, readCache } from './inputs/cache.ts';
import { readContext } from './inputs/context.ts';
import { readFromImage } from './inputs/from-image.ts';
import { buildIdentity, IDENTITY } from './inputs/identity.ts';
import { REFUSED } from './inputs/refused.ts';
import { type RepositoryInputs, readRepositoryInputs } from './inputs/repository.ts';
import { readStageInputs } from './inputs/stages.ts';
import { readTagInputs, type TagInputs } from './inputs/tags.ts';
import { documentName } from './reuse/document-name.ts';

export interface Inputs extends BuildInputs, RepositoryInputs, TagInputs {
  readonly google: GoogleInputs;
  readonly image: ImageName;
  /** The image that is copied in place of a build. */
  readonly fromImage: Reference | undefined;
  /** How it is built without a Dockerfile; undefined where there is one. */
  readonly buildpacks: BuildpacksInputs | undefined;
  readonly context: string;
  /** Path of the Dockerfile; empty where none is built. */
  readonly file: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly specCommand: string | undefined;
  /** Path of the OpenAPI document, where the repository has one. */
  readonly spec: string | undefined;
  /** Whether the tags are only removed. */
  readonly untag: boolean;
  /** Whether an image that was built from the same sources is taken. */
  readonly reuse: boolean;
  /** Undefined where no cache is wanted. */
  readonly cache: CacheInputs | undefined;
  /** Stages of the Dockerfile that are pushed, too, each under its name. */
  readonly stages: readonly string[];
  /** Whether Docker stays signed in for later steps of the job. */
  readonly staysSignedIn: boolean;
}

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED);
  refuseWindows();
  // First of all, as it masks the secrets.
  const build = readBuildInputs();
  const image = readImage();
  const { repository } = readRepositoryInputs();
  const { inputs: tagged, fill } = readTagInputs(formatImageName(image), repository.immutableTags ?? false);
  const fromImage = readFromImage();
  const buildpacks = readBuildpacks();
  const untag = input.boolean('untag');
  const given = {
    image,
    fromImage,
    buildpacks,
    ...(fromImage || untag ? { context: '.', file: 'Dockerfile' } : readContext(buildpacks !== undefined)),
    ...build,
    labels: input.pairs('labels'),
    specCommand: input.optional('spec_command'),
    reuse: input.boolean('reuse'),
    cache: readCache(),
  };
  return {
    google: readGoogleInputs(input),
    ...given,
    spec: untag ? undefined : readSpec(),
    untag,
    staysSignedIn: readDockerLogin(untag),
    ...tagged,
    stages: untag
      ? []
      : readStageInputs({ ...given, tags: tagged.tags, immutable: repository.immutableTags ?? false }),
    repository,
    // The templates themselves make the identity: a date in one must not make another image of the same commit.
    labels: { ...tagged.metadata, [IDENTITY]: buildIdentity(given), ...fill('labels', given.labels) },
    annotations: fill('annotations', given.annotations),
  };
}

/** Docker's credential helper is a program that Windows would not run, which would show as late as the push. */
function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  throw new ActionError('build-and-push does not run on Windows.', {
    code: 'runner',
    hint: 'run the job on Linux or macOS: runs-on: ubuntu-latest',
  });
}

function readImage(): ImageName {
  const text = input.required('image');
  const image = parseImageName(text);
  if (image) return image;
  throw invalid('image', text, imageNameCure(text));
}

function readDockerLogin(untag: boolean): boolean {
  const text = input.optional('docker_login') ?? 'step';
  if (text !== 'step' && text !== 'job') throw invalid('docker_login', text, 'write step or job');
  if (text === 'job' && untag)
    throw invalid('docker_login', text, 'a step that removes tags pushes nothing; leave it out');
  return text === 'job';
}

function readSpec(): string | undefined {
  const path = input.optional('spec');
  if (path === undefined) return undefined;
  if (input.optional('spec_command'))
    throw invalid('spec', path, 'spec_command prints the document; keep one of the two');
  const text = readTextFile(path, { input: 'spec' }, { limit: LIMITS.document });
  if (!documentName(text))
    throw invalid('spec', path, 'name an OpenAPI document, in JSON or YAML; this file is not one');
  return path;
}
