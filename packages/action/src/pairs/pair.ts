import { ActionError } from '../error.ts';

/** One NAME=VALUE of an input, and the line, from 1, on which it begins. */
export interface Pair {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** An item that can't be read. It holds nothing of a value, which may be a secret. */
export class PairError extends Error {
  readonly line: number;
  readonly hint: string;

  constructor(line: number, message: string, hint: string) {
    super(message);
    this.name = 'PairError';
    this.line = line;
    this.hint = hint;
  }
}

/** What an item that is no pair is refused with. */
export function noPair(line: number): PairError {
  return new PairError(
    line,
    'is not NAME=VALUE',
    'write one NAME=VALUE per line, and a value of several lines between NAME=""" and """',
  );
}

/** Items as an object. A name that is there twice is refused: which of the two is meant, nobody can tell. */
export function byName(input: string, pairs: readonly Pair[]): Record<string, string> {
  const found = new Map<string, string>();
  for (const { name, value, line } of pairs) {
    if (found.has(name))
      throw new ActionError(
        // A line of a value that went astray looks like a name, and may be secret.
        `Input "${input}" is not valid: line ${line} has a name that an earlier line has.`,
        {
          code: 'input-invalid',
          hint: 'keep one',
        },
      );
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

/** What an input of pairs is refused with. */
export function refusal(input: string, error: PairError): ActionError {
  return new ActionError(`Input "${input}" is not valid: line ${error.line} ${error.message}.`, {
    code: 'input-invalid',
    hint: error.hint,
    cause: error,
  });
}

/** The number of the line, from 1, on which a character stands. */
export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
