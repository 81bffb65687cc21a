import { ActionError } from '@gangway/action';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** A place in a YAML text, of which each field must be asked for by name. */
export class Reader {
  readonly #source: Source;
  readonly #node: unknown;
  readonly #path: string;

  constructor(source: Source, node: unknown, path: string) {
    this.#source = source;
    this.#node = node;
    this.#path = path;
  }

  /**
   * Reads an object. What is not among the fields is an error that says where it is.
   *
   * @param fields what each field becomes; a field that is absent or null is not read
   */
  object<T extends object>(fields: { readonly [K in string]: (value: Reader) => Partial<T> | undefined }): T {
    if (!isMap(this.#node)) throw this.wrong('an object is needed here');
    const results: Partial<T>[] = [];
    for (const { key, value } of this.#node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const inner = new Reader(this.#source, value ?? key, this.#path ? `${this.#path}.${name}` : name);
      if (!read) {
        const at = new Reader(this.#source, key, this.#path);
        throw at.wrong(
          `"${name}" is no field that Cloud Run knows ${this.#path ? `in ${this.#path}` : 'there'}`,
          nearest(name, Object.keys(fields)),
        );
      }
      if (value === null || (isScalar(value) && value.value === null)) continue;
      const result = read(inner);
      if (result) results.push(result);
    }
    return Object.assign({}, ...results) as T;
  }

  list<T>(read: (item: Reader, index: number) => T): T[] {
    if (!isSeq(this.#node)) throw this.wrong('a list is needed here');
    return this.#node.items.map((item, index) =>
      read(new Reader(this.#source, item, `${this.#path}[${index}]`), index),
    );
  }

  /** Texts by name, such as labels and annotations. */
  map(): [name: string, value: Reader][] {
    if (!isMap(this.#node)) throw this.wrong('an object is needed here');
    return this.#node.items.map(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : '';
      return [name, new Reader(this.#source, value ?? key, this.#path ? `${this.#path}.${name}` : name)];
    });
  }

  /** What is at a path such as `spec.containers[0].image`, or the nearest around it that is there. */
  at(path: string): Reader {
    const [, index, rest = ''] = /^\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
    if (index !== undefined && isSeq(this.#node)) {
      const item = this.list((inner) => inner)[Number(index)];
      return item ? item.at(rest) : this;
    }
    if (path === '' || !isMap(this.#node)) return this;
    // A name may hold dots itself.
    const [name, inner] =
      this.map().find(
        ([key]) => key === path || (/^[.[]/.test(path.slice(key.length)) && path.startsWith(key)),
      ) ?? [];
    if (name === undefined || !inner) return this;
    return inner.at(path.slice(name.length).replace(/^\./, ''));
  }

  text(): string {
    const value = this.#scalar();
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.wrong('a text is needed here');
  }

  number(): number {
    const value = Number(this.#scalar());
    if (!Number.isInteger(value)) throw this.wrong('a whole number is needed here');
    return value;
  }

  boolean(): boolean {
    const value = String(this.#scalar()).toLowerCase();
    if (value === 'true' || value === 'false') return value === 'true';
    throw this.wrong('true or false is needed here');
  }

  /** One of a few words, each with what it means. */
  word<T>(words: Readonly<Record<string, T>>): T {
    const text = this.text();
    if (!Object.hasOwn(words, text))
      throw this.wrong(`"${text}" is none of ${Object.keys(words).join(', ')}`);
    return words[text] as T;
  }

  /** The JSON that a text holds, as some annotations do. */
  json(): unknown {
    try {
      return JSON.parse(this.text());
    } catch {
      throw this.wrong('JSON is needed here');
    }
  }

  /** An error that says where this is. */
  wrong(what: string, hint?: string): ActionError {
    const line = this.#source.lineOf(this.#node);
    const place = this.#path ? ` (${this.#path})` : '';
    return new ActionError(`${this.#source.name}${line ? `:${line}` : ''}${place}: ${what}.`, {
      code: 'metadata-invalid',
      hint: hint ?? 'compare it with what "gcloud run services describe NAME --format export" prints',
    });
  }

  #scalar(): unknown {
    if (!isScalar(this.#node)) throw this.wrong('a single value is needed here');
    return this.#node.value;
  }
}

interface Source {
  readonly name: string;
  lineOf(node: unknown): number | undefined;
}

/**
 * Parses a YAML text.
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
      hint: 'mend the YAML at this line',
    });
  }
  const source = {
    name,
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
    const document = parseDocument(text, { lineCounter, merge: true });
    return document.errors.some(({ message }) => /call stack/i.test(message)) ? undefined : document;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function nearest(name: string, known: readonly string[]): string {
  const close = known.find((candidate) => distance(candidate.toLowerCase(), name.toLowerCase()) <= 2);
  return close ? `did you mean "${close}"` : `there are: ${known.join(', ')}`;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries())
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (left === right ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
