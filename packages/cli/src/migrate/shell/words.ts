import type { Word, WordPart } from 'unbash';
import { withoutExpressions } from '../model/expressions.ts';

/** The seven characters of a commit, which no expression of GitHub's cuts off: build-and-push reads it as a template in tags. */
export const SHORT_SHA = '{{sha}}';

/** What a word is once the shell has read it, or why that can't be said beforehand. */
export type Read = { readonly value: string } | { readonly unknown: string };

/** How the shell's variables are looked up. */
export interface Words {
  /** The value of a variable. */
  readonly variable: (name: string) => Read;
  /** Puts GitHub's expressions back. */
  readonly restored: (text: string) => string;
  /** What a command says that a step of ours says too. */
  readonly found?: (command: string) => string | undefined;
}

const SHORT = [
  /^git rev-parse --short(=7)? HEAD$/,
  /^git rev-parse --short(=7)? "?\$\{?GITHUB_SHA\}?"?$/,
  /^git log -1 --(?:pretty|format)[= ]'?"?(?:format:)?%h"?'?$/,
  /^(?:echo|printf '%s') "?(?:\$\{?GITHUB_SHA\}?|\$\{\{ *github\.sha *\}\})"? *\| *(?:cut -c ?1-7|head -c ?7)$/,
];
const LONG = [
  /^git rev-parse (?:--verify )?HEAD$/,
  /^git log -1 --(?:pretty|format)[= ]'?"?(?:format:)?%H"?'?$/,
];

/** Reads a word as the shell would. */
export function readWord(word: Word, words: Words): Read {
  const parts = word.parts ?? [];
  if (parts.length === 0) {
    const value = words.restored(word.value);
    if (value.startsWith('~')) return { unknown: `${value} is a path of the runner's` };
    return { value };
  }
  return joined(parts.map((part) => readPart(part, words, false)));
}

function readPart(part: WordPart, words: Words, quoted: boolean): Read {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return { value: words.restored(part.value) };
    case 'DoubleQuoted':
      return joined(part.parts.map((one) => readPart(one, words, true)));
    case 'SimpleExpansion':
      return expansion(part.text.slice(1), words, quoted);
    case 'ParameterExpansion': {
      const { parameter, operation, prefix, index } = part;
      if (prefix || index) break;
      if (!operation) return expansion(parameter, words, quoted);
      if (operation.type === 'Slice' && isShortSha(parameter, part.text, words)) return { value: SHORT_SHA };
      break;
    }
    case 'CommandExpansion': {
      const text = words.restored(part.text).replace(/^\$\(\s*|^`|\s*\)$|`$/g, '');
      if (SHORT.some((pattern) => pattern.test(text))) return { value: SHORT_SHA };
      if (LONG.some((pattern) => pattern.test(text))) return { value: '${{ github.sha }}' };
      const found = words.found?.(text);
      if (found !== undefined) return { value: found };
      return { unknown: `$(${firstLine(text)}) is only known when the step runs` };
    }
  }
  return { unknown: `${words.restored(part.text)} is only known when the step runs` };
}

function isShortSha(parameter: string, text: string, { variable }: Words): boolean {
  const read = variable(parameter);
  return (
    'value' in read &&
    /^\$\{\{ *github\.sha *\}\}$/.test(read.value) &&
    /:(?:0)?:7\}$/.test(text.replaceAll(' ', ''))
  );
}

function expansion(name: string, { variable }: Words, quoted: boolean): Read {
  const read = variable(name);
  if (!quoted && 'value' in read && /\s/.test(withoutExpressions(read.value)))
    return { unknown: `$${name} stands for several words` };
  return read;
}

function joined(reads: readonly Read[]): Read {
  const unknown = reads.find((read) => 'unknown' in read);
  if (unknown) return unknown;
  return { value: reads.map((read) => ('value' in read ? read.value : '')).join('') };
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
