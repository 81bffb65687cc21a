import { type Mapping, mappingOf, type Table } from '../tables/mapping.ts';

/** An option of a command line with its mapping. */
interface Option {
  readonly name: string;
  readonly value: string;
  readonly mapping: Mapping;
}

export interface CommandLine {
  /** Words that are no options, in their order. */
  readonly operands: readonly string[];
  readonly options: readonly Option[];
}

/**
 * Splits words into options and operands as the program of a table does.
 *
 * @param words after the command's own, such as after `gcloud run deploy`
 * @returns the command line, or why it can't be read
 */
export function readOptions(words: readonly string[], table: Table): CommandLine | { readonly why: string } {
  const operands: string[] = [];
  const options: Option[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const [, name = word, , inline] = /^(--?[A-Za-z][\w-]*)(=([\s\S]*))?$/.exec(word) ?? [];
    const mapping = mappingOf(table, name);
    if (!mapping) return { why: `${name} is not known here` };
    if (inline !== undefined) options.push({ name, value: inline, mapping });
    else if (mapping.alone) {
      const next = words[at + 1];
      const isValue = next === 'true' || next === 'false';
      if (isValue && name.startsWith('--'))
        return { why: `${name} ${next}: whether ${next} is its value can't be told` };
      options.push({ name, value: 'true', mapping });
    } else {
      at += 1;
      const value = words[at];
      if (value === undefined) return { why: `${name} lacks its value` };
      options.push({ name, value, mapping });
    }
  }
  return { operands, options };
}
