import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { FileError } from './error.ts';

const CHUNK = 64 * 1024;

/**
 * Reads a regular file whole. Whatever a path leads to, this neither waits nor reads without end: a named pipe, a
 * device, a socket and a directory are refused before a byte is read, and a file that grows is read up to the limit.
 *
 * @param limit in bytes
 * @throws FileError
 */
export function readBytes(path: string, limit: number): Buffer {
  const file = open(path);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw notAFile(path, stats);
    if (stats.size > limit) throw tooLarge(path, `it has ${number(stats.size)} bytes`, limit);
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      // Files of /proc have the size 0 and contents all the same.
      const chunk = Buffer.allocUnsafe(Math.max(CHUNK, Math.min(stats.size - length, limit) + 1));
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks, length);
      length += count;
      if (length > limit) throw tooLarge(path, 'it goes on', limit);
      chunks.push(chunk.subarray(0, count));
    }
  } catch (error) {
    throw error instanceof FileError ? error : unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for somebody who writes to it.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function notAFile(path: string, stats: Stats): FileError {
  if (stats.isDirectory())
    return new FileError('directory', path, 'it is a directory', { hint: 'name a file in it' });
  const kind = stats.isFIFO() ? 'a named pipe' : stats.isSocket() ? 'a socket' : 'a device';
  return new FileError('special', path, `it is ${kind}, not a regular file`, {
    hint: 'write the contents to a file and name that',
  });
}

function tooLarge(path: string, size: string, limit: number): FileError {
  return new FileError('too-large', path, `${size}, and the limit is ${number(limit)} bytes`, {
    hint: 'check that the path is the right one',
  });
}

function unreadable(path: string, cause: unknown): FileError {
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return new FileError('missing', path, 'there is no such file', { cause });
    case 'EISDIR':
      return new FileError('directory', path, 'it is a directory', { hint: 'name a file in it', cause });
    case 'ENXIO':
      return new FileError('special', path, 'it is a socket, not a regular file', { cause });
    case 'EACCES':
    case 'EPERM':
      return new FileError('forbidden', path, `the user of this step${user()} may not read it`, {
        hint: 'change its owner or its mode in an earlier step',
        cause,
      });
    case 'ELOOP':
      return new FileError('unreadable', path, 'its symbolic links lead in a circle', { cause });
    case 'ENOTDIR':
      return new FileError('missing', path, 'a part of the path is a file, not a directory', { cause });
    case 'ENAMETOOLONG':
      return new FileError('missing', path, 'the path is longer than the system allows', { cause });
    case 'ERR_INVALID_ARG_VALUE':
      return new FileError('missing', path, 'the path holds a null character', { cause });
    case 'EMFILE':
    case 'ENFILE':
      return new FileError('unreadable', path, 'too many files are open', {
        hint: 'raise the limit of open files on the runner ("ulimit -n")',
        cause,
      });
    default:
      return new FileError('unreadable', path, code ? `the system says ${code}` : message, { cause });
  }
}

function user(): string {
  const id = process.getuid?.();
  return id === undefined ? '' : ` (uid ${id})`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
