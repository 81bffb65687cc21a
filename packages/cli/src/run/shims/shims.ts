import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { dockerShim } from './docker-shim.ts';
import { flyctlShim } from './flyctl-shim.ts';

/** Programs that steps see in another way than they are on this machine, by name. */
const SHIMS: Readonly<Record<string, (program: string) => string>> = {
  docker: dockerShim,
  flyctl: flyctlShim,
  fly: flyctlShim,
};

/**
 * Puts programs first on the PATH of steps that find the local cloud.
 *
 * @param path PATH on which the real ones are; there is none of a program that is not there
 * @returns the folder that they are in
 */
export async function makeShims(folder: string, path: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(SHIMS)) {
    const [program] = find(name, path);
    if (program) await writeFile(join(bin, name), script(program), { mode: 0o755 });
  }
  return bin;
}
