import { ApiError } from '../errors.ts';

/** What the JSON front of Google's APIs answers for text that is no JSON (protobuf's json_stream_parser.cc). */
export function malformed(text: string): ApiError {
  const { what, at } = faultIn(text);
  // What stands 20 characters before and after it.
  const from = Math.max(0, at - 20);
  const message = `Invalid JSON payload received. ${what}\n${text.slice(from, at + 20)}\n${' '.repeat(at - from)}^`;
  return new ApiError('INVALID_ARGUMENT', message, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description: message }] },
  ]);
}

class Fault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function faultIn(text: string): { readonly what: string; readonly at: number } {
  try {
    const end = space(text, value(text, 0));
    return { what: 'Parsing terminated before end of input.', at: end };
  } catch (error) {
    if (error instanceof Fault) return { what: error.message, at: error.at };
    throw error;
  }
}

const SCALAR = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
const KEY = /"(?:[^"\\]|\\.)*"/y;

/** @returns where a value ends */
function value(text: string, from: number): number {
  const at = space(text, from);
  if (text[at] === '{') return entries(text, at);
  if (text[at] === '[') return items(text, at);
  const end = match(SCALAR, text, at);
  if (end !== undefined) return end;
  throw fault(text, at, /[\]},:]/.test(text[at] ?? '') ? 'Unexpected token.' : 'Expected a value.');
}

function entries(text: string, from: number): number {
  for (let at = space(text, from + 1); text[at] !== '}'; ) {
    const key = match(KEY, text, at);
    if (key === undefined) throw fault(text, at, 'Expected an object key or }.');
    const colon = space(text, key);
    if (text[colon] !== ':') throw fault(text, colon, 'Expected : between key:value pair.');
    at = space(text, value(text, colon + 1));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw fault(text, at, 'Expected , or } after key:value pair.');
    at = space(text, at + 1);
  }
  return space(text, from + 1) + 1;
}

function items(text: string, from: number): number {
  let at = space(text, from + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = space(text, value(text, at));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw fault(text, at, 'Expected , or ] after array value.');
    at += 1;
  }
}

function fault(text: string, at: number, what: string): Fault {
  return new Fault(at >= text.length ? `Unexpected end of string. ${what}` : what, at);
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function space(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}
