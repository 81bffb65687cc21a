import { DockerfileError } from '../error.ts';
import { cleanPath } from './clean-path.ts';

/** A pattern of an ignore file. */
export interface Pattern {
  /** Whether it keeps what earlier patterns left out. */
  readonly exception: boolean;
  /** The pattern without `!`. */
  readonly path: string;
  matches(path: string): boolean;
}

/**
 * Compiles a pattern: Go's filepath.Match, and `**` for any number of directories.
 *
 * @param text a pattern of `readIgnoreFile`
 * @throws DockerfileError for one that BuildKit refuses, or whose meaning depends on Go's regular expressions
 * @see https://github.com/moby/patternmatcher (behaviour)
 */
export function compilePattern(text: string): Pattern {
  const cleaned = cleanPath(text.trim());
  const exception = cleaned.startsWith('!');
  const path = exception ? cleaned.slice(1) : cleaned;
  if (path === '') throw new DockerfileError('illegal exclusion pattern: "!"');
  return { exception, path, matches: matcher(path) };
}

function matcher(path: string): (name: string) => boolean {
  const tokens = path.match(/\*\*\/?|\*|\?|\\[\s\S]?|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/gu) ?? [];
  if (tokens.every((token) => token.length === 1 && !'*?[\\'.includes(token))) return (name) => name === path;
  // BuildKit takes a lone ** at the end as a prefix, and one at the start as a suffix, before which no slash is needed.
  const [first = '', ...rest] = tokens;
  const plain = (list: readonly string[]): boolean =>
    list.every((token) => [...token].length === 1 && !'*?[]\\'.includes(token));
  if (first.startsWith('**') && plain(rest)) {
    const suffix = path.slice(2);
    return (name) => name.endsWith(suffix) || (suffix.startsWith('/') && name === suffix.slice(1));
  }
  // As in **/*.log, which every file would otherwise be matched against by a regular expression.
  if (first === '**/' && rest[0] === '*' && rest.length > 1 && plain(rest.slice(1))) {
    const suffix = path.slice(4);
    return (name) => name.endsWith(suffix);
  }
  if (tokens.at(-1) === '**' && plain(tokens.slice(0, -1))) {
    const prefix = path.slice(0, -2);
    return (name) => name.startsWith(prefix);
  }
  const source = tokens.map((token, index) => expression(token, index === tokens.length - 1, path)).join('');
  const compiled = new RegExp(`^${source}$`, 'u');
  return (name) => compiled.test(name);
}

function expression(token: string, last: boolean, path: string): string {
  if (token.startsWith('**')) return last ? '.*' : '(?:.*/)?';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token === '[' || token === '\\') throw new DockerfileError(`syntax error in pattern "${path}"`);
  if (token.startsWith('[')) return set(token, path);
  return literal(token.startsWith('\\') ? token.slice(1) : token, token.startsWith('\\'), path);
}

/** A set of characters such as `[a-z]` or `[^\]]`. */
function set(token: string, path: string): string {
  const [, negated = '', inner = ''] = /^\[(\^?)([\s\S]*)\]$/u.exec(token) ?? [];
  if (inner === '' || inner.startsWith('-') || inner.endsWith('-') || inner.includes('[:'))
    throw new DockerfileError(`syntax error in pattern "${path}"`);
  const source = inner.replace(/\\([\s\S])|[[&|~.+(){}$*?^]/gu, (char, escaped: string | undefined) =>
    literal(escaped ?? char, escaped !== undefined, path, true),
  );
  try {
    new RegExp(`[${source}]`, 'u');
  } catch {
    throw new DockerfileError(`syntax error in pattern "${path}"`);
  }
  return `[${negated}${source}]`;
}

/** One character. An escaped letter or digit is a class of Go's regular expressions, whatever its writer meant. */
function literal(char: string, escaped: boolean, path: string, inSet = false): string {
  if (escaped && /^[\p{L}\p{N}]$/u.test(char))
    throw new DockerfileError(`the meaning of "\\${char}" in the pattern "${path}" depends on the builder`);
  // Unlike the others, a dash is no syntax outside a set.
  return /^[\^$\\.*+?()[\]{}|/]$/.test(char) || (inSet && char === '-') ? `\\${char}` : char;
}
