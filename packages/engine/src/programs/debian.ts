import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../machine/cache.ts';
import { run } from '../machine/command.ts';
import { canDebootstrap, debootstrap, removeRoot } from './debootstrap.ts';

/** Counts what this file makes: a change of the recipe needs a new number, or caches go on with the old image. */
const recipe = 1;

export const debianReference = `gangway/python-base:bookworm-${recipe}`;

const suite = 'bookworm';
/** FastAPI 0.92 on pydantic 1: what Debian 12 ships. */
const packages = [
  'python3',
  'python3-pip',
  'python3-fastapi',
  'uvicorn',
  'python3-multipart',
  'ca-certificates',
];

/**
 * Writes the root file system of a small Debian 12 with FastAPI as a tar file, from the Debian mirror that this
 * machine uses. Rejects when it isn't root or has no such mirror.
 */
export async function debianTarball(
  file: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(await canDebootstrap())) {
    throw new Error(
      'No Python image can be pulled, and only root on Debian can build one: set GANGWAY_BASE_IMAGE to an image with Python and FastAPI.',
    );
  }
  onProgress('Building a Python base image from Debian packages (about a minute, once)');
  const root = await mkdtemp(join(await cacheDirectory(), 'debootstrap-'));
  try {
    await debootstrap(suite, packages, root, onProgress, signal);
    await symlink('python3', join(root, 'usr/bin/python'));
    await agreeWithStarlette(join(root, 'usr/lib/python3/dist-packages'));
    await run('tar', ['-C', root, ...leftOut.map((path) => `--exclude=./${path}`), '-cf', file, '.'], {
      signal,
    });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await removeRoot(root);
  }
}

/**
 * Debian ships FastAPI 0.92 with a newer Starlette than its metadata allows. pip believes the metadata, and would
 * go to the network for another one.
 */
async function agreeWithStarlette(distPackages: string): Promise<void> {
  for (const name of await readdir(distPackages)) {
    if (!/^fastapi-.*\.(dist|egg)-info$/.test(name)) continue;
    const file = join(distPackages, name, 'METADATA');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^(Requires-Dist: starlette).*$/m, '$1'));
  }
}

/** What nothing in a container reads: documentation, translations, package lists and caches, devices. */
const leftOut = [
  ...['usr/share/doc/*', 'usr/share/man/*', 'usr/share/info/*', 'usr/share/locale/*', 'usr/share/lintian/*'],
  ...[
    'var/cache/apt/*',
    'var/lib/apt/lists/*',
    'var/log/*',
    'var/cache/debconf/*-old',
    'proc/*',
    'sys/*',
    'dev/*',
    'tmp/*',
  ],
];
