import type { Escaper } from './directives.ts';
import { DockerfileError } from './error.ts';
import { trimMatch, wildcard } from './ignore/wildcard.ts';

/** The value of a variable, or undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/**
 * Replaces the variables in a word and removes its quotes, as the Dockerfile's frontend does: `$name`, `${name}`, and
 * the modifiers `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`.
 *
 * @param escaper the Dockerfile's escape character
 * @throws DockerfileError for a substitution that is not closed or not known, and what `:?` asks for
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expand(word: string, lookup: Lookup, escaper: Escaper = '\\'): string {
  return new Expansion(word, lookup, escaper).until('');
}

/** The word without its quotes and escapes. */
export function unquote(word: string): string {
  return expand(word.replaceAll('$', '\\$'), () => undefined);
}

class Expansion {
  readonly #text: string;
  readonly #lookup: Lookup;
  readonly #escaper: string;
  #at = 0;

  constructor(text: string, lookup: Lookup, escaper: string) {
    this.#text = text;
    this.#lookup = lookup;
    this.#escaper = escaper;
  }

  /** Everything up to a character that ends it, which is taken too; to the end of the text for none. */
  until(stop: string, keepEscapes = false): string {
    let result = '';
    while (this.#at < this.#text.length) {
      const char = this.#next();
      if (char === stop) return result;
      if (char === "'") result += this.#singleQuoted();
      else if (char === '"') result += this.#doubleQuoted();
      else if (char === '$') result += this.#variable();
      else if (char === this.#escaper) result += (keepEscapes ? char : '') + this.#next();
      else result += char;
    }
    if (stop) throw new DockerfileError(`"${stop}" is missing in ${this.#text}`);
    return result;
  }

  #next(): string {
    return this.#text[this.#at++] ?? '';
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end < 0) throw new DockerfileError(`a single quote is not closed in ${this.#text}`);
    const inner = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return inner;
  }

  #doubleQuoted(): string {
    let result = '';
    while (this.#at < this.#text.length) {
      const char = this.#next();
      if (char === '"') return result;
      if (char === '$') result += this.#variable();
      // Inside double quotes only these can be escaped; before anything else the character is itself.
      else if (char === this.#escaper && ['"', '$', char].includes(this.#text[this.#at] ?? ''))
        result += this.#next();
      else result += char;
    }
    throw new DockerfileError(`a double quote is not closed in ${this.#text}`);
  }

  #variable(): string {
    if (this.#text[this.#at] !== '{') {
      const name = this.#name();
      return name ? (this.#lookup(name) ?? '') : '$';
    }
    this.#at++;
    const name = this.#name();
    if (!name) throw new DockerfileError(`bad substitution in ${this.#text}`);
    const value = this.#lookup(name);
    const operator = this.#next();
    if (operator === '}') return value ?? '';
    if (operator === '/') return this.#replaced(value ?? '');
    if (operator === '#' || operator === '%') {
      return trimMatch(value ?? '', this.until('}', true), operator);
    }
    const modifier = operator === ':' ? this.#next() : operator;
    const word = this.until('}');
    const given = value !== undefined && !(operator === ':' && value === '');
    if (modifier === '-') return given ? value : word;
    if (modifier === '+') return given ? word : '';
    if (modifier !== '?') throw new DockerfileError(`unsupported modifier "${modifier}" in ${this.#text}`);
    if (given) return value;
    throw new DockerfileError(
      `${name}: ${word || `is not allowed to be ${value === '' ? 'empty' : 'unset'}`}`,
    );
  }

  #replaced(value: string): string {
    const all = this.#text[this.#at] === '/';
    if (all) this.#at++;
    const pattern = wildcard(this.until('/', true), true, all ? 'gsu' : 'su');
    const replacement = this.until('}', true);
    return value.replace(pattern, () => replacement);
  }

  /** Letters, digits and underscores; digits alone, or one special character, where it starts with them. */
  #name(): string {
    const rest = this.#text.slice(this.#at);
    const [name = ''] = /^(?:\d+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(rest) ?? [];
    this.#at += name.length;
    return name;
  }
}
