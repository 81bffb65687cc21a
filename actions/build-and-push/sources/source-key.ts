import { existsSync } from 'node:fs';
import type { TokenClient } from '@gangway/auth';
import {
  createPathFilter,
  DockerfileError,
  parseDockerfile,
  readStages,
  type Stage,
  stagesFor,
} from '@gangway/dockerfile';
import { FileError, LIMITS, readText } from '@gangway/files';
import { contextFilter, digestContext, NoKey } from '@gangway/sources';
import type { Inputs } from '../inputs.ts';
import { baseImages, imageContext, imageDigest } from './base-images.ts';
import { contentKey } from './content-key.ts';
import { engineImage } from './engine-image.ts';
import { PLATFORM, platformsOf } from './platform.ts';

/**
 * The key of the image that a build would make, from its sources alone: an engine is asked only for a base image that no registry tells.
 *
 * @param args the build arguments that reach the build
 * @param own the registry that the credentials are for
 * @throws NoKey when there is something that only a build could tell
 */
export async function sourceKey(
  inputs: Inputs,
  args: Readonly<Record<string, string>>,
  own: string,
  auth: TokenClient,
): Promise<string> {
  try {
    const text = readText(inputs.file, LIMITS.dockerfile, { lenient: true });
    const dockerfile = parseDockerfile(text);
    const syntax = inputs.buildArgs.BUILDKIT_SYNTAX ?? dockerfile.syntax;
    if (syntax && !/^(docker\.io\/)?docker\/dockerfile(-upstream)?([:@]|$)/.test(syntax))
      throw new NoKey(`the Dockerfile is for another frontend, ${syntax}`);
    const stages = platformsOf(inputs).flatMap((platform) =>
      stagesFor(
        readStages(dockerfile, { buildArgs: inputs.buildArgs, platform, buildPlatform: PLATFORM }),
        inputs.target,
      ),
    );
    refuseUnknown(stages);
    const contexts = new Set(Object.keys(inputs.buildContexts).map((name) => name.toLowerCase()));
    const names = [...baseImages(stages, contexts)];
    const [context, images, named] = await Promise.all([
      contextFilter(inputs.context, inputs.file).then((filter) => digestContext(inputs.context, filter)),
      Promise.all(names.map(async (name) => [name, await baseDigest(name, inputs, own, auth)] as const)),
      Promise.all(
        Object.entries(inputs.buildContexts).map(
          async ([name, source]) => [name, await digestNamed(name, source, own, auth)] as const,
        ),
      ),
    ]);
    return contentKey(
      inputs,
      { text, args, context, images: Object.fromEntries(images), contexts: Object.fromEntries(named) },
      PLATFORM,
    );
  } catch (error) {
    if (error instanceof DockerfileError)
      throw new NoKey(
        `the Dockerfile can't be read (${error.message}${error.line ? `, line ${error.line}` : ''})`,
      );
    if (error instanceof FileError) throw new NoKey(`${error.path} can't be read (${error.message})`);
    if (isFileError(error)) throw new NoKey(`the build context can't be read (${error.message})`);
    throw error;
  }
}

/** What a base image is, by its registry; where that does not tell, by the engine that builds. */
async function baseDigest(name: string, inputs: Inputs, own: string, auth: TokenClient): Promise<string> {
  try {
    return await imageDigest(name, own, auth);
  } catch (error) {
    const id = error instanceof NoKey ? await engineImage(name, inputs) : undefined;
    if (id) return id;
    throw error;
  }
}

function refuseUnknown(stages: readonly Stage[]): void {
  for (const { remotes, paths } of stages) {
    const [remote] = remotes;
    if (remote !== undefined)
      throw new NoKey(`ADD ${remote} may bring something else each time; give it a --checksum, or a commit`);
    const git = paths.find((path) => path !== undefined && /^(\.?\/)?\.git(\/|$)/.test(path));
    if (git) throw new NoKey(`the Dockerfile copies ${git}, which changes with every commit`);
  }
}

async function digestNamed(name: string, source: string, own: string, auth: TokenClient): Promise<string> {
  const image = imageContext(source);
  if (image) return imageDigest(image, own, auth);
  if (!existsSync(source))
    throw new NoKey(`what build_contexts names ${name} may be something else each time`);
  return digestContext(source, createPathFilter([]));
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
