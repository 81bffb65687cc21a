import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheDirectory, run } from '@gangway/engine';
import { Misuse } from '../misuse.ts';

/** Where actions of others may be on this machine: folders that were named, what was fetched, a runner's and act's own. */
export async function actionFolders(named: readonly string[]): Promise<readonly string[]> {
  const missing = named.find((folder) => !existsSync(folder));
  if (missing) throw new Misuse(`--actions ${missing} is not there.`);
  const fetched = await cacheDirectory('actions');
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return [...named, fetched, join(homedir(), 'actions-runner/_work/_actions'), join(cache, 'act')];
}

/**
 * The folder of an action's repository at a reference: `OWNER/NAME/REF` as a runner keeps it, `OWNER-NAME@REF` as act does,
 * or `OWNER/NAME`.
 *
 * @param inside path of the action below it
 */
export function bundleOf(
  repository: string,
  reference: string,
  inside: string,
  folders: readonly string[],
): string | undefined {
  const names = [
    join(repository, reference),
    `${repository}@${reference}`,
    `${repository.replace('/', '-')}@${reference}`,
    repository,
  ];
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((folder) =>
      ['action.yml', 'action.yaml', ''].some(
        (name) => (name || /\.ya?ml$/.test(inside)) && existsSync(join(folder, inside, name)),
      ),
    );
}

/** Fetches an action from GitHub, once. @throws Misuse when it can't be had */
export async function fetchAction(repository: string, reference: string): Promise<void> {
  const folder = join(await cacheDirectory('actions'), repository, reference);
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder.replaceAll(/[^\w/.-]/g, '-')}-`);
  const git = (...args: string[]) =>
    run('git', ['-C', fresh, ...args], {
      timeout: 120_000,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    });
  try {
    await git('init', '--quiet');
    await git('fetch', '--quiet', '--depth', '1', `https://github.com/${repository}.git`, reference);
    await git('checkout', '--quiet', 'FETCH_HEAD');
    await rm(join(fresh, '.git'), { recursive: true });
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another run has fetched it meanwhile.
    if (existsSync(folder)) return;
    throw new Misuse(`${repository}@${reference} can't be fetched: ${(error as Error).message}`);
  }
}
