import { readHeredoc, readQuotedBlock } from './block.ts';
import { lineAt, noPair, type Pair } from './pair.ts';

/**
 * Reads one NAME=VALUE per line, as docker/build-push-action and flyctl do: a value is all that follows the first `=`,
 * commas, quotes and backslashes included. Empty lines and lines that begin with `#` are skipped. A value of several
 * lines stands between `"""` and `"""`, between `NAME<<WORD` and `WORD`, or, as in docker/build-push-action, in an item
 * that is quoted as a whole, `"NAME=VALUE"`, in which `""` is a quote. docs/pairs.md has the grammar.
 *
 * @throws PairError
 */
export function readLinePairs(input: string): Pair[] {
  const text = input.replace(/\r\n?/g, '\n');
  const pairs: Pair[] = [];
  let at = 0;
  while (at < text.length) {
    const begin = at + (/[ \t]*/y.exec(text.slice(at))?.[0].length ?? 0);
    const next = text.indexOf('\n', begin);
    const end = next < 0 ? text.length : next;
    const line = text.slice(begin, end).trim();
    at = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    const heredoc = readHeredoc(text, begin);
    if (heredoc) {
      pairs.push(heredoc.pair);
      at = heredoc.end;
      continue;
    }
    if (line.startsWith('"')) {
      const whole = wholeItem(text, begin);
      pairs.push(whole.pair);
      at = whole.end;
      continue;
    }
    const { name, from } = nameAt(text, begin, line);
    const block = readQuotedBlock(text, from, name);
    if (block) at = block.end + 1;
    pairs.push({ name, value: block?.value ?? text.slice(from, end).trim(), line: lineAt(text, begin) });
  }
  return pairs;
}

function nameAt(text: string, begin: number, line: string): { name: string; from: number } {
  const equals = line.indexOf('=');
  // A name with a space in it is the middle of a value of several lines.
  if (equals < 1 || /\s/.test(line.slice(0, equals).trim())) throw noPair(lineAt(text, begin));
  const from = begin + equals + 1;
  return {
    name: line.slice(0, equals).trim(),
    from: from + (/[ \t]*/y.exec(text.slice(from))?.[0].length ?? 0),
  };
}

/** An item in quotes, of which two are one. */
function wholeItem(text: string, begin: number): { pair: Pair; end: number } {
  const [all, quoted = ''] = /^"((?:[^"]|"")*)"[ \t]*(?=\n|$)/.exec(text.slice(begin)) ?? [];
  const item = quoted.replaceAll('""', '"');
  const equals = item.indexOf('=');
  if (all === undefined || equals < 1) throw noPair(lineAt(text, begin));
  return {
    pair: {
      name: item.slice(0, equals).trim(),
      value: item.slice(equals + 1),
      line: lineAt(text, begin),
    },
    end: begin + all.length + 1,
  };
}
