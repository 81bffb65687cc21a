import type { BytePath } from './context-entries.ts';

/** A file that changed while it was read; it is told by this, as errors lose their class between threads. */
export const CHANGED = 'ECHANGED';

/**
 * A digest of files: of each whether it may be executed, its length and its content. It yields whenever the
 * buffer is full within a file.
 *
 * It uses nothing from outside itself, so that its text can run in another thread: an action is one file, and has none for a
 * thread to start with.
 *
 * @param base directory of the paths, with a slash in the end
 * @param bytes a buffer of 128 KiB and more, to use again: a new one each time keeps the garbage collector busy
 * @returns 64 hexadecimal digits
 * @throws Error of the file system; one with the code {@link CHANGED}
 */
export function* hashFiles(
  base: BytePath,
  paths: readonly BytePath[],
  bytes: Buffer,
): Generator<void, string> {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { closeSync, constants, fstatSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  // What has taken a file's place since its directory was read must not be followed, nor waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const hash = createHash('sha256');
  // Each call of a hash costs as much as a thousand bytes.
  let used = 0;
  const flush = () => {
    hash.update(bytes.subarray(0, used));
    used = 0;
  };
  const isAscii = !/[\x80-\xff]/.test(base + paths.join(''));
  for (const path of paths) {
    const full = base + path;
    const file = openSync(isAscii ? full : Buffer.from(full, 'latin1'), flags);
    try {
      const { mode, size } = fstatSync(file);
      if (bytes.length - used < 64 * 1024) flush();
      // Lengths go before what they measure, so that no two lists of files run into the same bytes.
      used = bytes.writeUInt8((mode & 0o100) === 0 ? 0 : 1, used);
      used = bytes.writeDoubleBE(size, used);
      for (let left = size; left > 0; ) {
        const read = readSync(file, bytes, used, Math.min(left, bytes.length - used), null);
        if (read === 0) throw Object.assign(new Error(`${full} changed`), { code: 'ECHANGED' });
        left -= read;
        used += read;
        if (left === 0) break;
        flush();
        yield;
      }
    } finally {
      closeSync(file);
    }
  }
  flush();
  return hash.digest('hex');
}
