import { readNotation } from '../notation.ts';

/** A literal, or a variable for one segment or for all the rest. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly wildcard: boolean };

/** A part of a path in a notation that OpenAPI doesn't have. */
export interface Reading {
  readonly code: 'wildcard-read' | 'path-narrowed' | 'path-pattern-expanded' | 'path-notation';
  readonly message: string;
}

/** Why a path cannot be routed. */
export interface TemplateFailure {
  readonly code: 'path-invalid' | 'path-unreachable' | 'partial-segment' | 'path-limit';
  readonly message: string;
}

const MAX_NAME = 100;

/** Reads segments one after the other, each variable under a name of its own. */
export class SegmentReader {
  readonly segments: Segment[] = [];
  readonly renamed: { from: string; to: string }[] = [];
  readonly readings: Reading[] = [];
  readonly #taken = new Set<string>();

  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(text: string): TemplateFailure | undefined {
    if (!/[{}]/.test(text)) return this.#literal(text);
    const inner = /^\{(.*)\}$/s.exec(text)?.[1];
    if (inner === undefined || inner.trim() === '' || withoutVariables(text) !== '{}')
      return this.#partial(text);
    const [, name, pattern] = /^([^=:<]+)=(.*\*.*)$/s.exec(inner) ?? [];
    if (name !== undefined && pattern !== undefined && /[^*]/.test(pattern))
      return this.#expand(name, pattern, text);
    if (/=/.test(inner) && !/^[^=]+=\*\*?$/.test(inner) && !/^[^=]+[:<]/.test(inner))
      return this.#partial(text);
    const notation = readNotation(inner);
    const added = this.#variable(notation.name, notation.extent === 'all');
    const bare = inner.replace(/=\*\*?$/, '');
    if (added !== bare) this.renamed.push({ from: bare, to: added });
    if (notation.narrowed !== undefined)
      this.readings.push({ code: 'path-narrowed', message: `${text} of ${this.path} ${notation.narrowed}.` });
    else if (notation.extent === 'all' && !/=\*\*$/.test(inner.trim()))
      this.readings.push({
        code: 'wildcard-read',
        message: `${text} of ${this.path} is read as a wildcard, {${added}=**}.`,
      });
    return undefined;
  }

  #literal(text: string): TemplateFailure | undefined {
    if (/[*=]/.test(text) && !/^\*\*?$/.test(text))
      return {
        code: 'path-invalid',
        message: `The path ${this.path} has a * or = in ${text}, which stand for patterns.`,
      };
    const [, name] = /^(?::|<(?:\w+:)?)([A-Za-z_]\w*)>?$/.exec(text) ?? [];
    if (name !== undefined)
      this.readings.push({
        code: 'path-notation',
        message: `${text} of ${this.path} is no variable in OpenAPI: the gateway waits for a request to ${text} itself.`,
      });
    this.segments.push({ kind: 'literal', text });
    return undefined;
  }

  /** `{parent=publishers/*}`: the same requests as `publishers/{parent}`. */
  #expand(name: string, pattern: string, text: string): TemplateFailure | undefined {
    const parts = pattern.split('/');
    if (parts.some((part) => part === '' || (/[*={}]/.test(part) && !/^\*\*?$/.test(part))))
      return this.#partial(text);
    for (const part of parts) {
      if (/^\*\*?$/.test(part)) this.#variable(name, part === '**');
      else this.segments.push({ kind: 'literal', text: part });
    }
    this.readings.push({
      code: 'path-pattern-expanded',
      message: `${text} of ${this.path} is written as its segments.`,
    });
    return undefined;
  }

  #variable(written: string, wildcard: boolean): string {
    const name = variableName(written, this.#taken);
    this.#taken.add(name);
    this.segments.push({ kind: 'variable', name, wildcard });
    return name;
  }

  #partial(text: string): TemplateFailure {
    const message = `The path ${this.path} has a variable that is only a part of its segment: ${text}.`;
    return { code: 'partial-segment', message };
  }
}

/** The segments of a path; a slash in a variable's pattern parts nothing. */
export function splitSegments(path: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  for (let index = 1; index < path.length; index += 1) {
    const letter = path[index];
    if (letter === '{') depth += 1;
    else if (letter === '}') depth -= 1;
    else if (letter === '/' && depth <= 0) {
      parts.push(path.slice(start, index));
      start = index + 1;
    }
  }
  // A brace that is never closed holds nothing together.
  if (depth > 0) return path.slice(1).split('/');
  return [...parts, path.slice(start)];
}

/** A text with every variable, and what it holds, as `{}`. */
export function withoutVariables(text: string): string {
  let depth = 0;
  let out = '';
  for (const letter of text) {
    if (letter === '{' && depth++ === 0) out += '{}';
    if (depth === 0) out += letter;
    if (letter === '}') depth = Math.max(depth - 1, 0);
  }
  return out;
}

/** A name that Google takes, and that the path does not have yet. */
export function variableName(written: string, taken: ReadonlySet<string>): string {
  const clean = written.replaceAll(/[^A-Za-z0-9_.-]+/g, '_');
  const first = /^[A-Za-z_]/.test(clean) ? clean : `_${clean}`;
  const name = first.length > MAX_NAME ? first.slice(0, MAX_NAME - 4) : first;
  if (!taken.has(name)) return name;
  for (let nth = 2; ; nth += 1) if (!taken.has(`${name}_${nth}`)) return `${name}_${nth}`;
}
