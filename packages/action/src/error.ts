import type { Place } from './log.ts';

/**
 * An error a person can act on. The message names the input or the resource; the hint says what to do next.
 * `code` is a stable kebab-case word that tests and callers may rely on.
 */
export class ActionError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  /** The line of the user's own file that the annotation belongs on. */
  readonly place: Place | undefined;

  constructor(
    message: string,
    options: { code: string; hint?: string | undefined; cause?: unknown; place?: Place | undefined },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ActionError';
    this.code = options.code;
    this.hint = options.hint;
    this.place = options.place;
  }
}
