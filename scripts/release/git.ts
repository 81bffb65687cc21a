import { ProgramError, runProgram } from './program.ts';

/** A tag as the remote has it now. */
interface RemoteTag {
  /** The object that the tag names: an annotation, or the commit itself for a lightweight tag. */
  readonly object: string;
  readonly commit: string;
  readonly annotated: boolean;
}

export interface RemoteRefs {
  readonly tags: ReadonlyMap<string, RemoteTag>;
  readonly branches: ReadonlySet<string>;
}

/** Runs git with the job's token, which is kept in no file: checkouts are made without credentials. */
export function git(...args: string[]): string {
  const credentials = ['-c', 'credential.helper=', '-c', 'credential.helper=!gh auth git-credential'];
  return runProgram('git', [...credentials, ...args]).toString();
}

/** The content of a file at a commit, whatever the working tree says. */
export function fileAt(commit: string, path: string): Buffer {
  return runProgram('git', ['cat-file', 'blob', `${commit}:${path}`]);
}

/** Asks the remote itself: a checkout may have turned an annotated tag into a lightweight one. */
export function remoteRefs(): RemoteRefs {
  const tags = new Map<string, RemoteTag>();
  const branches = new Set<string>();
  for (const line of git('ls-remote', '--heads', '--tags', 'origin').split('\n').filter(Boolean)) {
    const [id = '', ref = ''] = line.split('\t');
    const [, kind, name = '', peeled] = /^refs\/(heads|tags)\/(.+?)(\^\{\})?$/.exec(ref) ?? [];
    if (kind === 'heads') branches.add(name);
    else if (peeled) tags.set(name, { object: tags.get(name)?.object ?? id, commit: id, annotated: true });
    else tags.set(name, { object: id, commit: id, annotated: false });
  }
  return { tags, branches };
}

/** Brings the history of main and of all tags up to date. */
export function fetchHistory(): void {
  git(
    'fetch',
    '--quiet',
    '--force',
    'origin',
    '+refs/heads/main:refs/remotes/origin/main',
    '+refs/tags/*:refs/tags/*',
  );
}

/** Whether `commit` is `of` or one of its ancestors. */
export function isAncestor(commit: string, of: string): boolean {
  try {
    git('merge-base', '--is-ancestor', commit, of);
    return true;
  } catch (error) {
    if (error instanceof ProgramError && error.exitCode === 1) return false;
    throw error;
  }
}
