import { withOneStop } from '../words/full-stop.ts';
import { hide, issue, say, show } from './console.ts';
import { wholeLines } from './whole-lines.ts';

/** The log of the running step. */
export const log = {
  /** Says something, which may quote what somebody else wrote. */
  info(message: string): void {
    say(withOneStop(message));
  },
  /** Shows a text that somebody else wrote, such as the log of an application. */
  output(text: string): void {
    const lines = wholeLines(show);
    lines.add(text);
    lines.end();
  },
  debug(message: string): void {
    issue({ name: 'debug', value: message });
  },
  warning(message: string, at?: Place): void {
    issue({ name: 'warning', properties: properties(at), value: withOneStop(message) });
  },
  error(message: string, at?: Place): void {
    issue({ name: 'error', properties: properties(at), value: message });
  },
  notice(message: string, at?: Place): void {
    issue({ name: 'notice', properties: properties(at), value: withOneStop(message) });
  },
  /** Folds what `work` logs under a title. */
  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    issue({ name: 'group', value: title.replace(/\s+/g, ' ') });
    try {
      return await work();
    } finally {
      issue({ name: 'endgroup' });
    }
  },
};

/** Where an annotation points: a file of the workspace, lines and columns from 1. */
export interface Place {
  readonly title?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

const masked = new Set<string>();

/** Whether a value was masked by this step: the runner hides it in its log, and what does not go through that must do so itself. */
export function isMasked(value: string): boolean {
  return masked.has(value);
}

/** Masks a secret, and each line of it, from here on. Call it the moment the secret exists. */
export function mask(secret: string): void {
  if (secret.trim() === '') return;
  masked.add(secret);
  // The runner masks lines by itself; act masks the whole value only.
  const lines = secret
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length > 3);
  const values = lines.length > 1 ? [secret, ...lines] : [secret];
  for (const value of values) hide(value);
  issue(...values.map((value) => ({ name: 'add-mask' as const, value })));
}

function properties({ title, file, line, column }: Place = {}) {
  // Zero is no line.
  return { title, file, line: line || undefined, col: column || undefined };
}
