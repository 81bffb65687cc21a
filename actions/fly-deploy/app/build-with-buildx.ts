import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ActionError, ask, command, lastLines, log } from '@gangway/action';
import { LIMITS, readText } from '@gangway/files';
import { createDockerConfig, type DockerConfig, digestAt, type Place } from '@gangway/registry';
import type { BuildSection } from '../flyctl/fly-config.ts';
import type { Inputs } from '../inputs.ts';
import { flyPassword, flyPlace } from './image.ts';
import { dockerfileOf, ignoreFileOf, PLATFORM } from './source-key.ts';

/** Tag of the cache in the app's repository. */
const CACHE = 'gangway-cache';

export interface BuildxRequest {
  /** Driver of the builder, as {@link ownBuilder} found it. */
  readonly driver: string;
  readonly inputs: Pick<Inputs, 'build' | 'config'>;
  readonly section: BuildSection;
  readonly app: string;
  /** That may push to the app's repository. */
  readonly token: string;
  /** A directory of the step's own. */
  readonly scratch: string;
}

/**
 * The driver of the current builder of buildx, where it pushes by itself and so can keep a cache in the registry, as the one of
 * docker/setup-buildx-action does; undefined where the engine builds.
 */
export async function ownBuilder(): Promise<string | undefined> {
  const shown = await ask('docker', ['buildx', 'inspect']).catch(() => undefined);
  const driver = shown?.exitCode === 0 ? /^Driver:[ \t]+(\S+)/m.exec(shown.stdout)?.[1] : undefined;
  return driver === 'docker' ? undefined : driver;
}

/**
 * Builds what flyctl would, by buildx: the Dockerfile, target, arguments and ignore file of fly.toml and the inputs, for Fly's
 * machines. Everything that the build did stays in a cache beside the image, so that a fresh runner goes on from there.
 *
 * @returns the image by its tag in Fly's registry
 * @throws ActionError `build-failed` in the builder's words
 * @see https://docs.docker.com/build/cache/backends/registry/
 */
export async function buildWithBuildx(request: BuildxRequest): Promise<string> {
  const { driver, app, token, scratch, inputs } = request;
  const place = flyPlace(app, token);
  const image = `${place.registry.host}/${app}`;
  const reference = `${image}:deployment-${Date.now().toString(36)}`;
  const config = await createDockerConfig(scratch, place.registry.host, async () => flyPassword(token), {
    username: 'x',
  });
  const args = [
    ...['buildx', 'build', '--progress=plain', `--platform=${PLATFORM}`, ...(await fileArguments(request))],
    ...outputArguments(request.section, reference),
    ...(inputs.build.fresh ? ['--no-cache'] : await cacheArguments(place, image)),
    '.',
  ];
  log.info(`buildx builds, with the driver ${driver}.`);
  await log.group('Build', () => build(app, args, config));
  return reference;
}

async function build(app: string, args: readonly string[], config: DockerConfig): Promise<void> {
  const { exitCode, stdout, stderr } = await command('docker', args, {
    // An attestation would make the image an index whose digest changes with every build.
    env: { ...config.env, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
    allowFailure: true,
  });
  if (exitCode === 0) return;
  throw new ActionError(
    `buildx could not build ${app}. It ended with:\n${lastLines(`${stdout}\n${stderr}`, 12)}`,
    {
      code: 'build-failed',
      hint: 'fix what it says; or leave docker/setup-buildx-action out, to build with the engine of this runner',
    },
  );
}

async function fileArguments({ inputs, section, scratch }: BuildxRequest): Promise<string[]> {
  const { build, config } = inputs;
  const file = dockerfileOf(section, config, build);
  const ignorefile = ignoreFileOf(section, config, build);
  const target = section['build-target'] || build.target;
  return [
    `--file=${ignorefile ? await beside(ignorefile, file, scratch) : file}`,
    ...(target ? [`--target=${target}`] : []),
    ...Object.entries({ ...section.args, ...build.args }).map(
      ([name, value]) => `--build-arg=${name}=${value}`,
    ),
  ];
}

/** BuildKit takes an ignore file by its name alone, which is that of the Dockerfile beside it. */
async function beside(ignorefile: string, file: string, scratch: string): Promise<string> {
  const folder = join(scratch, 'dockerfile');
  await mkdir(folder, { mode: 0o700 });
  const copy = join(folder, basename(file));
  await copyFile(file, copy);
  await writeFile(`${copy}.dockerignore`, readText(ignorefile, LIMITS.ignoreFile, { lenient: true }));
  return copy;
}

function outputArguments(
  { compression, compression_level: level }: BuildSection,
  reference: string,
): string[] {
  const fields = [
    ...['type=image', `name=${reference}`, 'push=true', 'oci-mediatypes=true'],
    ...(compression ? [`compression=${compression}`, 'force-compression=true'] : []),
    ...(level === undefined ? [] : [`compression-level=${level}`]),
  ];
  return [`--output=${fields.join(',')}`];
}

async function cacheArguments(place: Place, image: string): Promise<string[]> {
  const cache = `${image}:${CACHE}`;
  const there = await digestAt(place, CACHE).catch(() => undefined);
  log.info(there ? `Using the cache ${cache}.` : `There is no cache ${cache} yet.`);
  return [
    ...(there ? [`--cache-from=type=registry,ref=${cache}`] : []),
    // What a cache can't keep makes the next build slower, and must not fail this one.
    `--cache-to=type=registry,ref=${cache},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
  ];
}
