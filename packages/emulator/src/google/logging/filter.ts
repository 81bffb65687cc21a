import { ApiError } from '../../kernel/errors.ts';

type Test = (entry: Readonly<Record<string, unknown>>) => boolean;

/**
 * Compiles a filter of the Logging query language, as far as comparisons joined by AND, OR, NOT and brackets go
 * (https://cloud.google.com/logging/docs/view/logging-query-language).
 *
 * @throws ApiError INVALID_ARGUMENT for anything else
 */
export function compileFilter(filter: string): Test {
  // A field may have quoted names in it: labels."run.googleapis.com/job".
  const tokens = filter.match(TOKEN) ?? [];
  if (tokens.join('') !== filter.replace(SPACE_OUTSIDE, '$1')) throw unparsable(filter);
  const parser = new Parser(tokens, filter);
  return tokens.length === 0 ? () => true : parser.whole();
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[()]|!=|>=|<=|[=<>:]|[\w./-]+(?:"[^"]*"[\w./-]*)*/g;
const SPACE_OUTSIDE = /("(?:[^"\\]|\\.)*")|\s+/g;
const SEVERITIES = [
  'DEFAULT',
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'ALERT',
  'EMERGENCY',
];

class Parser {
  readonly #tokens: string[];
  readonly #filter: string;

  constructor(tokens: string[], filter: string) {
    this.#tokens = tokens;
    this.#filter = filter;
  }

  whole(): Test {
    const test = this.#any();
    if (this.#tokens.length > 0) throw unparsable(this.#filter);
    return test;
  }

  /** Two comparisons side by side are joined by AND, which binds more than OR. */
  #any(): Test {
    const tests = [this.#all()];
    while (this.#take('OR')) tests.push(this.#all());
    return (entry) => tests.some((test) => test(entry));
  }

  #all(): Test {
    const tests = [this.#one()];
    while (this.#tokens.length > 0 && this.#tokens[0] !== ')' && this.#tokens[0] !== 'OR') {
      this.#take('AND');
      tests.push(this.#one());
    }
    return (entry) => tests.every((test) => test(entry));
  }

  #one(): Test {
    if (this.#take('NOT')) {
      const test = this.#one();
      return (entry) => !test(entry);
    }
    if (this.#take('(')) {
      const test = this.#any();
      if (!this.#take(')')) throw unparsable(this.#filter);
      return test;
    }
    const [field = '', operator = '', value = ''] = this.#tokens.splice(0, 3);
    const compare = COMPARISONS[operator];
    if (!compare || !/^[\w."/-]+$/.test(field) || !value) throw unparsable(this.#filter);
    const path = pathOf(field);
    const wanted = value.startsWith('"') ? (JSON.parse(value) as string) : value;
    return (entry) => compare(at(entry, path), wanted);
  }

  #take(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }
}

const COMPARISONS: Readonly<Record<string, (is: string, wanted: string) => boolean>> = {
  '=': (is, wanted) => is === wanted,
  '!=': (is, wanted) => is !== wanted,
  ':': (is, wanted) => is.toLowerCase().includes(wanted.toLowerCase()),
  '>=': (is, wanted) => rank(is, wanted) >= 0,
  '<=': (is, wanted) => rank(is, wanted) <= 0,
  '>': (is, wanted) => rank(is, wanted) > 0,
  '<': (is, wanted) => rank(is, wanted) < 0,
};

/** Times and severities have an order of their own. */
function rank(is: string, wanted: string): number {
  if (SEVERITIES.includes(wanted)) return SEVERITIES.indexOf(is) - SEVERITIES.indexOf(wanted);
  const [left, right] = [Date.parse(is), Date.parse(wanted)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  return is < wanted ? -1 : Number(is > wanted);
}

/** `labels."run.googleapis.com/job"` is two names. */
function pathOf(field: string): string[] {
  return (field.match(/"[^"]*"|[^."]+/g) ?? []).map((name) => name.replaceAll('"', ''));
}

function at(entry: unknown, path: readonly string[]): string {
  const found = path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    entry,
  );
  return found === undefined ? '' : String(found);
}

function unparsable(filter: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `Unparseable filter: syntax error in '${filter}'.`);
}
