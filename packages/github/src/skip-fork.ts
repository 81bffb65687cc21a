import { log, writeSummary } from '@gangway/action';
import { forkOf } from './fork.ts';

/**
 * Whether the run is for a pull request from a fork and has nothing to sign in with: GitHub gives it neither secrets nor an ID
 * token. Says so in the log and the summary, since it is nobody's mistake.
 *
 * @param what is left out, e.g. `The preview of hello`
 * @param credentials that the run was given all the same
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
 */
export async function skipFork(what: string, credentials: string | undefined): Promise<boolean> {
  const fork = forkOf();
  if (!fork || credentials || process.env.ACTIONS_ID_TOKEN_REQUEST_URL) return false;
  const lead = `${what} is left out: the pull request comes from the fork ${fork}, and GitHub gives its runs neither secrets nor an ID token.`;
  log.notice(lead);
  await writeSummary({ title: 'No preview', lead, facts: [], parts: [] });
  return true;
}
