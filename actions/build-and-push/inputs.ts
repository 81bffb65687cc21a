import { existsSync, readFileSync } from 'node:fs';
import { input, invalid } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { type ImageName, isTag, parseImageName } from '@gangway/registry';
import { type BuildInputs, readBuildInputs } from './build-inputs.ts';
import { type CacheInputs, readCache } from './cache-inputs.ts';
import { readContext } from './context.ts';

export interface Inputs extends BuildInputs {
  readonly google: GoogleInputs;
  readonly image: ImageName;
  readonly context: string;
  readonly file: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly createRepository: boolean;
  readonly specCommand: string | undefined;
  /** Whether an image that was built from the same sources is taken. */
  readonly reuse: boolean;
  /** Undefined where no cache is wanted. */
  readonly cache: CacheInputs | undefined;
}

export function readInputs(): Inputs {
  // First of all, as it masks the secrets.
  const build = readBuildInputs();
  return {
    google: readGoogleInputs(input),
    image: readImage(),
    ...readContext(),
    ...build,
    tags: readTags(),
    labels: { ...sourceLabels(), ...input.pairs('labels') },
    createRepository: input.boolean('create_repository'),
    specCommand: input.optional('spec_command'),
    reuse: input.boolean('reuse'),
    cache: readCache(),
  };
}

function readImage(): ImageName {
  const text = input.required('image');
  const image = parseImageName(text);
  if (image) return image;
  const name = text.replace(/(@sha256:[0-9a-f]+|:[\w.-]+)$/, '');
  const tagged = name !== text && parseImageName(name);
  throw invalid(
    'image',
    text,
    tagged
      ? `write ${name}, and the tag under tags`
      : 'write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME in lower case, without a tag',
  );
}

function readTags(): string[] {
  const tags = input.list('tags');
  for (const tag of tags) {
    if (!isTag(tag))
      throw invalid(
        'tags',
        tag,
        'use letters, digits, dots, dashes and underscores, 128 at most, and start with none of the dots and dashes',
      );
  }
  return tags.length > 0 ? [...new Set(tags)] : defaultTags();
}

function defaultTags(): string[] {
  const { GITHUB_SHA: sha, GITHUB_REF_NAME: branch, GITHUB_EVENT_PATH: event } = process.env;
  const onDefault = branch !== undefined && branch === defaultBranch(event);
  return [...(sha ? [sha] : []), ...(onDefault || !sha ? ['latest'] : [])];
}

function defaultBranch(event: string | undefined): string | undefined {
  if (!event || !existsSync(event)) return undefined;
  const { repository } = JSON.parse(readFileSync(event, 'utf8')) as {
    repository?: { default_branch?: string };
  };
  return repository?.default_branch;
}

/** The OCI annotations that say where an image comes from (https://specs.opencontainers.org/image-spec/annotations/). */
function sourceLabels(): Record<string, string> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: sha } = process.env;
  return {
    ...(server && repository && { 'org.opencontainers.image.source': `${server}/${repository}` }),
    ...(sha && { 'org.opencontainers.image.revision': sha }),
  };
}
