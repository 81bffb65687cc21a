import { invalid } from '../errors.ts';
import { type Item, valueAt } from './value-at.ts';

type Test = (item: Item) => boolean;

const TOKEN = /\s*(\(|\)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|!=|<=|>=|=|:|<|>|[^\s()"'=:<>!]+)/y;
const OPERATORS = new Set(['=', '!=', '<', '<=', '>', '>=', ':', 'eq', 'ne']);

/**
 * Reads a filter (https://cloud.google.com/compute/docs/reference/rest/v1/instances/list, `filter`): comparisons with `AND`, `OR`, `NOT` and
 * parentheses, those that stand beside each other all holding; `eq` and `ne` compare with a regular expression that the whole value is to match.
 *
 * @throws ComputeError for what is none
 */
export function filterOf(filter: string): Test {
  if (filter.trim() === '') return () => true;
  const parser = new Parser(filter);
  return parser.whole();
}

class Parser {
  readonly #filter: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(filter: string) {
    this.#filter = filter;
    this.#tokens = this.#tokenize();
  }

  whole(): Test {
    const test = this.#either();
    if (this.#at < this.#tokens.length) throw this.#unreadable();
    return test;
  }

  #either(): Test {
    let test = this.#all();
    while (this.#take('OR')) {
      const [one, other] = [test, this.#all()];
      test = (item) => one(item) || other(item);
    }
    return test;
  }

  #all(): Test {
    let test = this.#one();
    for (;;) {
      const next = this.#tokens[this.#at];
      if (next === undefined || next === ')' || next === 'OR') return test;
      this.#take('AND');
      const [one, other] = [test, this.#one()];
      test = (item) => one(item) && other(item);
    }
  }

  #one(): Test {
    if (this.#take('NOT')) {
      const test = this.#one();
      return (item) => !test(item);
    }
    if (this.#take('(')) {
      const test = this.#either();
      if (!this.#take(')')) throw this.#unreadable();
      return test;
    }
    const [path = '', operator = '', raw] = this.#tokens.slice(this.#at, this.#at + 3);
    if (!/^-?[\w.-]+$/.test(path) || !OPERATORS.has(operator) || raw === undefined || raw === ')')
      throw this.#unreadable();
    this.#at += 3;
    const negated = path.startsWith('-');
    const value = /^["']/.test(raw) ? raw.slice(1, -1).replace(/\\(["'\\])/g, '$1') : raw;
    const test = this.#comparison(operator, value);
    return (item) => holds(valueAt(item, path.replace(/^-/, '')), test, operator) !== negated;
  }

  #comparison(operator: string, value: string): (found: string | undefined) => boolean {
    if (operator === 'eq' || operator === 'ne') {
      const pattern = this.#regex(value);
      return (found) => pattern.test(found ?? '') === (operator === 'eq');
    }
    if (operator === ':')
      return (found) =>
        value === '*'
          ? found !== undefined
          : (found ?? '').toLowerCase().includes(value.replace(/\*$/, '').toLowerCase());
    if (operator === '=' || operator === '!=') {
      const source = value.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
      const pattern = new RegExp(`^${source.join('.*')}$`, 's');
      return (found) => pattern.test(found ?? '') === (operator === '=');
    }
    return (found) => {
      if (found === undefined) return false;
      const numbers =
        found !== '' && value !== '' && !Number.isNaN(Number(found)) && !Number.isNaN(Number(value));
      const order = numbers ? Number(found) - Number(value) : found < value ? -1 : Number(found > value);
      if (operator === '<') return order < 0;
      if (operator === '<=') return order <= 0;
      return operator === '>' ? order > 0 : order >= 0;
    };
  }

  /** RE2's syntax is JavaScript's as far as names need it. */
  #regex(source: string): RegExp {
    try {
      return new RegExp(`^(?:${source})$`, 's');
    } catch {
      throw this.#unreadable();
    }
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #tokenize(): string[] {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(this.#filter); match; match = TOKEN.exec(this.#filter)) {
      tokens.push(match[1] ?? '');
      end = TOKEN.lastIndex;
    }
    if (this.#filter.slice(end).trim() !== '') throw this.#unreadable();
    return tokens;
  }

  #unreadable(): Error {
    return invalid('filter', this.#filter, 'Invalid list filter expression.');
  }
}

/** Of a list, whether any of it does; what is not one of them must be none of them. */
function holds(found: unknown, test: (text: string | undefined) => boolean, operator: string): boolean {
  if (!Array.isArray(found)) return test(found === undefined ? undefined : String(found));
  const texts = found.flat(9).filter((one) => one !== undefined);
  const negative = operator === '!=' || operator === 'ne';
  return negative ? texts.every((one) => test(String(one))) : texts.some((one) => test(String(one)));
}
