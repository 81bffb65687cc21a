import * as core from '@actions/core';
import { ActionError } from './error.ts';

/** What ends a step early: aborted on SIGINT and SIGTERM, so that waits stop and clean-up runs. */
const cancelled = new AbortController();

/** The signal that a cancelled step raises; hand it to every wait and child process. */
export const cancellation: AbortSignal = cancelled.signal;

/**
 * Runs an action: the only place that catches. An error becomes an annotation with its hint and exit code 1;
 * a cancelled step says so and leaves with 130.
 *
 * @param main what the step does
 * @param post what the step undoes when the job ends, run by the same bundle as `runs.post`
 */
export async function run(main: () => Promise<void>, post?: () => Promise<void>): Promise<void> {
  const isPost = core.getState('gangway_main_ran') === 'true';
  if (post && !isPost) core.saveState('gangway_main_ran', 'true');
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () =>
      cancelled.abort(
        new ActionError('The step was cancelled.', {
          code: 'cancelled',
          hint: 'what was done so far stays; a re-run picks up from there',
        }),
      ),
    );
  }
  try {
    await (isPost && post ? post() : main());
  } catch (error) {
    report(error);
  }
  // Keep-alive sockets and unanswered requests must not hold a finished step.
  process.exit();
}

function report(error: unknown): void {
  const known = cancellation.aborted ? cancellation.reason : error;
  process.exitCode = known instanceof ActionError && known.code === 'cancelled' ? 130 : 1;
  if (known instanceof ActionError) {
    core.error(known.hint ? `${known.message}\nTo fix it: ${sentence(known.hint)}` : known.message);
    if (known.cause !== undefined) core.debug(describe(known.cause));
  } else {
    core.error(
      `Unexpected error: ${known instanceof Error ? known.message : String(known)}\nThis is a bug in Gangway; please report it with the log.`,
    );
    core.debug(describe(known));
  }
}

/** A full stop ends a hint, but not one that ends with lines to copy, which are indented. */
function sentence(hint: string): string {
  return /\n {2,}[^\n]*$/.test(hint) ? hint : `${hint}.`;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
