import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
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
  const places = path.split(delimiter);
  for (const [name, script] of Object.entries(SHIMS)) {
    const program = places.map((place) => join(place, name)).find((file) => existsSync(file));
    if (program) await writeFile(join(bin, name), script(program), { mode: 0o755 });
  }
  return bin;
}
