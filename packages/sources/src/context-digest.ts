import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { PathFilter } from '@gangway/dockerfile';
import { type TakeEntry, walkContext } from './context-entries.ts';
import { fileHasher } from './file-hasher.ts';

/** Milliseconds after which others have a turn, such as a cancel. */
const TURN = 50;
/** Files that are hashed together. */
const BATCH = 512;

/** Git's own files differ from clone to clone and from commit to commit, with the same sources. */
const GIT: ReadonlySet<string> = new Set(['.git']);

/**
 * A digest of what a builder is sent of a build context: names in the bytes of the file system, contents, what links
 * point to, and whether a file may be executed. That bit decides what an image does, and git keeps it; the rest of a
 * mode comes from the umask of who cloned, times and owners from when and by whom, so none of these count.
 *
 * @param root of the context
 * @returns 64 hexadecimal digits
 * @throws Error of the file system, for what can't be read; NoKey for a file that changes meanwhile
 */
export async function digestContext(root: string, filter: PathFilter): Promise<string> {
  using hasher = fileHasher(`${Buffer.from(root).toString('latin1')}/`);
  const hash = createHash('sha256');
  const contents: Promise<string>[] = [];
  let entries = '';
  let files = '';
  let count = 0;
  const pass = () => {
    hash.update(entries, 'latin1');
    entries = '';
    if (count === 0) return;
    const digest = hasher.hash(files);
    // It is awaited in the end, when another may have failed before.
    digest.catch(() => undefined);
    contents.push(digest);
    files = '';
    count = 0;
  };
  const take: TakeEntry = (kind, path, target) => {
    // No name and no target has a NUL in it.
    entries += `${kind}\0${path}\0${target}\0`;
    if (kind !== 'file') return;
    files += count === 0 ? path : `\0${path}`;
    if (++count === BATCH) pass();
  };
  let turn = performance.now();
  for (const _ of walkContext(root, filter, GIT, take)) {
    if (performance.now() - turn < TURN) continue;
    await setImmediate();
    turn = performance.now();
  }
  pass();
  await hasher.finish();
  return hash.update((await Promise.all(contents)).join('\0')).digest('hex');
}
