import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPathFilter, parseDockerfile, readStages } from '@gangway/dockerfile';
import { readText } from '@gangway/files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestContext } from './context-digest.ts';
import { asNoKey, NoKey, whyBuilding } from './no-key.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-no-key-'));
  await mkdir(join(folder, 'directory'));
  await writeFile(join(folder, 'file'), '');
});
afterAll(() => rm(folder, { recursive: true }));

describe('there is no key, and the build says more', () => {
  it.each<[what: string, work: () => unknown, said: RegExp]>([
    [
      'a Dockerfile that makes no sense',
      () => readStages(parseDockerfile('FROM a b\n')),
      /^Building, because the Dockerfile can't be read \(FROM requires .*, line 1\)\.$/,
    ],
    [
      'a file that is not there',
      () => readText(join(folder, 'missing'), 100),
      /^Building, because \S*\/missing can't be read \(.*\)\.$/,
    ],
    [
      'a context that is not there',
      () => digestContext(join(folder, 'nowhere'), createPathFilter([])),
      /^Building, because the build context can't be read \(.*ENOENT.*nowhere.*\)\.$/,
    ],
    [
      'a context that is no directory',
      () => digestContext(join(folder, 'file'), createPathFilter([])),
      /^Building, because the build context can't be read \(.*ENOTDIR.*\)\.$/,
    ],
  ])('for %s', async (_, work, said) => {
    const error = asNoKey(await thrown(work));
    expect(error).toBeInstanceOf(NoKey);
    expect(whyBuilding(error)).toMatch(said);
  });
});

describe('what says nothing of the sources stays what it is', () => {
  it.each<[what: string, work: () => unknown]>([
    ['a connection that is refused', refused],
    ['a connection that breaks', broken],
    ['a name that nobody has', () => fetch('http://gangway.invalid/')],
    ['a fault of ours', () => Promise.reject(new TypeError('x is undefined'))],
  ])('such as %s', async (_, work) => {
    const error = await thrown(work);
    expect(asNoKey(error)).toBe(error);
    expect(whyBuilding(error)).toBe(
      `Building, because earlier images could not be looked up: ${(error as Error).message}`,
    );
  });

  it('and a reason that was given before, too', () => {
    const error = new NoKey('the sun is out');
    expect(asNoKey(error)).toBe(error);
    expect(whyBuilding(error)).toBe('Building, because the sun is out.');
  });
});

async function thrown(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it went well');
}

async function refused(): Promise<never> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return failing(port);
}

async function broken(): Promise<never> {
  const server = createServer((socket) => socket.resetAndDestroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await failing((server.address() as { port: number }).port);
  } finally {
    server.close();
  }
}

/** The error of a connection, which names the system call that failed. */
async function failing(port: number): Promise<never> {
  const socket = connect(port, '127.0.0.1');
  const [error] = await once(socket, 'error');
  if (!('syscall' in error)) throw new Error('an error of no system call');
  throw error;
}
