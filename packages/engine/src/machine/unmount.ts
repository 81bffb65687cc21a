import { readFile } from 'node:fs/promises';
import { run } from './command.ts';

/** Unmounts what a daemon left mounted below a directory, which could not be removed with it. */
export async function unmountBelow(directory: string): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const path of mounts.filter((mount) => mount.startsWith(`${directory}/`)).reverse())
    await run('umount', ['--lazy', path]);
}
