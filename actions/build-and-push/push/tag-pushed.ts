import { ActionError, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { type HeldManifest, imageLabels, manifestDigest, setTag } from '@gangway/registry';

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
 * @param earlier what a tag named before the push, for one that the push itself has moved
 * @throws ActionError `tag-taken` when another run gave an immutable tag to its own image meanwhile
 */
export async function tagPushed(
  image: string,
  held: HeldManifest | string,
  tags: readonly string[],
  auth: TokenClient,
  earlier: Tagged['before'] = new Map(),
): Promise<Tagged> {
  const digest = typeof held === 'string' ? held : held.digest;
  const before = new Map<string, string | undefined>();
  for (const tag of tags) {
    const named = await manifestDigest(auth, image, tag);
    before.set(tag, earlier.has(tag) ? earlier.get(tag) : named);
    if (named !== digest) await move(image, held, { tag, digest, named }, auth);
    log.info(`${image}:${tag} ${named === digest ? 'named it already' : 'names it now'}.`);
  }
  return { digest, before };
}

interface Move {
  readonly tag: string;
  readonly digest: string;
  /** What the tag named just before. */
  readonly named: string | undefined;
}

async function move(
  image: string,
  held: HeldManifest | string,
  { tag, digest, named }: Move,
  auth: TokenClient,
): Promise<void> {
  try {
    await setTag(auth, image, held, tag);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    if ((await manifestDigest(auth, image, tag).catch(() => named)) === digest) return;
    throw (await takenBy(image, { tag, named, digest }, auth, error)) ?? error;
  }
}

/**
 * Why a tag could not be moved, where another run has given it to its own image since it was looked at.
 *
 * @param move `named` is what it named then; `digest` is this run's image, where that is in the registry
 */
export async function takenBy(
  image: string,
  { tag, named, digest }: Pick<Move, 'tag' | 'named'> & Partial<Move>,
  auth: TokenClient,
  cause: unknown,
): Promise<ActionError | undefined> {
  const now = await manifestDigest(auth, image, tag).catch(() => named);
  if (now === undefined || now === named) return undefined;
  const { 'org.opencontainers.image.revision': revision } = await imageLabels(auth, image, now).catch(
    (): Record<string, string> => ({}),
  );
  return new ActionError(
    `Another run was faster: it gave the tag ${tag} to ${image}@${now}${revision ? `, built from the commit ${revision}` : ''}, and the registry won't move it.`,
    {
      code: 'tag-taken',
      hint: `${digest ? `this run's image is ${image}@${digest}; ` : ''}give each image a tag of its own, such as sha, or the jobs a concurrency group`,
      cause,
    },
  );
}

/** Whether a tag names another image than before. */
export function isChanged({ digest, before }: Tagged): boolean {
  return [...before.values()].some((held) => held !== digest);
}
