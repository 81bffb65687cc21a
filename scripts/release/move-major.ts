import { versionsOf } from './check.ts';
import type { ReleaseContext } from './context.ts';
import { fetchHistory, git, isAncestor, remoteRefs } from './git.ts';
import { listReleases } from './github.ts';
import { planMajorTag } from './major-tag.ts';
import { ProgramError } from './program.ts';
import { parseTag } from './version.ts';

/**
 * Moves the major tag to a release, when that is forwards. The push names the object that the tag was seen on, so git
 * refuses it when another run moved the tag in between; then everything is checked again.
 *
 * @throws Error when the tag was not released, or when moving it would go back in history
 */
export function moveMajor({ tag, commit, repository }: ReleaseContext): void {
  for (let attempt = 1; ; attempt++) {
    fetchHistory();
    const refs = remoteRefs();
    const releases = listReleases(repository);
    const version = parseTag(tag);
    if (
      !version ||
      !releases.some(({ tag_name, draft, immutable }) => tag_name === tag && !draft && immutable)
    )
      throw new Error(`${tag} is not an immutable release of ${repository}: nothing moves to it.`);
    if (refs.tags.get(tag)?.commit !== commit || !isAncestor(commit, 'refs/remotes/origin/main'))
      throw new Error(`${tag} does not name ${commit} on main any more: nothing moves to it.`);

    const plan = planMajorTag(version, commit, refs, versionsOf(releases));
    if (!plan.move) {
      console.log(`${plan.name} stays where it is: ${plan.because}.`);
      return;
    }
    if (plan.contains && !isAncestor(plan.contains, commit))
      throw new Error(
        `${plan.name} stays where it is: ${tag} does not contain ${plan.contains}, on which it stands. Merge that and release the next version.`,
      );
    const ref = `refs/tags/${plan.name}`;
    try {
      git('push', '--quiet', `--force-with-lease=${ref}:${plan.from ?? ''}`, 'origin', `${commit}:${ref}`);
      console.log(`${plan.name} moved from ${plan.contains ?? 'nowhere'} to ${tag}, ${commit}.`);
      return;
    } catch (error) {
      const moved =
        error instanceof ProgramError && /stale info|fetch first|cannot lock ref/.test(error.stderr);
      if (!moved || attempt === 5) throw error;
      console.log(`${plan.name} moved at the same time; looking again.`);
    }
  }
}
