import { mkdtemp, readdir, readFile, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { cacheDirectory } from '../machine/cache.ts';
import { run } from '../machine/command.ts';
import { canUnpackDebian, removeRoot, unpackDebian } from './debian-root.ts';

/** Counts what this file makes: a change of the recipe needs a new number, or caches go on with the old image. */
const recipe = 2;

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
  if (!(await canUnpackDebian())) {
    throw new Error(
      'No Python image can be pulled, and only root on Debian can build one: set GANGWAY_BASE_IMAGE to an image with Python and FastAPI.',
    );
  }
  onProgress('Building a Python base image from Debian packages (about a minute, once)');
  const root = await mkdtemp(join(await cacheDirectory(), 'debian-'));
  try {
    await unpackDebian(suite, packages, root, onProgress, signal);
    await symlink('python3', join(root, 'usr/bin/python'));
    await agreeWithStarlette(join(root, 'usr/lib/python3/dist-packages'));
    for (const name of ADMINISTRATION) await removePackage(root, name);
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

/** Removes the files of a package, what Python has compiled of them, and the folders that are empty then. */
async function removePackage(root: string, name: string): Promise<void> {
  const lists = join(root, 'var/lib/dpkg/info');
  const isIts = (file: string) => file === `${name}.list` || file.startsWith(`${name}:`);
  const list = (await readdir(lists)).find((file) => isIts(file) && file.endsWith('.list'));
  if (!list) return;
  const paths = (await readFile(join(lists, list), 'utf8')).split('\n').filter(Boolean);
  // A folder is named before what is in it.
  for (const path of paths.toReversed()) {
    const file = join(root, path);
    if (await isFolder(file)) {
      for (const folder of [join(file, '__pycache__'), file]) await rmdir(folder).catch(() => undefined);
    } else {
      const { dir, name } = parse(file);
      for (const removed of [file, join(dir, '__pycache__', `${name}.cpython-311.pyc`)])
        await rm(removed, { force: true });
    }
  }
}

/** Whether it is one, or a link to one, which stays: /bin is such a link. */
function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Packages that install, boot and administer a Debian or build Python packages from source, and what only they need. Nothing in a
 * container calls them, and Docker compresses the base again for every local registry that it pushes to: most of its work in tests.
 */
const ADMINISTRATION = [
  ...['apt', 'libapt-pkg6.0', 'libxxhash0', 'gpgv', 'libgcrypt20', 'libgpg-error0', 'debian-archive-keyring'],
  ...['libgnutls30', 'libhogweed6', 'libnettle8', 'libidn2-0', 'libp11-kit0', 'libtasn1-6', 'libunistring2'],
  ...['dpkg', 'debconf', 'libdebconfclient0', 'perl-base', 'libdb5.3', 'python3-lib2to3'],
  ...['e2fsprogs', 'libext2fs2', 'libss2', 'logsave', 'mount', 'libmount1', 'libblkid1', 'libsmartcols1'],
  ...['util-linux', 'util-linux-extra', 'bsdutils', 'libsystemd0', 'libudev1', 'init-system-helpers'],
  ...['sysvinit-utils', 'ncurses-bin', 'libtirpc3', 'libnsl2', 'libgssapi-krb5-2', 'libkrb5-3'],
  ...['libk5crypto3', 'libkrb5support0', 'libkeyutils1', 'python3-setuptools', 'python3-pkg-resources'],
];

/** What nothing in a container reads: documentation, translations, encodings, package lists and caches, devices. */
const leftOut = [
  ...['usr/share/doc/*', 'usr/share/man/*', 'usr/share/info/*', 'usr/share/locale/*', 'usr/share/lintian/*'],
  ...[
    'usr/share/zoneinfo/right',
    'usr/lib/*/gconv',
    'usr/lib/python3.11/pydoc_data',
    'usr/lib/python3.11/test',
  ],
  ...['var/cache/apt/*', 'var/cache/debconf/*', 'var/lib/apt/*', 'var/lib/dpkg/*', 'var/log/*'],
  ...['proc/*', 'sys/*', 'dev/*', 'tmp/*'],
];
