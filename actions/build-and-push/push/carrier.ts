import { keyTag } from '../reuse/find-built.ts';

/** The tag under which an image goes from the engine to the registry: Docker pushes none without one. */
export interface Carrier {
  readonly tag: string;
  /** Whether only this step uses it, so that it is removed afterwards. */
  readonly own: boolean;
}

/** What decides on a carrier. */
interface Choice {
  /** The step's own tag in the engine. */
  readonly own: string;
  /** The image's tags. */
  readonly tags: readonly string[];
  /** Key of the sources, where they have one. */
  readonly key: string | undefined;
  readonly sha: string | undefined;
  /** Whether the repository's tags can't be moved or removed. */
  readonly immutableTags: boolean;
  readonly deletesTags: boolean;
}

/**
 * Chooses the carrier: the step's own tag where it can be removed again. Elsewhere a tag that the image gets in any case, so that
 * nothing stays behind: the one for `reuse`, which nobody deploys by, or else the tag that is least likely to move.
 */
export function chooseCarrier({ own, tags, key, sha, immutableTags, deletesTags }: Choice): Carrier {
  if (deletesTags && !immutableTags) return { tag: own, own: true };
  if (key && !immutableTags) return { tag: keyTag(key), own: false };
  const ofCommit = sha && tags.find((tag) => tag.includes(sha.slice(0, 7)));
  return { tag: ofCommit || tags.at(-1) || own, own: false };
}
