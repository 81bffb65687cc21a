import { execFileSync } from 'node:child_process';
import { ActionError, childEnvironment } from '@gangway/action';

/**
 * When a commit was made, in seconds since 1970; undefined where the directory is no checkout of it.
 *
 * @param commit anything that git takes for one
 */
export function secondsOf(directory: string, commit: string): number | undefined {
  try {
    // Steps in a container do not own the workspace, which git minds elsewhere for good reason.
    const args = ['-C', directory, '-c', 'safe.directory=*', 'log', '-1', '--format=%ct', commit, '--'];
    const printed = execFileSync('git', args, {
      encoding: 'utf8',
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
      // Nothing else of the step happens meanwhile, a cancel either.
      timeout: 5000,
      killSignal: 'SIGKILL',
    });
    return printed.trim() === '' ? undefined : Number(printed);
  } catch {
    return undefined;
  }
}

/**
 * When the commit that is checked out was made, in seconds since 1970, or what SOURCE_DATE_EPOCH says.
 *
 * @throws ActionError where it can't be told
 * @see https://reproducible-builds.org/docs/source-date-epoch/
 */
export function commitTime(directory: string): number {
  const { SOURCE_DATE_EPOCH: given } = process.env;
  if (given && /^\d+$/.test(given)) return Number(given);
  const time = secondsOf(directory, 'HEAD');
  if (time !== undefined) return time;
  throw new ActionError(
    `Input "reproducible" takes the time of the commit, but ${directory} is not in a checkout of one, or git is not installed.`,
    {
      code: 'commit-time',
      hint: 'check the repository out with actions/checkout, or set SOURCE_DATE_EPOCH under "env:"',
    },
  );
}
