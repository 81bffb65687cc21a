import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { manifestDigest, setTag } from '@gangway/registry';

/** What the registry holds after a push. */
export interface Tagged {
  /** Digest of the manifest. */
  readonly digest: string;
  /** What each tag named before; undefined for a new one. */
  readonly before: ReadonlyMap<string, string | undefined>;
}

/**
 * Names an image that the builder has pushed by each tag; one that names it already is left alone.
 *
 * @param image as Docker writes it, without a tag
 */
export async function tagPushed(
  image: string,
  digest: string,
  tags: readonly string[],
  auth: TokenClient,
): Promise<Tagged> {
  const before = new Map<string, string | undefined>();
  for (const tag of tags) {
    const held = await manifestDigest(auth, image, tag);
    before.set(tag, held);
    if (held !== digest) await setTag(auth, image, digest, tag);
    log.info(`${image}:${tag} ${held === digest ? 'named it already' : 'names it now'}.`);
  }
  return { digest, before };
}

/** Whether a tag names another image than before. */
export function isChanged({ digest, before }: Tagged): boolean {
  return [...before.values()].some((held) => held !== digest);
}
