import { cancellation, cancelOnSignals, stopStep } from './cancellation.ts';
import { ActionError, bounded } from './error.ts';
import { closeConsole, guardStreams, loseLog } from './log/console.ts';
import { log } from './log/log.ts';
import { checkStepFiles } from './result/step-files.ts';
import { systemError } from './system-error.ts';
import { withOneStop } from './words/full-stop.ts';

/** Milliseconds that a cancelled step has for its clean-up, whatever it waits for. */
const GRACE = 1600;
/** Milliseconds that the log may take to reach a slow reader. */
const FLUSH = 5000;

/**
 * Runs an action: the only place that catches. An error becomes an annotation with its hint and exit code 1;
 * a cancelled step says so and leaves with 130, even when something it waits for ignores the cancel. What is thrown
 * where nobody waits for it stops the step as a cancel does, so that its programs end and its clean-up runs.
 *
 * @param main what the step does
 */
export function run(main: () => Promise<void>): Promise<void> {
  return leadToEnd(async () => {
    checkStepFiles();
    await main();
  });
}

/**
 * Runs the post step of an action in the same way. It has no outputs, and does what it can whatever became of the
 * runner's files.
 *
 * @param cleanUp what it undoes when the job ends
 */
export function runPost(cleanUp: () => Promise<void>): Promise<void> {
  return leadToEnd(cleanUp);
}

async function leadToEnd(main: () => Promise<void>): Promise<void> {
  guardStreams();
  cancelOnSignals();
  // Rejections that nobody handles come here too.
  process.on('uncaughtException', stopStep);
  process.stdout.on('error', logLost);
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

/** Without its log nobody learns what a step does; it must not go on as if somebody did. */
function logLost(cause: NodeJS.ErrnoException): void {
  const why = cause.code === 'EPIPE' ? 'the runner is gone' : (systemError(cause)?.message ?? cause.message);
  const error = new ActionError(`The log of this step can't be written: ${why}`, { code: 'log-lost', cause });
  loseLog(error.message);
  stopStep(error);
}

/** Waits until what was written is read: `process.exit` drops what a full pipe still holds back, the error first of all. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FLUSH);
    stream.write('', () => resolve());
  });
}

function report(error: unknown): void {
  const thrown = cancellation.aborted ? cancellation.reason : error;
  const known = thrown instanceof ActionError ? thrown : systemError(thrown);
  process.exitCode = known?.code === 'cancelled' ? 130 : 1;
  if (known) {
    // What the system says of a cause helps where nobody knew better.
    const hint = known.hint ?? systemError(known.cause)?.hint;
    log.error(hint ? `${known.message}\nTo fix it: ${sentence(hint)}` : known.message, known.place);
    if (known.cause !== undefined) log.debug(describe(known.cause));
  } else {
    log.error(
      `Unexpected error: ${bounded(thrown instanceof Error ? thrown.message : String(thrown))}\nThis is a bug in Gangway; please report it with the log.`,
    );
    log.debug(describe(thrown));
  }
}

/** A full stop ends a hint, but not one that ends with lines to copy, which are indented. */
function sentence(hint: string): string {
  return /\n {2,}[^\n]*$/.test(hint) ? hint : withOneStop(`${hint}.`);
}

function describe(cause: unknown): string {
  return bounded(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
}
