import { readHeredoc, readQuotedBlock } from './block.ts';
import { isJson, unescaped } from './escapes.ts';
import { lineAt, noPair, type Pair, PairError } from './pair.ts';
import { protectedUntil } from './protection.ts';

/** What was read, and what a reader of the log should know about how: where deploy-cloudrun would read it otherwise. */
export interface ListedPairs {
  readonly pairs: readonly Pair[];
  readonly warnings: readonly string[];
}

/** A comma separates pairs where nothing more, or another NAME=, follows on its line. */
const SEPARATOR =
  /^[\s,]*(?:$|((?:\/(?:\\.|[^\s,=:"'{}[\]\\])+|(?:\\.|[\p{L}\p{N}_])(?:\\.|[\p{L}\p{M}\p{N}_.-])*))\s*=)/u;
/** What deploy-cloudrun would make a variable of. */
const VARIABLE = /^\s*[A-Za-z_][\w.-]*\s*(?:,|$)/;

/**
 * Reads NAME=VALUE pairs on lines of their own or separated by commas, as google-github-actions' parseKVString does: a
 * backslash takes its meaning from the character behind it, a line break included. Where that reading would be of no
 * use to anyone, this one differs: a comma separates only where another NAME= or the end of the line follows, and not
 * within quotes or brackets; quotes around a whole value are not part of it; values of several lines may stand
 * between `"""` and `"""`. docs/pairs.md has the grammar.
 *
 * @see https://github.com/google-github-actions/actions-utils/blob/main/src/kv.ts
 * @throws PairError
 */
export function readListedPairs(input: string): ListedPairs {
  // The line breaks of google-github-actions.
  const text = input.replace(/\r\n|[\r\u2028\u2029]/g, '\n').trimEnd();
  const pairs: Pair[] = [];
  const warnings: string[] = [];
  let at = 0;
  for (;;) {
    at += /^[\s,]*/.exec(text.slice(at))?.[0].length ?? 0;
    if (at >= text.length) return { pairs, warnings };
    if (text[at] === '#' && /(?:^|\n)[ \t]*$/.test(text.slice(0, at))) {
      const next = text.indexOf('\n', at);
      at = next < 0 ? text.length : next;
      continue;
    }
    const heredoc = readHeredoc(text, at);
    if (heredoc) {
      pairs.push(heredoc.pair);
      at = heredoc.end;
      continue;
    }
    const line = lineAt(text, at);
    const equals = endOfName(text, at, line);
    const name = unescaped(text.slice(at, equals), { line, name: 'a name' }).trim();
    const from = equals + 1 + (/^[ \t]*/.exec(text.slice(equals + 1))?.[0].length ?? 0);
    const block = readQuotedBlock(text, from, name);
    if (block) {
      pairs.push({ name, value: block.value, line });
      at = block.end;
      continue;
    }
    const end = endOfValue(text, from);
    pairs.push({ name, value: meantBy(text.slice(from, end.at), name, line), line });
    warnings.push(...traps(text.slice(from, end.at), name, end));
    at = end.at;
  }
}

/** The place of the `=` that ends a name. */
function endOfName(text: string, begin: number, line: number): number {
  for (let at = begin; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at++;
    else if (character === '=' && at > begin) return at;
    else if (/[=\n,]/.test(character)) break;
  }
  throw noPair(line);
}

interface End {
  readonly at: number;
  /** Whether a comma in the value is one behind which google-github-actions would see another name. */
  readonly kept?: boolean;
  /** The name behind the comma that ends the value. */
  readonly next?: string | undefined;
}

function endOfValue(text: string, start: number): End {
  let kept = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\n') return { at, kept };
    if (character === '\\') at++;
    else if (character === ',') {
      const next = text.indexOf('\n', at);
      const rest = text.slice(at + 1, next < 0 ? text.length : next);
      const separator = SEPARATOR.exec(rest);
      if (separator) return { at, kept, next: separator[1] };
      kept ||= VARIABLE.test(rest);
    } else at = protectedUntil(text, start, at) ?? at;
  }
  return { at: text.length, kept };
}

function meantBy(raw: string, name: string, line: number): string {
  const value = raw.replace(/(?<!\\)\s+$/, '');
  const first = value[0];
  if (first === '"' || first === "'") {
    const close = protectedUntil(value, 0, 0);
    if (close === undefined && value.at(-1) !== first)
      throw new PairError(
        line,
        `begins a value of ${name} with a quote that nothing closes on that line`,
        `write \\${first} for a quote that is part of the value, and a value of several lines between ${name}=""" and """`,
      );
    if (close === value.length - 1 || (value.at(-1) === first && isJson(value.slice(1, -1))))
      return unescaped(value.slice(1, -1), { line, name });
  }
  return unescaped(value, { line, name }).trim();
}

/** What may be meant otherwise than it is read, without a quoted value: it may be a secret. */
function traps(raw: string, name: string, { kept, next }: End): string[] {
  const found: string[] = [];
  if (kept)
    found.push(
      `the commas in the value of ${name} are part of it, where google-github-actions would end it; write "\\," or put it in quotes to say so`,
    );
  if (next && /[a-z]/.test(next) && /^[A-Z_][A-Z0-9_]*$/.test(name) && /^[^"'{[(=]+=/.test(raw))
    found.push(
      `a comma in the value of ${name} comes before another NAME=, and therefore ends the value; write "\\," or put the value in quotes if it is part of it`,
    );
  if (/\\\n[ \t]*[A-Z_][A-Z0-9_]*=[^=\n]/.test(raw))
    found.push(
      `the backslash at the end of a line joins the next one to the value of ${name}; write "\\\\" for a backslash that ends a value`,
    );
  const isQuoted = /^["']/.test(raw) && protectedUntil(raw, 0, 0) === raw.trimEnd().length - 1;
  if (/\s#\s/.test(raw) && !isQuoted)
    found.push(
      `what follows "#" in the value of ${name} is part of it; a comment stands on a line of its own, or put the value in quotes to say so`,
    );
  return found;
}
