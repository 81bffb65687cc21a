import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { type HeldManifest, manifestDigest, setTag } from '@gangway/registry';

/** What the registry holds after a push. */
export interface Tagged {
  /** Digest of the manifest. */
  readonly digest: string;
  /** What each tag named before; undefined for a new one. */
  readonly before: ReadonlyMap<string, string | undefined>;
}

/**
 * Names an image that is in the registry by each tag; one that names it already is left alone.
 *
 * @param image as Docker writes it, without a tag
 * @param held its manifest, or the digest of that
 */
export async function tagPushed(
  image: string,
  held: HeldManifest | string,
  tags: readonly string[],
  auth: TokenClient,
): Promise<Tagged> {
  const digest = typeof held === 'string' ? held : held.digest;
  const before = new Map<string, string | undefined>();
  for (const tag of tags) {
    const named = await manifestDigest(auth, image, tag);
    before.set(tag, named);
    if (named !== digest) await setTag(auth, image, held, tag);
    log.info(`${image}:${tag} ${named === digest ? 'named it already' : 'names it now'}.`);
  }
  return { digest, before };
}

/** Whether a tag names another image than before. */
export function isChanged({ digest, before }: Tagged): boolean {
  return [...before.values()].some((held) => held !== digest);
}
