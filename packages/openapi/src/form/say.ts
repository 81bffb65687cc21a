import type { Code } from '../catalogue/catalogue.ts';
import { inWords, type Json } from '../json.ts';
import type { Place } from '../place.ts';

/**
 * Says that something is not of its form. `doubt` is the place whose protection nobody can be sure of now: an
 * operation, a path, a scheme, or the root's `security`; what is emitted in spite of the error stays closed there.
 */
export type Say = (code: Code, place: Place, message: string, more?: More) => void;

interface More {
  /** What to do about it, if the catalogue does not say it well enough. */
  readonly hint?: string;
  readonly doubt?: Place;
}

/** A value as a message quotes it, with what it is: `"key", a text`. */
export function quoted(value: Json | undefined): string {
  const text = value === undefined ? '' : JSON.stringify(value);
  const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return shown === 'null' || typeof value === 'boolean' ? shown : `${shown}, ${kindOf(value)}`;
}

function kindOf(value: Json | undefined): string {
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'object':
      return 'an object';
    default:
      return inWords(value);
  }
}
