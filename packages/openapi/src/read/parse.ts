import { LIMITS } from '@gangway/files';
import {
  type Document,
  type DocumentOptions,
  isScalar,
  type ParseOptions,
  parseAllDocuments,
  parseDocument,
  type SchemaOptions,
} from 'yaml';
import type { Json } from '../json.ts';
import { jsonError } from './json-error.ts';
import { jsonLocator } from './json-positions.ts';
import type { ParseFailure } from './parse-failure.ts';
import type { Locator } from './positions.ts';
import { repeatedKey } from './repeated-key.ts';
import { refusedNode } from './yaml-nodes.ts';
import { yamlLocator } from './yaml-positions.ts';

/** A text read as data, with the way back from data to text. */
export interface Parsed {
  readonly value: Json;
  readonly locate: Locator;
}

const MAX_DEPTH = 400;
const MAX_VALUES = 8_000_000;

/**
 * Reads JSON or YAML 1.2. Refuses what would exhaust or confuse the rest: texts over the limit, nesting over
 * 400, YAML aliases that expand without bound, `__proto__` as a key, a key that stands twice in one object, and YAML's
 * values that JSON does not have, such as sets and bytes. What is called .json has to be JSON.
 */
export function parse(text: string, path: string): Parsed | ParseFailure {
  if (text.length > LIMITS.document) {
    return {
      code: 'too-large',
      message: `The file has ${text.length} characters, more than ${LIMITS.document}.`,
    };
  }
  const parsed = parseJson(text) ?? (path.endsWith('.json') ? brokenJson(text) : parseYaml(text));
  if ('code' in parsed) return parsed;
  const failure = refuse(parsed.value) ?? parsed.repeated?.(parsed.value);
  return failure ?? { value: parsed.value, locate: parsed.locate };
}

/** A text before it is known whether a key stands twice in it, which costs a look at what it was parsed to. */
interface Read extends Parsed {
  readonly repeated?: (value: Json) => ParseFailure | undefined;
}

function parseJson(text: string): Read | undefined {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (!/^\s*[{[]/.test(bare.slice(0, 4096))) return undefined;
  try {
    return {
      value: JSON.parse(bare),
      locate: jsonLocator(text),
      repeated: (value) => repeatedKey(text, value),
    };
  } catch {
    // YAML's parser reads it again: a flow mapping is YAML too, and its errors carry a line and a column.
    return undefined;
  }
}

function brokenJson(text: string): Read | ParseFailure {
  try {
    return { value: JSON.parse(text), locate: jsonLocator(text) };
  } catch (error) {
    // Nesting that exhausts the parser's stack is no question of syntax.
    if (error instanceof RangeError)
      return { code: 'too-deep', message: `The nesting is deeper than ${MAX_DEPTH}.` };
    return { code: 'syntax', ...jsonError(text) };
  }
}

function parseYaml(text: string): Read | ParseFailure {
  if (tooDeepForYaml(text)) return { code: 'too-deep', message: `The nesting is deeper than ${MAX_DEPTH}.` };
  // Told to be silent, the parser also says nothing of a second document, and drops it.
  const document = onlyDocument(text, { merge: true, prettyErrors: true, logLevel: 'error' });
  const failure = document.errors[0];
  // The parser descends by recursion, and takes a full stack for an error of the text.
  if (document.errors.some(({ message }) => /call stack/i.test(message)))
    return { code: 'too-deep', message: `The nesting is deeper than ${MAX_DEPTH}.` };
  if (failure !== undefined) {
    const start = failure.linePos?.[0];
    const message =
      failure.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'The text is not YAML.';
    return {
      code: 'syntax',
      message: failure.code === 'MULTIPLE_DOCS' ? SEVERAL : message,
      ...(start === undefined ? {} : { position: { line: start.line, column: start.col } }),
    };
  }
  const refused = refusedNode(text, document);
  if (refused !== undefined) return refused;
  try {
    return { value: document.toJS({ maxAliasCount: 200 }) as Json, locate: yamlLocator(text, document) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: /alias/i.test(message) ? 'too-many-aliases' : 'syntax', message: `${message}.` };
  }
}

const SEVERAL =
  'The file holds more than one YAML document, with `---` between them; leave one in it, or split it.';

/** The document of a text; a second one that is empty, after a last `---`, is none. */
function onlyDocument(
  text: string,
  options: ParseOptions & DocumentOptions & SchemaOptions,
): Document.Parsed {
  const document = parseDocument(text, options);
  if (document.errors[0]?.code !== 'MULTIPLE_DOCS') return document;
  const all = parseAllDocuments(text, options);
  const full = [...all].filter((each) => each.errors.length > 0 || !isEmpty(each));
  return full.length === 1 && full[0] !== undefined ? full[0] : document;
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

/** The parser of `yaml` descends by recursion: brackets are counted first, so that it cannot exhaust the stack. */
function tooDeepForYaml(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > MAX_DEPTH * 4) return true;
  }
  return /^(?:- ){400}/m.test(text) || /\n {2000}/.test(text);
}

function refuse(root: Json): ParseFailure | undefined {
  let values = 0;
  const visit = (value: Json, depth: number): ParseFailure | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    values += 1;
    if (depth > MAX_DEPTH) return { code: 'too-deep', message: `The nesting is deeper than ${MAX_DEPTH}.` };
    if (values > MAX_VALUES)
      return { code: 'too-large', message: `There are more than ${MAX_VALUES} objects.` };
    if (!Array.isArray(value) && Object.hasOwn(value, '__proto__')) {
      return { code: 'forbidden-key', message: 'The key __proto__ is not allowed.' };
    }
    for (const key in value) {
      const failure = visit((value as Record<string, Json>)[key] ?? null, depth + 1);
      if (failure !== undefined) return failure;
    }
    return undefined;
  };
  return visit(root, 0);
}
