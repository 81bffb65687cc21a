import { cancellation, cancelOnSignals } from './cancellation.ts';
import { closeConsole, guardStreams } from './console.ts';
import { ActionError } from './error.ts';
import { log } from './log.ts';

/** Milliseconds that a cancelled step has for its clean-up, whatever it waits for. */
const GRACE = 1600;
/** Milliseconds that the log may take to reach a slow reader. */
const FLUSH = 5000;

/**
 * Runs an action: the only place that catches. An error becomes an annotation with its hint and exit code 1;
 * a cancelled step says so and leaves with 130, even when something it waits for ignores the cancel.
 *
 * @param main what the step does; in the bundle of a post step, what it undoes when the job ends
 */
export async function run(main: () => Promise<void>): Promise<void> {
  guardStreams();
  cancelOnSignals();
  try {
    await Promise.race([main(), abandoned()]);
    // Whatever was cut short may have been taken for a failure that does not matter.
    cancellation.throwIfAborted();
  } catch (error) {
    report(error);
  }
  closeConsole();
  await flushed(process.stdout);
  // Keep-alive sockets and unanswered requests must not hold a finished step.
  process.exit();
}

/** Rejects when a cancelled step has had its grace. */
function abandoned(): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () => setTimeout(() => reject(cancellation.reason), GRACE);
    cancellation.addEventListener('abort', leave, { once: true });
  });
}

/** Waits until what was written is read: `process.exit` drops what a full pipe still holds back, the error first of all. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FLUSH);
    stream.write('', () => resolve());
  });
}

function report(error: unknown): void {
  const known = cancellation.aborted ? cancellation.reason : error;
  process.exitCode = known instanceof ActionError && known.code === 'cancelled' ? 130 : 1;
  if (known instanceof ActionError) {
    log.error(
      known.hint ? `${known.message}\nTo fix it: ${sentence(known.hint)}` : known.message,
      known.place,
    );
    if (known.cause !== undefined) log.debug(describe(known.cause));
  } else {
    log.error(
      `Unexpected error: ${known instanceof Error ? known.message : String(known)}\nThis is a bug in Gangway; please report it with the log.`,
    );
    log.debug(describe(known));
  }
}

/** A full stop ends a hint, but not one that ends with lines to copy, which are indented. */
function sentence(hint: string): string {
  return /\n {2,}[^\n]*$/.test(hint) ? hint : `${hint}.`;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
