import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@gangway/engine';
import { repositoryOf } from '../cloud/repository.ts';
import { Misuse } from '../misuse.ts';

/** A repository on this machine as a workflow sees it. */
export interface Repository {
  /** Its top folder. */
  readonly folder: string;
  /** `OWNER/NAME` */
  readonly name: string;
  /** Name of the branch, also where there is no commit yet. */
  readonly branch: string;
  /** The commit that is checked out; undefined where there is none. */
  readonly commit: string | undefined;
  /** Whether it is a folder that Git does not know. */
  readonly isPlain?: true;
}

const IDENTITY = [
  '-c',
  'user.name=Gangway',
  '-c',
  'user.email=gangway@localhost',
  '-c',
  'commit.gpgsign=false',
];

/** The repository that a folder lies in. @throws Misuse where there is none */
export async function openRepository(at: string): Promise<Repository> {
  const top = await git(at, 'rev-parse', '--show-toplevel').catch(() => undefined);
  if (top === undefined)
    throw new Misuse(
      `${at} is not in a Git repository. Create one: git init && git add . && git commit -m Start`,
    );
  const folder = top.trim();
  const branch = await git(folder, 'symbolic-ref', '--short', 'HEAD').catch(() => 'main');
  const commit = await git(folder, 'rev-parse', '--verify', '--quiet', 'HEAD').catch(() => undefined);
  return { folder, name: repositoryOf(folder), branch: branch.trim(), commit: commit?.trim() };
}

/** The repository that a folder lies in; where it lies in none, the folder as one that has no commit yet. */
export async function openFolder(at: string): Promise<Repository> {
  const isKnown = await git(at, 'rev-parse', '--show-toplevel').then(
    () => true,
    () => false,
  );
  if (isKnown) return openRepository(at);
  return { folder: at, name: repositoryOf(at), branch: 'main', commit: undefined, isPlain: true };
}

/**
 * Copies what is in the working tree, without what .gitignore names, into a repository of its own with the same history:
 * act takes commit, branch and name from there, and steps change nothing in the person's folder.
 *
 * @param changed files that differ in the copy, by path
 */
export async function copyRepository(
  { folder, name, branch, commit, isPlain }: Repository,
  copy: string,
  changed: Readonly<Record<string, string>>,
): Promise<void> {
  if (commit) await git(folder, 'clone', '--quiet', '--shared', '--no-checkout', folder, copy);
  else {
    await mkdir(copy, { recursive: true });
    await git(copy, 'init', '--quiet', `--initial-branch=${branch}`);
  }
  const known = isPlain ? [`--git-dir=${join(copy, '.git')}`, `--work-tree=${folder}`] : [];
  const listed = await git(folder, ...known, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  // A file that was deleted and not staged is listed all the same.
  for (const path of new Set(listed.split('\0').filter(Boolean)))
    await cp(join(folder, path), join(copy, path), { recursive: true, verbatimSymlinks: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      },
    );
  await git(copy, 'remote', 'remove', 'origin').catch(() => undefined);
  await git(copy, 'remote', 'add', 'origin', `https://github.com/${name}.git`);
  if (commit) {
    await git(copy, 'checkout', '--quiet', '-B', branch, '--no-track').catch(() => undefined);
    await git(copy, 'reset', '--quiet', commit);
  } else {
    await git(copy, 'add', '--all');
    await git(copy, ...IDENTITY, 'commit', '--quiet', '--allow-empty', '--message', 'As it is');
  }
  for (const [path, text] of Object.entries(changed)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await rm(join(copy, path), { force: true });
    await writeFile(join(copy, path), text);
    // What differs for act alone is no change of the repository's.
    await git(copy, 'update-index', '--assume-unchanged', path).catch(() => undefined);
  }
}

/** Texts of the files of a repository that Git's patterns name, but for what .gitignore names. */
export async function textsIn(folder: string, patterns: readonly string[]): Promise<string[]> {
  const flags = ['-z', '--cached', '--others', '--exclude-standard'];
  const listed = await git(folder, 'ls-files', ...flags, '--', ...patterns.map((one) => `:(glob)${one}`));
  const paths = [...new Set(listed.split('\0').filter(Boolean))];
  return Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8').catch(() => '')));
}

function git(folder: string, ...args: string[]): Promise<string> {
  return run('git', ['-C', folder, ...args]);
}
