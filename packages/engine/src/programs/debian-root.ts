import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installPackages } from '../docker/install.ts';
import { find, run } from '../machine/command.ts';

const TRIES = 10;

/** Whether this machine can unpack a Debian: this user is root, and apt has a mirror. */
export async function canUnpackDebian(): Promise<boolean> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return isRoot && (await debianMirror()) !== undefined;
}

/**
 * Unpacks a small Debian with packages into a directory, from the mirror that this machine uses; apt checks what it gets against
 * Debian's keys, so any mirror will do. mmdebstrap takes two thirds of the time of debootstrap. Rejects with what it said.
 *
 * @param suite e.g. `bookworm`
 * @param root is empty or not there yet
 */
export async function unpackDebian(
  suite: string,
  packages: readonly string[],
  root: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const mirror = await debianMirror();
  if (!mirror) throw new Error('This machine has no Debian mirror.');
  if (find('mmdebstrap').length === 0) await installPackages(['mmdebstrap'], onProgress);
  const [program = 'mmdebstrap'] = find('mmdebstrap');
  const options = ['--quiet', '--mode=root', '--format=directory', '--variant=minbase'];
  // /bin is a link to /usr/bin from the start: the package that makes it one brings the whole of Perl.
  const merged = ['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr', '--include=usr-is-merged'];
  const needed = ['--aptopt=APT::Install-Recommends "false"', `--include=${packages.join(',')}`];
  await run(program, [...options, ...merged, ...needed, suite, root, mirror], { signal });
}

/** Removes what {@link unpackDebian} made, whole or not. */
export async function removeRoot(root: string): Promise<void> {
  // What it mounts is in a namespace of its own; --one-file-system keeps what is mounted all the same from being emptied.
  const remove = () => run('rm', ['-rf', '--one-file-system', root]);
  for (const _ of Array(TRIES)) {
    try {
      await remove();
      return;
    } catch {
      // A child of one that was stopped goes on for a moment.
      await sleep(500);
    }
  }
  await remove();
}

/** The mirror of Debian's main archive in the host's own apt sources (sources.list(5): one-line and deb822 files). */
export async function debianMirror(): Promise<string | undefined> {
  const sources = '/etc/apt/sources.list.d';
  const names = (await readdir(sources).catch(() => [])).map((name) => join(sources, name));
  for (const file of ['/etc/apt/sources.list', ...names]) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const [, uri] = /^(?:deb(?:\s+\[[^\]]*\])?|URIs:)\s+(\S+\/debian\/?)(?:\s|$)/m.exec(text) ?? [];
    if (uri) return uri;
  }
  return undefined;
}
