import type { RemoteRefs } from './git.ts';
import { compareVersions, highest, isStable, parseTag, type Version } from './version.ts';

/** What becomes of the major tag (`v1`) with a release. */
export type MajorTagPlan =
  | {
      readonly move: true;
      readonly name: string;
      /** The object that the tag names now, which no one may change in the meantime; undefined where there is no tag. */
      readonly from: string | undefined;
      /** The commit it stands on now, which the new one has to contain. */
      readonly contains: string | undefined;
    }
  | { readonly move: false; readonly name: string; readonly because: string };

/**
 * Decides whether a release moves its major tag. It moves only forwards, by SemVer, from where it stands and past
 * everything that is released; a pre-release never moves it.
 *
 * @param released all versions that are released, this one too or not
 * @throws Error when the tag stands on a commit that is no release: then a person moved it
 */
export function planMajorTag(
  version: Version,
  commit: string,
  { tags }: RemoteRefs,
  released: readonly Version[],
): MajorTagPlan {
  const name = `v${version.major}`;
  const stay = (because: string): MajorTagPlan => ({ move: false, name, because });
  if (!isStable(version)) return stay(`${version.tag} is a pre-release`);

  const standing = tags.get(name);
  const rivals = released.filter((other) => other.major === version.major && isStable(other));
  if (standing && standing.commit !== commit) rivals.push(versionAt(standing.commit, name, tags));
  const newest = highest(rivals);
  if (newest && compareVersions(newest, version) > 0) return stay(`${newest.tag} is newer`);
  if (standing?.commit === commit) return stay('it is there already');
  return { move: true, name, from: standing?.object, contains: standing?.commit };
}

function versionAt(commit: string, name: string, tags: RemoteRefs['tags']): Version {
  const versions = [...tags]
    .filter(([, tag]) => tag.commit === commit)
    .map(([tag]) => parseTag(tag))
    .filter((version) => version !== undefined && isStable(version) && `v${version.major}` === name);
  const version = highest(versions as Version[]);
  if (version) return version;
  throw new Error(
    `The tag ${name} stands on ${commit}, which is no release. Someone moved it by hand: find out who, and put it back on the newest release with "git push --force origin COMMIT:refs/tags/${name}".`,
  );
}
