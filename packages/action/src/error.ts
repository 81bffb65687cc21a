import type { Place } from './log/log.ts';
import { withOneStop } from './words/full-stop.ts';

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
    super(bounded(withOneStop(message)), { cause: options.cause });
    this.name = 'ActionError';
    this.code = options.code;
    this.hint = options.hint;
    this.place = options.place;
  }
}

/** Characters of an error at most: what it quotes of an answer or of a log may have any length. */
const LONGEST = 16 * 1024;

/** A text as it may stand in an error or an annotation: of one that is too long, the beginning and the end. */
export function bounded(text: string): string {
  if (text.length <= LONGEST) return text;
  const half = LONGEST / 2;
  const left = (text.length - LONGEST).toLocaleString('en-US');
  return `${text.slice(0, half)}\n[… ${left} characters are left out …]\n${text.slice(-half)}`;
}
