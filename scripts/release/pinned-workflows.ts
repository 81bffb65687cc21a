import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pinnedFile } from '../workflows/pinned.ts';
import type { ReleaseContext } from './context.ts';
import { fileAt, git } from './git.ts';
import { runProgram } from './program.ts';

type Released = Pick<ReleaseContext, 'tag' | 'commit' | 'repository'>;

const FOLDER = '.github/workflows';
const CALLABLE = /^ {2}workflow_call:|^on: \{ workflow_call:/m;

/**
 * The workflows of a release that others call, by the names of their files, in the form for GitHub Enterprise Server and
 * older runners. Read from the commit, not from the working tree.
 */
export function pinnedWorkflows({ tag, commit, repository }: Released): Map<string, string> {
  const paths = git('ls-tree', '--name-only', '-z', commit, `${FOLDER}/`).split('\0').filter(Boolean);
  const origin = { repository, reference: commit, version: tag };
  const files = paths.map((path) => [basename(path), fileAt(commit, path).toString()] as const);
  return new Map(
    files
      .filter(([, text]) => CALLABLE.test(text))
      .map(([name, text]) => [name, pinnedFile(name, text, origin)]),
  );
}

/**
 * A commit on top of a release that has those workflows in place of its own, so that they can be called. It is not on
 * main and not pushed. The same release gives the same commit each time.
 * @returns its id
 */
export function pinnedCommit(release: Released): string {
  const { tag, commit } = release;
  const folder = mkdtempSync(join(tmpdir(), 'gangway-pinned-'));
  try {
    const index = { GIT_INDEX_FILE: join(folder, 'index') };
    runProgram('git', ['read-tree', commit], { env: index });
    for (const [name, text] of pinnedWorkflows(release)) {
      const blob = runProgram('git', ['hash-object', '-w', '--stdin'], { input: text }).toString().trim();
      const entry = `100644,${blob},${FOLDER}/${name}`;
      runProgram('git', ['update-index', '--cacheinfo', entry], { env: index });
    }
    const tree = runProgram('git', ['write-tree'], { env: index }).toString().trim();
    const message = `Pin the actions of ${tag}'s workflows for older runners`;
    const date = `${git('show', '--no-patch', '--format=%ct', commit).trim()} +0000`;
    const arguments_ = ['-c', 'commit.gpgsign=false', 'commit-tree', tree, '-p', commit, '-m', message];
    return runProgram('git', arguments_, { env: identity(date) })
      .toString()
      .trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function identity(date: string): Record<string, string> {
  return Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, 'github-actions[bot]'],
      [`GIT_${role}_EMAIL`, '41898282+github-actions[bot]@users.noreply.github.com'],
      [`GIT_${role}_DATE`, date],
    ]),
  );
}
