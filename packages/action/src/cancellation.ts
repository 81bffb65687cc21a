import { ActionError } from './error.ts';

const cancelled = new AbortController();

/**
 * The signal that a cancelled step raises; hand it to every wait. {@link command} stops its program by itself,
 * and what ignores the signal is left behind by `run`.
 */
export const cancellation: AbortSignal = cancelled.signal;

/**
 * Lets SIGINT and SIGTERM abort {@link cancellation}, so that waits stop and clean-up runs. GitHub's runner sends
 * SIGINT to the action's own process alone, then SIGTERM after 7.5 s, and kills it 2.5 s later.
 */
export function cancelOnSignals(): void {
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
}

/**
 * Stops the step as a cancel does, for an error that no one waits for: an exception in a callback, a log that can't be
 * written. The first one counts.
 */
export function stopStep(error: unknown): void {
  cancelled.abort(error);
}
