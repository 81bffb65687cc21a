import { ActionError, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { imageLabels, manifestDigest } from '@gangway/registry';
import { IDENTITY } from '../inputs/identity.ts';
import type { Inputs } from '../inputs.ts';

const REVISION = 'org.opencontainers.image.revision';

/**
 * Looks for the image of this commit where tags can't be moved. A tag that is there already and names it, from an earlier
 * run, makes another build pointless: its result could not take the tag. A tag that names anything else stops the step,
 * before a build whose push would be refused.
 *
 * @param name of the image as Docker writes it
 * @param built digest of an image that was built from the same sources
 * @returns the digest of the image that is there, or undefined when none of the tags is
 * @throws ActionError `tag-immutable`
 */
export async function findStanding(
  name: string,
  { tags, labels, metadata }: Inputs,
  auth: TokenClient,
  built: string | undefined,
): Promise<string | undefined> {
  const digests = await Promise.all(tags.map((tag) => manifestDigest(auth, name, tag)));
  const taken = tags.flatMap((tag, index) => (digests[index] ? [{ tag, digest: digests[index] }] : []));
  const [first] = taken;
  if (!first) return undefined;
  const other = taken.find(({ digest }) => digest !== first.digest);
  if (other) {
    throw refused(
      `the tags ${first.tag} and ${other.tag} already name different images, and can't both name the new one`,
    );
  }
  if (first.digest === built) return built;
  const { [REVISION]: revision, [IDENTITY]: identity } = await imageLabels(auth, name, first.digest);
  const sha = metadata[REVISION];
  // An image that was found to be unchanged keeps the labels of the commit it was built for, under the tag of this one.
  const ofCommit = sha !== undefined && (revision === sha || taken.some(({ tag }) => names(tag, sha)));
  if (!ofCommit) {
    throw refused(
      `the tag ${first.tag} already names an image ${revision ? `of the commit ${revision}` : 'of unknown origin'}`,
    );
  }
  if (identity !== labels[IDENTITY]) {
    throw refused(
      `the tag ${first.tag} already names an image of this commit that was built with other inputs`,
    );
  }
  log.info(
    `${name}:${first.tag} already names the image of this commit, and its tags are immutable: nothing to build.`,
  );
  return first.digest;
}

/** Whether a tag holds the SHA of a commit, in full or in short. */
function names(tag: string, sha: string): boolean {
  return (tag.match(/[0-9a-f]{7,}/g) ?? []).some((hex) => sha.startsWith(hex));
}

function refused(reason: string): ActionError {
  return new ActionError(`Tags of the repository are immutable, and ${reason}.`, {
    code: 'tag-immutable',
    hint: 'give the image a tag of its own, such as sha or a new version; leave latest and branch out of the tags of such a repository, or set immutable_tags to false',
  });
}
