/** One segment of a path template: text, or a variable that takes one segment (`*`) or the rest (`**`). */
export type Segment =
  | { readonly literal: string }
  | { readonly variable: string | undefined; readonly rest: boolean };

export interface PathTemplate {
  readonly segments: readonly Segment[];
  /** What follows the last `:`. */
  readonly verb: string | undefined;
  readonly variables: readonly string[];
}

const TOKEN = /[^/*}{=]+|[/*}{=]/g;
const VERB = /(?<!\/)\/?:([^/*}{=]+)$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const MAX_VARIABLE = 100;
const MAX_VARIABLES = 60;
const MAX_PATH = 512;

/**
 * Parses a path as google.api.HttpRule reads it: parameters are whole segments, `**` stands last
 * (https://cloud.google.com/api-gateway/docs/path-templating).
 * @returns the template, or what is wrong with it
 */
export function parsePathTemplate(path: string): PathTemplate | { readonly problem: string } {
  try {
    return new Parser(path).parse();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { problem: `In path template '${path}': ${error.message}` };
  }
}

/** The template with its variables' names taken out: two paths that are equal so collide in a route table. */
export function shapeOf({ segments, verb }: PathTemplate): string {
  const parts = segments.map((segment) =>
    'literal' in segment ? segment.literal : segment.rest ? '**' : '*',
  );
  return `/${parts.join('/')}${verb ? `:${verb}` : ''}`;
}

class TemplateError extends Error {}

class Parser {
  readonly #path: string;
  readonly #verb: string | undefined;
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(path: string) {
    this.#path = path;
    const verb = VERB.exec(path);
    this.#verb = verb?.[1];
    this.#tokens = (verb ? path.slice(0, verb.index) : path).match(TOKEN) ?? [];
  }

  parse(): PathTemplate {
    if (this.#path.length > MAX_PATH) fail(`the path is longer than ${MAX_PATH} characters.`);
    if (this.#path === '/') return { segments: [], verb: undefined, variables: [] };
    if (this.#take() !== '/') fail("effective path must start with leading '/'.");
    const segments = [this.#segment()];
    while (this.#peek() === '/') {
      this.#take();
      segments.push(this.#segment());
    }
    if (this.#peek() !== undefined) fail(`unrecognized input at '${this.#peek()}'.`);
    return { segments, verb: this.#verb, variables: this.#variables(segments) };
  }

  #segment(): Segment {
    const token = this.#take();
    if (token === '*') return { variable: undefined, rest: this.#skip('*') };
    if (token === '{') return this.#variable();
    if ('/}='.includes(token)) fail(`unrecognized input at '${token}'.`);
    return { literal: token };
  }

  #variable(): Segment {
    const variable = this.#take();
    if (!VARIABLE.test(variable)) fail(`'${variable}' is not a valid variable name.`);
    if (variable.length > MAX_VARIABLE)
      fail(`variable name '${variable}' is longer than ${MAX_VARIABLE} characters.`);
    let rest = false;
    if (this.#skip('=')) {
      if (this.#take() !== '*') fail('cannot have fields in nested paths.');
      rest = this.#skip('*');
    }
    const end = this.#peek();
    if (end !== '}') fail(`expected '}', looking at ${end === undefined ? 'end of input' : `'${end}'`}.`);
    this.#take();
    return { variable, rest };
  }

  #variables(segments: readonly Segment[]): string[] {
    const names = segments.flatMap((segment) =>
      'variable' in segment && segment.variable ? [segment.variable] : [],
    );
    if (names.length > MAX_VARIABLES) fail(`more than ${MAX_VARIABLES} path parameters.`);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) fail(`path contains overlapping field paths '${twice}' and '${twice}'.`);
    if (segments.slice(0, -1).some((segment) => 'rest' in segment && segment.rest)) {
      fail("'**' is only allowed as the last segment of the path.");
    }
    return names;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  #take(): string {
    const token = this.#peek();
    if (token === undefined) fail(`unexpected end of input '${this.#tokens[this.#next - 1] ?? ''}'.`);
    this.#next += 1;
    return token;
  }

  #skip(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#next += 1;
    return true;
  }
}

function fail(message: string): never {
  throw new TemplateError(message);
}
