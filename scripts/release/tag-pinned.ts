import type { ReleaseContext } from './context.ts';
import { git, remoteRefs } from './git.ts';
import { pinnedCommit } from './pinned-workflows.ts';
import { ProgramError } from './program.ts';
import { parseTag } from './version.ts';

/**
 * Tags the workflows for GitHub Enterprise Server and older runners, so that they can be called: `pinned/v1.2.3`, and
 * `pinned/v1` where the release is what `v1` stands on. Comes after {@link moveMajor}, which decides about that.
 *
 * @throws Error when `pinned/v1.2.3` is there and names something else
 */
export function tagPinned(context: ReleaseContext): void {
  const { tag, commit } = context;
  const pinned = pinnedCommit(context);
  for (let attempt = 1; ; attempt++) {
    const { tags } = remoteRefs();
    const there = tags.get(`pinned/${tag}`);
    if (there && there.commit !== pinned)
      throw new Error(`The tag pinned/${tag} names ${there.commit}, not ${pinned}. Find out who pushed it.`);
    const major = `v${parseTag(tag)?.major}`;
    const names = [
      ...(there ? [] : [`pinned/${tag}`]),
      ...(tags.get(major)?.commit === commit && tags.get(`pinned/${major}`)?.commit !== pinned
        ? [`pinned/${major}`]
        : []),
    ];
    try {
      if (names.length > 0) push(pinned, names, tags);
      console.log(
        `${names.join(' and ') || `pinned/${tag}`} ${names.length > 1 ? 'name' : 'names'} ${pinned}.`,
      );
      return;
    } catch (error) {
      const moved = error instanceof ProgramError && /stale info|cannot lock ref/.test(error.stderr);
      if (!moved || attempt === 5) throw error;
      console.log('The tags moved at the same time; looking again.');
    }
  }
}

/** All of them or none, each only from where it was seen. */
function push(commit: string, names: readonly string[], tags: ReturnType<typeof remoteRefs>['tags']): void {
  const leases = names.map((name) => `--force-with-lease=refs/tags/${name}:${tags.get(name)?.object ?? ''}`);
  const refs = names.map((name) => `${commit}:refs/tags/${name}`);
  git('push', '--quiet', '--atomic', ...leases, 'origin', ...refs);
}
