import { lineAt, type Pair, PairError } from './pair.ts';

/** A value that is taken as it is, and where what follows it begins. */
export interface Block {
  readonly value: string;
  readonly end: number;
}

/**
 * Reads a value between `"""` and `"""`, which may have any lines and characters. A line break after the first
 * `"""` and one before the last are not part of it.
 *
 * @param at where the value begins
 * @returns undefined where no such value begins
 */
export function readQuotedBlock(text: string, at: number, name: string): Block | undefined {
  if (!text.startsWith('"""', at)) return undefined;
  const close = /"""[ \t]*,?[ \t]*(?=\n|$)/g;
  close.lastIndex = at + 3;
  const found = close.exec(text);
  if (!found) throw endless(text, at, name, '"""');
  const inner = text.slice(at + 3, found.index);
  return { value: inner.replace(/^[ \t]*\n/, '').replace(/\n[ \t]*$/, ''), end: close.lastIndex };
}

/**
 * Reads `NAME<<WORD`, the lines of a value and a line `WORD`, as in GitHub's own files.
 *
 * @param at where the item begins
 * @returns undefined where no such item begins
 */
export function readHeredoc(text: string, at: number): { pair: Pair; end: number } | undefined {
  const open = /([^\s=<,"'][^\s=<]*)[ \t]*<<[ \t]*(\S+)[ \t]*(?:\n|$)/y;
  open.lastIndex = at;
  const [all, name = '', word = ''] = open.exec(text) ?? [];
  if (all === undefined) return undefined;
  const lines: string[] = [];
  let from = at + all.length;
  while (from < text.length) {
    const next = text.indexOf('\n', from);
    const line = text.slice(from, next < 0 ? text.length : next);
    from = next < 0 ? text.length : next + 1;
    if (line.trim() === word)
      return { pair: { name, value: lines.join('\n'), line: lineAt(text, at) }, end: from };
    lines.push(line);
  }
  throw endless(text, at, name, word);
}

function endless(text: string, at: number, name: string, end: string): PairError {
  return new PairError(lineAt(text, at), `begins a value of ${name} that has no end`, `end it with ${end}`);
}
