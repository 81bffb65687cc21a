import { command, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { type GoogleCloud, isGoogleError } from '@gangway/google-cloud';
import { type DockerConfig, deleteTag, manifestDigest } from '@gangway/registry';
import type { Inputs } from '../inputs.ts';
import { chooseCarrier } from './carrier.ts';
import { push } from './push.ts';
import { type Tagged, tagPushed, takenBy } from './tag-pushed.ts';

/** Where the image goes. */
interface Target {
  /** As Docker writes it, without a tag. */
  readonly image: string;
  /** Key of the sources. */
  readonly key: string | undefined;
  readonly immutableTags: boolean;
  readonly deletesTags: boolean;
}

interface Connections {
  readonly cloud: GoogleCloud;
  readonly config: DockerConfig;
  readonly auth: TokenClient;
}

/**
 * Pushes an image out of the engine, then names it by its tags: in the registry by digest, and in the engine too, where later
 * steps of the job may run it.
 *
 * @param own name of the image in the engine, which only this step uses
 */
export async function pushFromEngine(
  own: string,
  { image, key, immutableTags, deletesTags }: Target,
  inputs: Inputs,
  { cloud, config, auth }: Connections,
): Promise<Tagged> {
  const { tags, metadata } = inputs;
  const carrier = chooseCarrier({
    own: own.slice(image.length + 1),
    tags,
    key,
    sha: metadata['org.opencontainers.image.revision'],
    immutableTags,
    deletesTags,
  });
  const earlier = new Map<string, string | undefined>();
  if (tags.includes(carrier.tag)) earlier.set(carrier.tag, await manifestDigest(auth, image, carrier.tag));
  try {
    const digest = await push({ image, own, carrier }, config, auth).catch(async (error: unknown) => {
      const { tag } = carrier;
      const taken =
        tags.includes(tag) && (await takenBy(image, { tag, named: earlier.get(tag) }, auth, error));
      throw taken || error;
    });
    const tagged = await tagPushed(image, digest, tags, auth, earlier);
    await Promise.all(tags.map((tag) => nameInEngine(own, `${image}:${tag}`, config)));
    return tagged;
  } finally {
    if (carrier.own) await removeCarrier(cloud, inputs, carrier.tag);
  }
}

/** It is for people and later steps: nothing of this one depends on it. */
async function nameInEngine(own: string, reference: string, { env }: DockerConfig): Promise<void> {
  await command('docker', ['tag', own, reference], { env, quiet: true, allowFailure: true });
}

async function removeCarrier(cloud: GoogleCloud, { image }: Inputs, tag: string): Promise<void> {
  try {
    await deleteTag(cloud, image, tag);
  } catch (error) {
    // The push did not get that far.
    if (isGoogleError(error, 404)) return;
    const why = error instanceof Error ? error.message : String(error);
    log.info(`The tag ${tag}, under which Docker pushed the image, could not be removed: ${why}`);
  }
}
