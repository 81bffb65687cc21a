import { ActionError, distance } from '@gangway/action';
import { isMap, isScalar, isSeq, parse as parseYaml } from 'yaml';

/** A place in a YAML text, of which each field must be asked for by name. */
export class Reader {
  readonly #source: Source;
  readonly #node: unknown;
  readonly #path: string;

  constructor(source: Source, node: unknown, path: string) {
    this.#source = source;
    this.#node = source.resolve(node);
    this.#path = path;
  }

  /**
   * Reads an object. What is not among the fields is an error that says where it is.
   *
   * @param fields what each field becomes; a field that is absent or null is not read
   */
  object<T extends object>(fields: { readonly [K in string]: (value: Reader) => Partial<T> | undefined }): T {
    const results: Partial<T>[] = [];
    for (const { key, name, value } of this.#entries()) {
      const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!read) {
        const at = new Reader(this.#source, key, this.#path);
        throw at.wrong(
          `"${name}" is not a field that Cloud Run knows ${this.#path ? `in ${this.#path}` : 'there'}`,
          nearest(name, Object.keys(fields)),
        );
      }
      if (isNothing(value)) continue;
      const result = read(this.#within(name, value ?? key));
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
    return this.#entries().map(({ key, name, value }) => [name, this.#within(name, value ?? key)]);
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

  /** A text. YAML takes `1`, `yes` and `2026-01-01` for other things: gcloud refuses them where a text is wanted. */
  text(): string {
    const value = this.#scalar();
    if (typeof value === 'string') return value;
    // Values of variables may be secrets.
    const written = /\.env\[\d+\]\.value$/.test(this.#path) ? '' : this.#written();
    throw this.wrong(
      `a string is needed here${written ? `, and ${written} is none` : ''}`,
      written ? `write it in quotes: "${written}"` : 'write it in quotes',
    );
  }

  /** A whole number, or a text of digits. */
  number(): number {
    const value = this.#scalar();
    const isNumber = typeof value === 'number' && Number.isInteger(value) && !isFraction(this.#written());
    const isDigits = typeof value === 'string' && /^[+-]?\d+$/.test(value);
    if (!isNumber && !isDigits) throw this.wrong('a whole number is needed here');
    return Number(value);
  }

  boolean(): boolean {
    const value = this.#scalar();
    if (typeof value !== 'boolean') throw this.wrong('true or false is needed here, without quotes');
    return value;
  }

  /** The whole number that a text says, as annotations are texts. */
  numeral(): number {
    const text = this.text();
    if (!/^\d+$/.test(text)) throw this.wrong('a whole number is needed here, in quotes');
    return Number(text);
  }

  /** `true` or `false` that a text says. */
  flag(): boolean {
    const text = this.text().toLowerCase();
    if (text !== 'true' && text !== 'false') throw this.wrong('"true" or "false" is needed here, in quotes');
    return text === 'true';
  }

  /** One of a few words, each with what it means. */
  word<T>(words: Readonly<Record<string, T>>): T {
    const text = this.text();
    if (!Object.hasOwn(words, text))
      throw this.wrong(`"${text}" is none of ${Object.keys(words).join(', ')}`);
    return words[text] as T;
  }

  /** The JSON that a text holds, as some annotations do; Google's samples write it as YAML: `{app: [collector]}`. */
  json(): unknown {
    try {
      return parseYaml(this.text(), { schema: 'core', maxAliasCount: 0 });
    } catch (error) {
      if (error instanceof ActionError) throw error;
      throw this.wrong('JSON is needed here');
    }
  }

  /** Whatever it is, for what Cloud Run alone knows the fields of. */
  plain(): unknown {
    if (isSeq(this.#node)) return this.list((item) => item.plain());
    if (isMap(this.#node))
      return Object.fromEntries(this.map().map(([name, inner]) => [name, inner.plain()]));
    return this.#scalar();
  }

  /** The file, the line and the path. */
  get where(): string {
    const line = this.#source.lineOf(this.#node);
    return `${this.#source.name}${line ? `:${line}` : ''}${this.#path ? ` (${this.#path})` : ''}`;
  }

  /** An error that says where this is. */
  wrong(what: string, hint?: string): ActionError {
    return new ActionError(`${this.where}: ${what}.`, {
      code: 'metadata-invalid',
      hint: hint ?? 'compare it with what "gcloud run services describe NAME --format export" prints',
    });
  }

  /** Members of an object with what `<<` merges into it: its own come first, then the merged ones in order. */
  #entries(): Entry[] {
    if (!isMap(this.#node)) throw this.wrong('an object is needed here');
    const own: Entry[] = [];
    const merged: Entry[] = [];
    for (const { key, value } of this.#node.items) {
      if (isMergeKey(key)) merged.push(...this.#merged(key, value));
      else own.push({ key, name: isScalar(key) ? String(key.source ?? key.value) : '', value });
    }
    const names = new Set(own.map(({ name }) => name));
    for (const entry of merged) {
      if (!names.has(entry.name)) own.push(entry);
      names.add(entry.name);
    }
    return own;
  }

  #merged(key: unknown, value: unknown): Entry[] {
    const source = this.#source.resolve(value);
    const parts = isSeq(source) ? source.items : [source];
    return parts.flatMap((part) => {
      const reader = new Reader(this.#source, part ?? key, this.#path);
      if (!isMap(reader.#node)) throw reader.wrong('an object, or a list of them, is needed after "<<"');
      return reader.#entries();
    });
  }

  #within(name: string, node: unknown): Reader {
    return new Reader(this.#source, node, this.#path ? `${this.#path}.${name}` : name);
  }

  /** As it stands in the file. */
  #written(): string {
    return isScalar(this.#node) ? (this.#node.source ?? '') : '';
  }

  #scalar(): unknown {
    if (!isScalar(this.#node)) throw this.wrong('a single value is needed here');
    // 08 is no octal number, and so a text.
    if (this.#node.type === 'PLAIN' && /^[-+]?0[\d_]*[89]/.test(this.#written())) return this.#written();
    return this.#node.value;
  }
}

interface Entry {
  readonly key: unknown;
  readonly name: string;
  readonly value: unknown;
}

/** The YAML that a reader reads. */
export interface Source {
  readonly name: string;
  /** What an alias stands for; everything else is itself. */
  resolve(node: unknown): unknown;
  lineOf(node: unknown): number | undefined;
}

/** What becomes of a field that says nothing to the API v2. */
export function nothing(): undefined {
  return undefined;
}

function isNothing(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

/** `<<` that is not in quotes. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

/** Whether a number is written as a fraction, such as `8080.0` and `1e3`. */
function isFraction(written: string): boolean {
  return !/^[+-]?0[xb]/i.test(written) && /[.e]/i.test(written);
}

function nearest(name: string, known: readonly string[]): string {
  const close = known.find((candidate) => distance(candidate.toLowerCase(), name.toLowerCase()) <= 2);
  return close ? `did you mean "${close}"` : `there are: ${known.join(', ')}`;
}
