import { ActionError, invalid } from '@gangway/action';

/** What an input of pairs says: the pairs, that there are to be none (`{}`), or nothing. */
export type Pairs = Readonly<Record<string, string>> | undefined;

/**
 * Reads NAME=VALUE pairs in the format of google-github-actions: on lines, or parted by commas where another NAME=
 * follows, so that a value may hold commas; values may be quoted, and a backslash keeps what follows it. `{}` is none.
 *
 * @param name of the input, for errors, which quote no line: it may be a part of a secret
 * @returns undefined when the input is empty
 */
export function readPairs(name: string, lines: readonly string[]): Pairs {
  if (lines.length === 0) return undefined;
  if (lines.length === 1 && lines[0] === '{}') return {};
  const pairs = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    for (const item of parts(line)) {
      const at = item.indexOf('=');
      if (at < 1)
        throw new ActionError(`Input "${name}" is not valid: line ${index + 1} is no NAME=VALUE.`, {
          code: 'input-invalid',
          hint: 'write one NAME=VALUE a line; encode a value that has lines of its own, e.g. in base64',
        });
      const key = item.slice(0, at).trim();
      if (pairs.has(key)) throw invalid(name, key, `${key} is there twice; keep one`);
      pairs.set(key, unquoted(item.slice(at + 1).trim()));
    }
  }
  return Object.fromEntries(pairs);
}

/** Cuts a line at the commas that are followed by another NAME=, outside quotes, and not behind a backslash. */
function parts(line: string): string[] {
  const found: string[] = [];
  let from = 0;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '\\') at++;
    else if (quote) quote = character === quote ? '' : quote;
    else if (/["']/.test(character) && line[at - 1] === '=') quote = character;
    else if (character === ',' && /^\s*[/A-Za-z_][\w./-]*\s*=/.test(line.slice(at + 1))) {
      found.push(line.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, line.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}

function unquoted(value: string): string {
  const [, , inner] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  if (inner !== undefined) return inner;
  return value.replace(/\\([,=\\"'])/g, '$1');
}

/** How what is given goes together with what the service has. */
export type Strategy = 'merge' | 'overwrite';
export const STRATEGIES = ['merge', 'overwrite'] as const;

/** The pairs that come of it: all that was there and what is given put in, or what is given alone. */
export function merged<T>(
  current: Readonly<Record<string, T>>,
  given: Readonly<Record<string, T>> | undefined,
  strategy: Strategy,
): Record<string, T> {
  if (given === undefined) return { ...current };
  const none = Object.keys(given).length === 0;
  return strategy === 'overwrite' || none ? { ...given } : { ...current, ...given };
}

/** A list that may be emptied by the word `none`; undefined when the input is empty. */
export function emptiable(items: readonly string[]): readonly string[] | undefined {
  if (items.length === 0) return undefined;
  return items.length === 1 && items[0] === 'none' ? [] : items;
}
