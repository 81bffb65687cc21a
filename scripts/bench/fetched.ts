import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, run } from '@gangway/engine';

/** A package of npm that is fetched for a measurement alone. */
export interface Fetched {
  readonly name: string;
  readonly version: string;
}

/**
 * Fetches packages that are measured or measure, without their install scripts.
 *
 * @returns the folder whose node_modules has them
 * @throws Error when npm can't
 */
export async function fetched(...packages: readonly Fetched[]): Promise<string> {
  const folder = join(await cacheDirectory(), 'bench');
  await mkdir(folder, { recursive: true });
  if (packages.every(({ name }) => existsSync(join(folder, 'node_modules', name)))) return folder;
  const wanted = packages.map(({ name, version }) => `${name}@${version}`);
  console.error(`Fetching ${wanted.join(' and ')} …`);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', '--prefix', folder, ...options, ...wanted], {});
  return folder;
}
