import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from '../docker/install.ts';
import { find, run } from '../machine/command.ts';

/** Whether this machine can unpack a Debian: this user is root, and apt has a mirror. */
export async function canDebootstrap(): Promise<boolean> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return isRoot && (await debianMirror()) !== undefined;
}

/**
 * Unpacks a small Debian with packages into a directory, from the mirror that this machine uses; debootstrap checks what it
 * gets against Debian's keys, so any mirror will do. Rejects with what debootstrap said.
 *
 * @param suite e.g. `bookworm`
 */
export async function debootstrap(
  suite: string,
  packages: readonly string[],
  root: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const mirror = await debianMirror();
  if (!mirror) throw new Error('This machine has no Debian mirror.');
  if (find('debootstrap').length === 0) await installPackages(['debootstrap'], onProgress);
  const [program = 'debootstrap'] = find('debootstrap');
  await run(program, ['--variant=minbase', `--include=${packages.join(',')}`, suite, root, mirror], {
    signal,
  });
}

/** Removes what {@link debootstrap} made, whole or not. */
export async function removeRoot(root: string): Promise<void> {
  // It mounts /proc in its target: --one-file-system keeps a failed unmount from reaching further.
  await run('umount', [join(root, 'proc')]).catch(() => undefined);
  await run('rm', ['-rf', '--one-file-system', root]);
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
