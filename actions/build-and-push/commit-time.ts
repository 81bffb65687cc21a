import { ActionError, ask } from '@gangway/action';

/**
 * When the commit that is checked out was made, in seconds since 1970.
 *
 * @param directory of the repository
 * @throws ActionError where it can't be told
 * @see https://reproducible-builds.org/docs/source-date-epoch/
 */
export async function commitTime(directory: string): Promise<number> {
  const { SOURCE_DATE_EPOCH: given } = process.env;
  if (given && /^\d+$/.test(given)) return Number(given);
  // Steps in a container do not own the workspace, which git minds elsewhere for good reason.
  const asking = ['-C', directory, '-c', 'safe.directory=*', 'log', '-1', '--format=%ct'];
  const said = await ask('git', asking).catch(() => undefined);
  const time = said?.stdout.trim();
  if (said?.exitCode === 0 && time) return Number(time);
  throw new ActionError(
    `Input "reproducible" takes the time of the commit, but there is none to see in ${directory}: ${said?.stderr.trim() ?? 'git is not installed.'}`,
    {
      code: 'commit-time',
      hint: 'check the repository out with actions/checkout, or set SOURCE_DATE_EPOCH under "env:"',
    },
  );
}
