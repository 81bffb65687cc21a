import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { PathFilter } from '@gangway/dockerfile';
import { type BytePath, nodePath, walkContext } from './context-entries.ts';
import { NoKey } from './no-key.ts';

/** Milliseconds after which others have a turn, such as a cancel. */
const TURN = 50;

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
  const sink = new Sink();
  const base = `${Buffer.from(root).toString('latin1')}/`;
  let turn = performance.now();
  for (const { kind, path, target } of walkContext(root, filter, GIT)) {
    if (kind !== 'file') sink.fields(kind, path, target);
    else for (const _ of addFile(sink, base, path)) if (performance.now() - turn > TURN) await setImmediate();
    if (performance.now() - turn < TURN) continue;
    await setImmediate();
    turn = performance.now();
  }
  return sink.digest();
}

/** Adds a file, and yields after each piece of a large one. */
function* addFile(sink: Sink, base: BytePath, path: BytePath): Generator<void> {
  // What has taken the file's place since the directory was read must not be followed, nor waited for.
  const file = openSync(
    nodePath(base + path),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  try {
    const { mode, size } = fstatSync(file);
    sink.fields((mode & 0o100) === 0 ? 'file' : 'executable', path);
    sink.length(size);
    for (let left = size; left > 0; ) {
      const read = sink.take(file, left);
      if (read === 0) throw new NoKey(`${base}${path} changed while it was read`);
      left -= read;
      if (left > 0) yield;
    }
  } finally {
    closeSync(file);
  }
}

/** Collects what is hashed, as each call of a hash costs as much as a thousand bytes. */
class Sink {
  readonly #hash: Hash = createHash('sha256');
  readonly #bytes = Buffer.allocUnsafeSlow(1024 * 1024);
  #used = 0;

  /** Lengths go before what they measure, so that no two trees run into the same bytes. */
  fields(...texts: readonly BytePath[]): void {
    for (const text of texts) {
      this.length(text.length);
      this.#room(text.length);
      this.#used += this.#bytes.write(text, this.#used, 'latin1');
    }
  }

  length(count: number): void {
    this.#room(8);
    this.#used = this.#bytes.writeDoubleBE(count, this.#used);
  }

  /** Takes the next bytes of a file, and tells how many. */
  take(file: number, most: number): number {
    this.#room(Math.min(most, this.#bytes.length / 4));
    const read = readSync(
      file,
      this.#bytes,
      this.#used,
      Math.min(most, this.#bytes.length - this.#used),
      null,
    );
    this.#used += read;
    return read;
  }

  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #room(bytes: number): void {
    if (this.#bytes.length - this.#used < bytes) this.#flush();
  }

  #flush(): void {
    this.#hash.update(this.#bytes.subarray(0, this.#used));
    this.#used = 0;
  }
}
