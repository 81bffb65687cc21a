import { type Dirent, readdirSync, readlinkSync } from 'node:fs';
import type { Matched, PathFilter } from '@gangway/dockerfile';
import { NoKey } from './no-key.ts';

/**
 * A path in the bytes of the file system, one character each (Latin-1): such strings are kept, joined and compared at a
 * fraction of what buffers cost, and not every file system has names in UTF-8.
 */
export type BytePath = string;

/**
 * Takes a file, directory or link that a build context holds.
 *
 * @param path relative to the context
 * @param target what a link points to
 */
export type TakeEntry = (
  kind: 'file' | 'directory' | 'link' | 'special',
  path: BytePath,
  target: string,
) => void;

/** Entries that are looked at: a context with more is sent to the builder unseen. */
const MOST = 2_000_000;
/** Entries of a directory after which it yields too. */
const OFTEN = 4096;

/**
 * Goes through what a builder is sent of a build context, in the order of bytes: what the ignore file keeps, and the
 * directories above it. Its calls block, as those that don't take several times as long: it yields after each directory
 * that it has read, and now and then within one, for the caller to let others have a turn.
 *
 * @param root path of the context
 * @param skip names that are passed over wherever they are, such as `.git`
 * @param take is called for each: an object and a step of a generator for each would take as long as reading the directory
 * @throws Error of the file system, for what can't be read; NoKey when there is too much of it
 * @see https://docs.docker.com/build/concepts/context/
 */
export function* walkContext(
  root: string,
  filter: PathFilter,
  skip: ReadonlySet<string>,
  take: TakeEntry,
): Generator<void> {
  const base = `${Buffer.from(root).toString('latin1')}/`;
  let count = 0;
  // The directories that are being gone through, the innermost last.
  const stack = [visit(base, '', true)];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const entry = top.entries[top.next++];
    if (!entry) {
      stack.pop();
      continue;
    }
    const { name } = entry;
    if (skip.has(name)) continue;
    count++;
    if (count % OFTEN === 0) yield;
    if (count > MOST) throw new NoKey(`${root} holds more than ${MOST.toLocaleString('en-US')} files`);
    const path = top.path + name;
    const text = top.isAscii ? path : textOf(path);
    const isDirectory = entry.isDirectory();
    const looked = isDirectory ? filter.look(text, top.matched) : undefined;
    const ignored = looked ? looked.ignored : filter.leavesOut(text, top.matched);
    if (!ignored) {
      // A directory that is left out is there for what is kept in it.
      if (!top.told)
        for (const above of stack) {
          if (!above.told) take('directory', above.path.slice(0, -1), '');
          above.told = true;
        }
      if (isDirectory) take('directory', path, '');
      else if (entry.isFile()) take('file', path, '');
      else if (entry.isSymbolicLink()) take('link', path, targetOf(base + path));
      else take('special', path, '');
    }
    if (!looked || looked.closed) continue;
    stack.push(visit(base, `${path}/`, !ignored, looked.matched));
    yield;
  }
}

/** A directory, as far as it was gone through. */
interface Visit {
  readonly path: BytePath;
  readonly entries: readonly Dirent[];
  readonly matched: Matched | undefined;
  /** Whether UTF-8 writes the paths of all in it as they are. */
  readonly isAscii: boolean;
  next: number;
  /** Whether it was given to the caller. */
  told: boolean;
}

function visit(base: BytePath, path: BytePath, told: boolean, matched?: Matched): Visit {
  const entries = entriesOf(base + path);
  const all = isAscii(path + entries.map(({ name }) => name).join(''));
  return { path, entries, matched, isAscii: all, next: 0, told };
}

/** A path as Node's file functions take it, which write strings as UTF-8. */
function nodePath(path: BytePath): string | Buffer {
  return isAscii(path) ? path : Buffer.from(path, 'latin1');
}

function entriesOf(directory: BytePath): Dirent[] {
  // Each byte is a character: the order of such strings is that of the bytes.
  const entries = readdirSync(nodePath(directory), { withFileTypes: true, encoding: 'latin1' });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function targetOf(link: BytePath): string {
  return readlinkSync(nodePath(link), { encoding: 'latin1' });
}

/** The path as text, for patterns to match. */
function textOf(path: BytePath): string {
  return isAscii(path) ? path : Buffer.from(path, 'latin1').toString('utf8');
}

/** Whether UTF-8 writes it as it is. */
function isAscii(path: BytePath): boolean {
  return !/[\x80-\xff]/.test(path);
}
