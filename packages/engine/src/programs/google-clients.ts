import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../machine/cache.ts';
import { find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';

/** Counts the recipe: a change of the versions needs a new number. */
const recipe = 1;

/** Google's own Python clients of the services that the local cloud has, as people install them. */
const packages = [
  'google-cloud-api-gateway==1.18.0',
  'google-cloud-api-keys==0.9.1',
  'google-cloud-artifact-registry==1.23.0',
  'google-cloud-iam==2.27.0',
  'google-cloud-resource-manager==1.19.0',
  'google-cloud-run==0.16.2',
  'google-cloud-secret-manager==2.32.0',
  'google-cloud-service-usage==1.18.0',
];

/**
 * A directory with Google's Python clients, for PYTHONPATH: in Gangway's cache, made there if it is not.
 *
 * @throws CommandError with what pip said; Error without python3 or its pip
 */
export async function googleClients(
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const [python] = find('python3');
  if (!python) throw new Error('needs python3 with pip');
  const directory = join(await cacheDirectory('google-clients'), String(recipe));
  return locked('google-clients', async () => {
    if (existsSync(directory)) return directory;
    onProgress("Installing Google's Python clients (about a minute, once)");
    const fresh = `${directory}.new`;
    await rm(fresh, { recursive: true, force: true });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
    await run(python, [...pip, '--target', fresh, ...packages], { signal });
    await rename(fresh, directory);
    return directory;
  });
}
