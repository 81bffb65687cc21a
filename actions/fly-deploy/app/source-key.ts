import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPathFilter, readIgnoreFile } from '@gangway/dockerfile';
import { LIMITS, readText } from '@gangway/files';
import {
  digestAt,
  dockerLogin,
  isDigest,
  type Place,
  parseReference,
  registryClient,
} from '@gangway/registry';
import { asNoKey, baseImages, buildStages, contextFilter, digestContext, NoKey } from '@gangway/sources';
import type { BuildSection } from '../flyctl/fly-config.ts';
import type { BuildInputs } from './build-inputs.ts';

/** What is built here is built for Fly's machines, whatever the runner is. */
export const PLATFORM = 'linux/amd64';
/** What the scheme below is called; another one makes other keys. */
const SCHEME = 1;
/** Milliseconds in which a registry has to tell what a base image is now. */
const PATIENCE = 5000;

/**
 * The key of the image that flyctl would build, in 40 hexadecimal digits: its Dockerfile, what the builder is sent, its arguments and
 * what its base images are now. Two builds of one key differ only as two builds of the very same sources do.
 *
 * @param section [build] of fly.toml
 * @param config path of fly.toml
 * @param own Fly's registry, to which the step is signed in
 * @throws NoKey when there is something that only a build could tell
 */
export async function sourceKey(
  section: BuildSection,
  config: string,
  inputs: BuildInputs,
  own: Place['registry'],
): Promise<string> {
  if (section.builder || section.buildpacks?.length)
    throw new NoKey('buildpacks may bring something else each time');
  if (section.builtin) throw new NoKey(`fly.toml builds with ${section.builtin}, which flyctl brings along`);
  try {
    const file = dockerfileOf(section, config, inputs);
    const target = section['build-target'] || inputs.target;
    const args = { ...section.args, ...inputs.args };
    const { text, stages } = buildStages({
      ...{ file, args, target },
      ...{ platforms: [PLATFORM], buildPlatform: PLATFORM },
    });
    const [contexts, images] = await Promise.all([
      digestContexts(ignoreFileOf(section, config, inputs), file),
      Promise.all([...baseImages(stages)].sort().map(async (name) => [name, await imageDigest(name, own)])),
    ]);
    const { compression, compression_level } = section;
    const content = {
      scheme: SCHEME,
      dockerfile: createHash('sha256').update(text).digest('hex'),
      ...{ contexts, images, target: target?.toLowerCase() ?? '', platform: PLATFORM },
      args: Object.entries(args).toSorted(([one], [other]) => (one < other ? -1 : 1)),
      compression: [compression ?? '', compression_level ?? ''],
    };
    return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 40);
  } catch (error) {
    throw asNoKey(error);
  }
}

/**
 * The path of the Dockerfile as flyctl finds it: what fly.toml names is beside fly.toml, anything else in the working directory.
 *
 * @throws NoKey for one that is fetched by its URL
 */
export function dockerfileOf({ dockerfile }: BuildSection, config: string, inputs: BuildInputs): string {
  if (dockerfile && /^https?:/.test(dockerfile)) throw new NoKey('the Dockerfile is fetched from elsewhere');
  if (dockerfile) return join(dirname(config), dockerfile);
  return (
    inputs.dockerfile ?? (existsSync('Dockerfile') || !existsSync('dockerfile') ? 'Dockerfile' : 'dockerfile')
  );
}

/** The path of the ignore file that fly.toml or the input names, if one does. */
export function ignoreFileOf(
  { ignorefile }: BuildSection,
  config: string,
  inputs: BuildInputs,
): string | undefined {
  return ignorefile ? join(dirname(config), ignorefile) : inputs.ignorefile;
}

/** With BuildKit flyctl heeds `.dockerignore` alone, and without it the ignore file that is named: either may hold. */
async function digestContexts(ignorefile: string | undefined, file: string): Promise<string[]> {
  const filters = [await contextFilter('.', file)];
  if (ignorefile)
    filters.push(
      createPathFilter(readIgnoreFile(readText(ignorefile, LIMITS.ignoreFile, { lenient: true }))),
    );
  const digests: string[] = [];
  for (const filter of filters) digests.push(await digestContext('.', filter));
  return digests;
}

async function imageDigest(name: string, own: Place['registry']): Promise<string> {
  const image = parseReference(name);
  if (!image) throw new NoKey(`"${name}" is not an image reference`);
  if (image.digest && isDigest(image.digest)) return image.digest;
  const cure = `pin it by its digest (NAME@sha256:…), so that unchanged sources are reused nevertheless`;
  const registry =
    image.host === own.host
      ? own
      : registryClient(image.host, dockerLogin(image.host), AbortSignal.timeout(PATIENCE));
  try {
    const digest = await digestAt({ registry, repository: image.path }, image.tag, { retry: false });
    if (digest) return digest;
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/\.$/, '') : error;
    throw new NoKey(`the base image ${name} can't be looked up (${said}); ${cure}`);
  }
  throw new NoKey(`its registry has no base image ${name}; ${cure}`);
}
