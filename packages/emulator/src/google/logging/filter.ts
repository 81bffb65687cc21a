import { ApiError } from '../../kernel/errors.ts';
import { type Comparison, compare, textsIn, valuesAt } from './comparison.ts';
import { functionNamed, type Test } from './functions.ts';

/**
 * Compiles a filter of the Logging query language (https://cloud.google.com/logging/docs/view/logging-query-language).
 *
 * | Part | As |
 * |---|---|
 * | `a=b`, `!=`, `<`, `<=`, `>`, `>=`, `:` (has), `=~`, `!~` | comparisons; everything but regular expressions ignores case |
 * | `a:(b OR c)` | the comparison with each |
 * | `NOT`, `-`, then `OR`, then `AND` | "The NOT operator has the highest precedence, followed by OR and AND in that order"; two side by side are joined by AND |
 * | `hello`, `"hello world"` | an entry that has the text in any field |
 * | `log_id("x")`, `SEARCH("x")`, `ip_in_net(field, "10.0.0.0/8")`, `sample(insertId, 0.1)`, `source(…)` | functions |
 * | `-- …` | a comment up to the end of the line |
 *
 * @throws ApiError INVALID_ARGUMENT for what cannot be read
 */
export function compileFilter(filter: string): Test {
  const parser = new Parser(filter);
  return parser.isEmpty ? () => true : parser.whole();
}

const SKIPPED = /(?:\s|--[^\n]*(?:\n|$))*/y;
const OPERATOR = /!=|=~|!~|<=|>=|[=<>:]/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy;
/** A field's name may have quoted parts: `labels."run.googleapis.com/job"`. */
const WORD = /(?:[^\s()=<>!:~,"']|"(?:[^"\\]|\\.)*"(?=\.)|(?<=\.)"(?:[^"\\]|\\.)*")+/y;
/** What may follow an operator: a time has colons. */
const VALUE = /[^\s(),"']+/y;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skip();
  }

  get isEmpty(): boolean {
    return this.#at >= this.#text.length;
  }

  whole(): Test {
    const test = this.#all();
    if (!this.isEmpty) throw this.#unparsable();
    return test;
  }

  #all(): Test {
    const tests = [this.#any()];
    while (!this.isEmpty && this.#text[this.#at] !== ')') {
      this.#keyword('AND');
      tests.push(this.#any());
    }
    return (entry) => tests.every((test) => test(entry));
  }

  #any(): Test {
    const tests = [this.#one()];
    while (this.#keyword('OR')) tests.push(this.#one());
    return (entry) => tests.some((test) => test(entry));
  }

  #one(): Test {
    if (this.#keyword('NOT') || this.#sign('-')) {
      const test = this.#one();
      return (entry) => !test(entry);
    }
    if (this.#sign('(')) {
      const test = this.#all();
      if (!this.#sign(')')) throw this.#unparsable();
      return test;
    }
    const quoted = this.#quoted();
    if (quoted !== undefined) return anywhere(quoted);
    const word = this.#take(WORD);
    if (!word) throw this.#unparsable();
    if (this.#sign('(')) return this.#call(word);
    const operator = this.#take(OPERATOR);
    return operator ? this.#comparison(word, operator as Comparison) : anywhere(word);
  }

  #comparison(field: string, operator: Comparison): Test {
    const path = pathOf(field);
    const test = (wanted: string, isText: boolean): Test => {
      const check = this.#checked(() => compare(operator, wanted, path, isText));
      return (entry) => check(valuesAt(entry, path));
    };
    if (!this.#sign('(')) return test(...this.#value());
    const tests = this.#values(test);
    if (!this.#sign(')')) throw this.#unparsable();
    return tests;
  }

  /** `(a OR b)` after an operator, and within it what a filter has, too. */
  #values(test: (wanted: string, isText: boolean) => Test): Test {
    const one = (): Test => {
      if (this.#keyword('NOT') || this.#sign('-')) {
        const inner = one();
        return (entry) => !inner(entry);
      }
      if (!this.#sign('(')) return test(...this.#value());
      const inner = this.#values(test);
      if (!this.#sign(')')) throw this.#unparsable();
      return inner;
    };
    const any = (): Test => {
      const tests = [one()];
      while (this.#keyword('OR')) tests.push(one());
      return (entry) => tests.some((each) => each(entry));
    };
    const all = [any()];
    while (!this.isEmpty && this.#text[this.#at] !== ')') {
      this.#keyword('AND');
      all.push(any());
    }
    return (entry) => all.every((each) => each(entry));
  }

  #call(name: string): Test {
    const args: { readonly text: string; readonly isText: boolean }[] = [];
    while (!this.#sign(')')) {
      if (args.length > 0 && !this.#sign(',')) throw this.#unparsable();
      const [text, isText] = this.#value();
      args.push({ text, isText });
    }
    return this.#checked(() => functionNamed(name, args, pathOf));
  }

  /** @returns the value, and whether it was in quotes */
  #value(): [string, boolean] {
    const quoted = this.#quoted();
    if (quoted !== undefined) return [quoted, true];
    const value = this.#take(VALUE);
    if (!value) throw this.#unparsable();
    return [value, false];
  }

  #quoted(): string | undefined {
    const text = this.#take(QUOTED);
    return text?.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
  }

  #sign(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    this.#skip();
    return true;
  }

  /** Boolean operators are in capitals: `or` is a word. */
  #keyword(word: string): boolean {
    const end = this.#at + word.length;
    if (!this.#text.startsWith(word, this.#at) || !/^(?:[\s("'-]|$)/.test(this.#text.slice(end)))
      return false;
    this.#at = end;
    this.#skip();
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (!found) return undefined;
    this.#at += found.length;
    this.#skip();
    return found;
  }

  #skip(): void {
    SKIPPED.lastIndex = this.#at;
    this.#at += SKIPPED.exec(this.#text)?.[0].length ?? 0;
  }

  #checked<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      throw error instanceof SyntaxError || error instanceof RangeError
        ? new ApiError('INVALID_ARGUMENT', `Unparseable filter: ${error.message}`)
        : error;
    }
  }

  #unparsable(): ApiError {
    const [before] = [this.#text.slice(0, this.#at)];
    const line = before.split('\n').length;
    const column = this.#at - before.lastIndexOf('\n');
    const token = this.isEmpty ? 'end of input' : `token '${this.#text.slice(this.#at).split(/\s/, 1)[0]}'`;
    return new ApiError(
      'INVALID_ARGUMENT',
      `Unparseable filter: syntax error at line ${line}, column ${column}, ${token}`,
    );
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function anywhere(text: string): Test {
  const wanted = text.toLowerCase();
  return (entry) => textsIn(entry).some((value) => value.toLowerCase().includes(wanted));
}

/** `labels."run.googleapis.com/job"` is two names. */
function pathOf(field: string): string[] {
  return (field.match(/"(?:[^"\\]|\\.)*"|[^."]+/g) ?? []).map((name) => name.replace(/^"|"$/g, ''));
}
