import { execFile } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { createPathFilter, DockerfileError, readIgnoreFile } from '@gangway/dockerfile';
import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { walkContext } from '../../packages/sources/src/context-entries.ts';

// needs: base-image
// some tests need: buildx
// takes minutes

/*
 * What Gangway takes for the build context is what a real builder is sent: ignore files and trees are made at random
 * from a seed, built with `FROM scratch` and `COPY . /`, and what arrived is compared. The older client reads a few
 * odd patterns otherwise, and is given none of them.
 */

const run = promisify(execFile);
const engine = process.env.GANGWAY_BASE_IMAGE;
const buildx = engine && find('docker-buildx')[0];
// From 23 on the client knows BuildKit only through buildx.
const docker = engine && (await firstWith(find('docker'), /^Docker version (1\d|2[0-2])\./));
const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);

describe.each([
  ['buildx', buildx, ['build', '--builder=default'], {}, () => true],
  ["the engine's own BuildKit", docker, ['build'], { DOCKER_BUILDKIT: '1' }, isPlain],
] as const)('the build context, as %s takes it', (_, program, args, env, takes) => {
  it.skipIf(!program).each(SEEDS)('seed %i', async (seed) => {
    const folder = await mkdtemp(join(tmpdir(), 'gangway-context-'));
    const context = join(folder, 'context');
    const random = mulberry32(seed);
    const ignore = randomIgnoreFile(random).filter(takes).join('\n');
    await writeTree(context, random);
    await writeFile(join(context, '.dockerignore'), ignore);
    await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');

    const out = join(folder, 'out');
    const build = run(program ?? '', [...args, `--output=type=local,dest=${out}`, context], {
      env: { ...process.env, ...env },
    });
    const arrived = await build.then(
      () => pathsIn(out),
      (error: { stderr: string }) => error.stderr,
    );
    try {
      const expected = await whatWeSend(context, ignore);
      expect(expected, `ignore file:\n${ignore}`).toEqual(
        typeof arrived === 'string' ? expect.stringMatching(/pattern/) : arrived,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function firstWith(programs: readonly string[], version: RegExp): Promise<string | undefined> {
  for (const program of programs) {
    const { stdout } = await run(program, ['--version']).catch(() => ({ stdout: '' }));
    if (version.test(stdout)) return program;
  }
  return undefined;
}

async function whatWeSend(context: string, ignore: string): Promise<string[] | string> {
  const found: string[] = [];
  try {
    const filter = createPathFilter(readIgnoreFile(ignore));
    const take = (_: string, path: string) => found.push(Buffer.from(path, 'latin1').toString());
    Array.from(walkContext(context, filter, new Set(), take));
  } catch (error) {
    if (error instanceof DockerfileError) return error.message;
    throw error;
  }
  return found.sort();
}

async function pathsIn(folder: string): Promise<string[]> {
  const paths = await readdir(folder, { recursive: true });
  return paths.map((path) => relative(folder, join(folder, path))).sort();
}

const NAMES = ['a', 'b', 'ab', 'src', 'keep', 'a.txt', 'b.md', '.git', '.env', 'x[1]', 'é', 'node_modules'];
const PARTS = [
  ...NAMES,
  '*',
  '*.txt',
  '?',
  '**',
  'a*',
  '*b',
  '[ab]',
  '[^a]',
  '.',
  '..',
  '*.*',
  'x\\[1\\]',
  'src**',
  '**b',
];

/** A tree three levels deep, with directories that hold nothing. */
async function writeTree(root: string, random: () => number): Promise<void> {
  await mkdir(root, { recursive: true });
  for (let count = 0; count < 40; count++) {
    const path = join(root, ...Array.from({ length: 1 + pick(3, random) }, () => one(NAMES, random)));
    try {
      if (random() < 0.15) await mkdir(path, { recursive: true });
      else {
        await mkdir(dirname(path), { recursive: true });
        if (!(await lstat(path).catch(() => undefined))) await writeFile(path, path);
      }
    } catch {
      // A file is where a directory would be.
    }
  }
}

function randomIgnoreFile(random: () => number): string[] {
  const lines = Array.from({ length: 1 + pick(6, random) }, () => {
    const path = Array.from({ length: 1 + pick(3, random) }, () => one(PARTS, random)).join('/');
    const before = one(['', '', '', '/', './', ' '], random);
    const after = one(['', '', '', '/', '/**', '/*', ' '], random);
    return `${one(['', '', '!', '! '], random)}${before}${path}${after}`;
  });
  return [...lines, ...(random() < 0.2 ? ['# *', ''] : []), ...(random() < 0.3 ? ['!Dockerfile'] : [])];
}

/** Whether a line has neither `**` beside other characters nor an exception that a directory could match. */
function isPlain(line: string): boolean {
  return line.includes('!') ? line === '!Dockerfile' : !/[^/. ]\*\*|\*\*[^/ ]/.test(line);
}

function pick(count: number, random: () => number): number {
  return Math.floor(random() * count);
}

function one<T>(list: readonly T[], random: () => number): T {
  return list[pick(list.length, random)] as T;
}

/** A small generator of numbers from 0 to 1, the same for a seed wherever it runs. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
