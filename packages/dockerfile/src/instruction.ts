import type { Escaper } from './directives.ts';
import { DockerfileError } from './error.ts';
import type { Heredoc } from './heredoc.ts';

/** An instruction of a Dockerfile. */
export interface Instruction {
  /** In upper case. */
  readonly keyword: string;
  /** As `--name=value`, quotes removed. */
  readonly flags: readonly string[];
  /** What follows the flags, its lines joined. */
  readonly text: string;
  /** The same where it is a JSON list of strings (the exec form). */
  readonly list: readonly string[] | undefined;
  readonly heredocs: readonly Heredoc[];
  /** What an ONBUILD holds for the images that build on this one. */
  readonly trigger?: Instruction;
  /** The first and the last line in the file, counted from 1. */
  readonly line: number;
  readonly lastLine: number;
}

/** Parts a joined line into its keyword, its flags and the rest. */
export function splitInstruction(text: string, escaper: Escaper, line: number): Instruction {
  const [, keyword = '', after = ''] = /^(\S+)[\t\v\f\r ]*([\s\S]*)$/.exec(text.trim()) ?? [];
  const { flags, rest } = readFlags(after, escaper);
  const common = { keyword: keyword.toUpperCase(), flags, text: rest, list: readList(rest), heredocs: [] };
  if (common.keyword !== 'ONBUILD') return { ...common, line, lastLine: line };
  const trigger = splitInstruction(rest, escaper, line);
  if (['', 'ONBUILD', 'FROM', 'MAINTAINER'].includes(trigger.keyword))
    throw new DockerfileError(`${trigger.keyword || 'nothing'} isn't allowed as an ONBUILD trigger`, line);
  return { ...common, trigger, line, lastLine: line };
}

/** The value of a flag such as `--from=builder`; the last where there are several. */
export function flag({ flags }: Instruction, name: string): string | undefined {
  return flagValues(flags, name).at(-1);
}

/** The values of a flag that may be given more than once. */
export function flagValues(flags: readonly string[], name: string): string[] {
  const start = `--${name}=`;
  return flags.filter((text) => text.startsWith(start)).map((text) => text.slice(start.length));
}

/** The words of the rest, or its list. */
export function wordsOf({ text, list }: Instruction): readonly string[] {
  return list ?? text.split(/[\t\v\f\r ]+/).filter((word) => word !== '');
}

/** Words separated by blanks outside quotes, quotes kept: `A="b c" D=e`. */
export function quotedWords(text: string, escaper: Escaper): string[] {
  const pattern =
    escaper === '`'
      ? /(?:'[^']*'|"(?:`[\s\S]|[^"`])*"|`[\s\S]|[^\s'"`]|['"`])+/g
      : /(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^\s'"\\]|['"\\])+/g;
  return text.match(pattern) ?? [];
}

function readFlags(text: string, escaper: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let rest = text.trimStart();
  while (rest.startsWith('--')) {
    const [word, length] = flagWord(rest, escaper);
    rest = rest.slice(length).trimStart();
    if (word === '--') break;
    flags.push(word);
  }
  return { flags, rest: rest.trim() };
}

/** A word without its quotes and escapes, and how much of the text it takes. */
function flagWord(text: string, escaper: string): [word: string, length: number] {
  let word = '';
  let quote = '';
  let at = 0;
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    if (!quote && /\s/.test(char)) break;
    if (char === quote) quote = '';
    else if (!quote && (char === '"' || char === "'")) quote = char;
    else if (char === escaper) word += text[++at] ?? '';
    else word += char;
  }
  return [word, at];
}

function readList(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    // Not the exec form, but words that start with a bracket.
    return undefined;
  }
}
