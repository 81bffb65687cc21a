import { ActionError } from '@gangway/action';
import { isAlias, LineCounter, type Node, parseDocument } from 'yaml';
import { Reader, type Source } from './reader.ts';

/** Each time that one is looked at counts. */
const MOST_ALIASES = 1000;

/**
 * Parses a YAML text as gcloud does: in version 1.1, with octal numbers such as 0444, `yes` and `no`, aliases and merge
 * keys (https://yaml.org/spec/1.1/).
 *
 * @param name of the file, or of the input, for errors
 * @throws ActionError `metadata-invalid` that says where it is no YAML
 */
export function readYaml(name: string, text: string): Reader {
  const counter = new LineCounter();
  const document = parse(text, counter);
  if (!document) {
    throw new ActionError(`${name} is nested too deeply to be read.`, {
      code: 'metadata-invalid',
      hint: 'compare it with what "gcloud run services describe NAME --format export" prints',
    });
  }
  const [error] = document.errors;
  if (error) {
    const { line } = counter.linePos(error.pos[0]);
    throw new ActionError(`${name}:${line}: ${error.message.split('\n')[0]}`, {
      code: 'metadata-invalid',
      hint: 'fix the YAML at this line',
    });
  }
  let aliases = 0;
  const source: Source = {
    name,
    resolve(node) {
      if (!isAlias(node)) return node;
      if (aliases++ < MOST_ALIASES) return node.resolve(document);
      throw new ActionError(`${name} has aliases that lead to each other, or too many of them.`, {
        code: 'metadata-invalid',
        hint: 'write out what they stand for',
      });
    },
    lineOf: (node: unknown) => {
      const range = (node as Node | null)?.range;
      return range ? counter.linePos(range[0]).line : undefined;
    },
  };
  return new Reader(source, document.contents, '');
}

/** The parser descends by recursion, and tells of a stack that is full as an error of the text, or not at all. */
function parse(text: string, lineCounter: LineCounter) {
  try {
    const document = parseDocument(text, { lineCounter, version: '1.1' });
    return document.errors.some(({ message }) => /call stack/i.test(message)) ? undefined : document;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
