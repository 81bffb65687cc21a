import { createHash } from 'node:crypto';
import { fileAt, git } from './git.ts';

/**
 * The checksums of every file that runs in a user's job, as `sha256sum` writes and checks them: the bundles with all
 * that lies beside them, the action.yml files that choose what runs, and the workflows, of which some are called by
 * others. Read from the commit, not from the working tree.
 */
export function checksums(commit: string): string {
  return filesThatRun(commit)
    .map((path) => `${sha256(fileAt(commit, path))}  ${path}\n`)
    .join('');
}

/** Hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function filesThatRun(commit: string): string[] {
  const entries = git('ls-tree', '-r', '-z', commit).split('\0').filter(Boolean);
  return entries
    .map((entry) => {
      const [attributes = '', path = ''] = entry.split('\t');
      return { mode: attributes.slice(0, 6), path };
    })
    .filter(({ path }) => runs(path))
    .map(({ mode, path }) => {
      // A link or a submodule would be one thing in a checksum and another in a checkout.
      if (!mode.startsWith('100') || !/^[\w./@+-]+$/.test(path))
        throw new Error(`${path} can't be released: it is not a plain file with a plain name.`);
      return path;
    });
}

function runs(path: string): boolean {
  return (
    path.startsWith('dist/') || /(^|\/)action\.ya?ml$/.test(path) || path.startsWith('.github/workflows/')
  );
}
