import type { Dirent } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import type { Matched, PathFilter } from '@gangway/dockerfile';
import { NoKey } from './no-key.ts';

/** A file, directory or link that a build context holds. */
export interface ContextEntry {
  /** Relative to the context, in the bytes of the file system. */
  readonly path: Buffer;
  readonly kind: 'file' | 'directory' | 'link' | 'special';
  /** Whether its owner may execute it: all of a mode that git keeps. */
  readonly executable: boolean;
  readonly size: number;
  /** What a link points to. */
  readonly target: Buffer | undefined;
}

const SLASH = Buffer.from('/');
/** Entries that are looked at: a context with more is sent to the builder unseen. */
const MOST = 2_000_000;

/**
 * Goes through what a builder is sent of a build context, in the order of bytes: what the ignore file keeps, and the
 * directories above it.
 *
 * @param skip names that are passed over wherever they are, such as `.git`
 * @throws Error of the file system, for what can't be read; NoKey when there is too much of it
 * @see https://docs.docker.com/build/concepts/context/
 */
export async function* walkContext(
  root: string,
  filter: PathFilter,
  skip: ReadonlySet<string> = new Set(),
): AsyncGenerator<ContextEntry> {
  const base = Buffer.from(root);
  let count = 0;

  async function* walk(directory: Buffer | undefined, parent?: Matched): AsyncGenerator<ContextEntry> {
    const entries = await readdir(directory ? join(base, directory) : base, {
      withFileTypes: true,
      encoding: 'buffer',
    });
    entries.sort((a, b) => Buffer.compare(a.name, b.name));
    for (const entry of entries) {
      if (skip.has(entry.name.toString('latin1'))) continue;
      count++;
      if (count > MOST) throw new NoKey(`${root} holds more than ${MOST.toLocaleString('en-US')} files`);
      const path = directory ? join(directory, entry.name) : entry.name;
      const { ignored, closed, matched } = filter.look(path.toString('utf8'), parent);
      if (!entry.isDirectory()) {
        if (!ignored) yield await read(base, path, entry);
        continue;
      }
      const self = { path, kind: 'directory', executable: true, size: 0, target: undefined } as const;
      if (!ignored) yield self;
      if (closed) continue;
      let told = !ignored;
      for await (const inner of walk(path, matched)) {
        // A directory that is left out is there for what is kept in it.
        if (!told) yield self;
        told = true;
        yield inner;
      }
    }
  }
  yield* walk(undefined);
}

async function read(base: Buffer, path: Buffer, entry: Dirent<Buffer>): Promise<ContextEntry> {
  const full = join(base, path);
  if (entry.isSymbolicLink()) {
    const target = await readlink(full, { encoding: 'buffer' });
    return { path, kind: 'link', executable: false, size: 0, target };
  }
  const { mode, size } = await lstat(full);
  const kind = entry.isFile() ? 'file' : 'special';
  return { path, kind, executable: (mode & 0o100) !== 0, size, target: undefined };
}

function join(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([directory, SLASH, name]);
}
