import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileError, type FileProblem, readText } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gangway-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

function problemOf(path: string, limit = 100): { problem: FileProblem; message: string } {
  try {
    readText(path, limit);
  } catch (error) {
    if (error instanceof FileError) return { problem: error.problem, message: error.message };
    throw error;
  }
  throw new Error(`${path} was read`);
}

describe('readText', () => {
  it('gives the text, without a byte order mark', () => {
    expect(readText(written('plain', 'a\nü'), 100)).toBe('a\nü');
    expect(readText(written('marked', '\uFEFFa'), 100)).toBe('a');
    expect(readText(written('empty', ''), 100)).toBe('');
  });

  it('reads up to the limit and no further', () => {
    expect(readText(written('exact', 'x'.repeat(100)), 100)).toHaveLength(100);
    expect(problemOf(written('over', 'x'.repeat(101)))).toEqual({
      problem: 'too-large',
      message: 'it has 101 bytes, and the limit is 100 bytes',
    });
    expect(readText(written('chunks', 'x'.repeat(300_000)), 300_000)).toHaveLength(300_000);
  });

  it.skipIf(process.platform !== 'linux')('reads and bounds files that have no size of their own', () => {
    expect(readText('/proc/self/cmdline', 100_000)).toContain('node');
    expect(problemOf('/proc/self/environ', 10)).toEqual({
      problem: 'too-large',
      message: 'it goes on, and the limit is 10 bytes',
    });
  });

  it.each([
    ['UTF-16', Buffer.from('\uFEFFa', 'utf16le'), 'it is UTF-16, not UTF-8'],
    ['UTF-16, big end first', Buffer.from([0xfe, 0xff, 0, 97]), 'it is UTF-16, not UTF-8'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 97, 0, 0, 0]), 'it is UTF-32, not UTF-8'],
    ['Latin-1', Buffer.from('a: 1\nb: \xfc\n', 'latin1'), 'it is not UTF-8 at line 2'],
    ['a character cut off', Buffer.from([97, 10, 0xc3]), 'it is not UTF-8 at line 2'],
  ])('refuses %s', (name, bytes, message) => {
    expect(problemOf(written(name, bytes))).toEqual({ problem: 'encoding', message });
  });

  it('takes what is not UTF-8 where it is told to', () => {
    expect(readText(written('lenient', Buffer.from('\xfc', 'latin1')), 100, { lenient: true })).toBe(
      '\uFFFD',
    );
  });

  it('says what is there in place of a file', async () => {
    expect(problemOf(join(folder, 'nowhere')).problem).toBe('missing');
    expect(problemOf(join(written('file', ''), 'inner'))).toEqual({
      problem: 'missing',
      message: 'a part of the path is a file, not a directory',
    });
    expect(problemOf('x'.repeat(5000)).message).toBe('the path is longer than the system allows');
    expect(problemOf('a\0b').message).toBe('the path holds a null character');
    mkdirSync(join(folder, 'directory'));
    expect(problemOf(join(folder, 'directory'))).toEqual({
      problem: 'directory',
      message: 'it is a directory',
    });
    symlinkSync('circle', join(folder, 'circle'));
    expect(problemOf(join(folder, 'circle')).message).toBe('its symbolic links lead in a circle');
  });

  describe.skipIf(process.platform === 'win32')('does not wait for', () => {
    it('a named pipe', () => {
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      expect(problemOf(join(folder, 'pipe')).message).toBe('it is a named pipe, not a regular file');
    });

    it('devices without an end', () => {
      for (const device of ['/dev/zero', '/dev/full', '/dev/tty', '/dev/null'])
        expect(['special', 'unreadable']).toContain(problemOf(device).problem);
    });

    it('a socket', async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
      expect(problemOf(join(folder, 'socket')).message).toBe('it is a socket, not a regular file');
      server.close();
    });

    it.skipIf(process.getuid?.() === 0)('a file of somebody else', () => {
      const path = written('closed', 'x');
      chmodSync(path, 0);
      expect(problemOf(path).problem).toBe('forbidden');
    });
  });
});
