import { existsSync } from 'node:fs';
import type { TokenClient } from '@gangway/auth';
import { createPathFilter } from '@gangway/dockerfile';
import { asNoKey, baseImages, buildStages, contextFilter, digestContext, NoKey } from '@gangway/sources';
import type { Inputs } from '../inputs.ts';
import { imageContext, imageDigest } from './base-images.ts';
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
    const { file, buildArgs, target } = inputs;
    const { text, stages } = buildStages({
      ...{ file, args: buildArgs, target },
      ...{ platforms: platformsOf(inputs), buildPlatform: PLATFORM },
    });
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
    throw asNoKey(error);
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

async function digestNamed(name: string, source: string, own: string, auth: TokenClient): Promise<string> {
  const image = imageContext(source);
  if (image) return imageDigest(image, own, auth);
  if (!existsSync(source))
    throw new NoKey(`what build_contexts names ${name} may be something else each time`);
  return digestContext(source, createPathFilter([]));
}
