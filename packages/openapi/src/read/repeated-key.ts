import type { Json } from '../json.ts';
import type { ParseFailure } from './parse-failure.ts';
import { type Position, positionAt } from './positions.ts';

/**
 * The first key that stands twice in one object of a JSON text. JSON.parse takes the last without a word, so that a
 * second `security` further down would undo the first. `value` is what the text was parsed to: it has as many members as
 * the text has keys, unless one stands twice, so that most texts are only counted.
 */
export function repeatedKey(text: string, value: Json): ParseFailure | undefined {
  let keys = 0;
  for (const _ of keysOf(text)) keys += 1;
  return keys === membersOf(value) ? undefined : firstRepeated(text);
}

/** What is said of a key that stands twice. */
export function twice(key: string, position: Position): ParseFailure {
  return {
    code: 'duplicate-key',
    message: `The key ${JSON.stringify(key)} occurs twice in one object.`,
    position,
  };
}

/** A string that a colon follows is a key, in a text that is known to be JSON. */
function* keysOf(text: string): Generator<number> {
  for (let start = text.indexOf('"'); start >= 0; ) {
    const end = endOf(text, start);
    let at = end;
    while (text.charCodeAt(at) <= 32) at += 1;
    if (text.charCodeAt(at) === COLON) yield start;
    start = text.indexOf('"', end);
  }
}

const COLON = 58;
const BACKSLASH = 92;

/** The offset after the string that starts at an offset. */
function endOf(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function membersOf(root: Json): number {
  let count = 0;
  const pending: Json[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object') pending.push(item);
      continue;
    }
    for (const key in value) {
      count += 1;
      const member = value[key];
      if (typeof member === 'object') pending.push(member);
    }
  }
  return count;
}

function firstRepeated(text: string): ParseFailure | undefined {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{') open.push(new Set());
    // A list holds no keys, but it ends like an object.
    else if (char === '[') open.push(new Set());
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOf(text, at);
      let next = end;
      while (text.charCodeAt(next) <= 32) next += 1;
      if (text.charCodeAt(next) === COLON) {
        const key = String(JSON.parse(text.slice(at, end)));
        const keys = open.at(-1);
        if (keys?.has(key) === true) return twice(key, positionAt(text, at));
        keys?.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}
