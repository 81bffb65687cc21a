import { chmod, copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, locked, run } from '@gangway/engine';

// needs: base-image, busybox

const IMAGE = 'gangway/shell:1';

/**
 * An image with a shell and its tools, for builds that need no Python: an engine takes seconds to compress the Python base for
 * each new registry, and nothing for this one. Where busybox is not installed, the Python base; where no engine is, undefined.
 */
export async function shellBase(): Promise<string | undefined> {
  const { GANGWAY_BASE_IMAGE: base } = process.env;
  const [busybox] = find('busybox');
  if (!base || !busybox) return base;
  await locked('shell-base', () => run('docker', ['image', 'inspect', IMAGE]).catch(() => make(busybox)));
  return IMAGE;
}

async function make(busybox: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'gangway-shell-'));
  try {
    await chmod(root, 0o755);
    for (const folder of ['bin', 'tmp']) await mkdir(join(root, folder));
    await copyFile(busybox, join(root, 'bin/busybox'));
    const names = (await run(busybox, ['--list'])).split('\n').filter((name) => name && name !== 'busybox');
    for (const name of names) await symlink('busybox', join(root, 'bin', name));
    await run('sh', ['-c', 'tar -C "$1" -c . | docker import - "$2"', 'sh', root, IMAGE]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
