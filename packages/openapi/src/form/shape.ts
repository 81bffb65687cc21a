import { asObject, inWords, type Json, type JsonObject, own } from '../json.ts';
import { below, type Place } from '../place.ts';
import { meantBy } from './lookalike.ts';
import { quoted } from './say.ts';

/** Says that a value at a place is not what it should be. */
type Fault = (place: Place, message: string) => void;

/** Checks a value against the shape that it must have; `name` is what messages call it. */
export type Shape = (value: Json, place: Place, name: string, fault: Fault) => void;

function of(wanted: string, fits: (value: Json) => boolean): Shape {
  return (value, place, name, fault) => {
    if (!fits(value)) fault(place, `${name} is ${quoted(value)}; it must be ${wanted}.`);
  };
}

/** Any string. */
export const text = of('a string', (value) => typeof value === 'string');

/** A string that says something. */
export const word = of(
  'a string that is not empty',
  (value) => typeof value === 'string' && /\S/.test(value),
);

/** A scheme of HTTP authentication: https://www.rfc-editor.org/rfc/rfc9110#name-authentication-scheme. */
export const token = of(
  'a name such as bearer',
  (value) => typeof value === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value),
);

/** An address of the web. */
export const url = of(
  'a URL such as https://issuer.example/keys',
  (value) => typeof value === 'string' && /^https?:\/\/[^/\s]+/i.test(value),
);

export const flag = of('true or false, without quotes', (value) => typeof value === 'boolean');

/** A whole number of calls, tokens and their like. */
export const count = of('a whole number, 0 or more', (value) => /^\d{1,19}$/.test(inWords(value)));

/** A time in seconds; a number in quotes is one to Google too. */
export const seconds = of(
  'a number of seconds over 0, such as 30',
  (value) => /^\d+(\.\d+)?$/.test(inWords(value)) && Number(value) > 0,
);

/** A string of a certain form, which `wanted` says in words. */
export function matching(pattern: RegExp, wanted: string): Shape {
  return of(wanted, (value) => typeof value === 'string' && pattern.test(value));
}

const list = of('a list', Array.isArray);

export const anything: Shape = () => {};

export function oneOf(...values: readonly string[]): Shape {
  return of(values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`, (value) =>
    values.includes(value as string),
  );
}

/** A list whose items have a shape of their own. */
export function listOf(shape: Shape): Shape {
  return (value, place, name, fault) => {
    list(value, place, name, fault);
    if (Array.isArray(value))
      value.forEach((item, index) => {
        shape(item, below(place, index), `${name}[${index}]`, fault);
      });
  };
}

/** An object whose members are all of one shape, and called whatever they like or as `names` says. */
export function mapOf(shape: Shape, names: Shape = anything): Shape {
  return (value, place, name, fault) => {
    const object = objectAt(value, place, name, fault);
    for (const [key, member] of Object.entries(object ?? {})) {
      names(key, below(place, key), `The name of ${name}.${key}`, fault);
      shape(member, below(place, key), `${name}.${key}`, fault);
    }
  };
}

interface Fields {
  /** By name; a name that ends in `!` must be there. */
  readonly fields: Readonly<Record<string, Shape>>;
  /** What becomes of fields that are not listed, but extensions: an error each, or only what looks like one that is. */
  readonly others: 'refused' | 'lookalikes';
}

/** An object of certain fields. */
export function objectOf({ fields, others }: Fields): Shape {
  const shapes = new Map(Object.entries(fields).map(([key, shape]) => [key.replace('!', ''), shape]));
  const required = Object.keys(fields).flatMap((key) => (key.endsWith('!') ? [key.slice(0, -1)] : []));
  const names = [...shapes.keys()];
  return (value, place, name, fault) => {
    const object = objectAt(value, place, name, fault);
    if (object === undefined) return;
    const missing = required.filter((key) => own(object, key) === undefined);
    if (missing.length > 0)
      fault(place, `${name} has no ${missing.map((key) => `\`${key}\``).join(' and no ')}.`);
    for (const [key, member] of Object.entries(object)) {
      const shape = shapes.get(key);
      if (shape !== undefined) {
        shape(member, below(place, key), `${name}.${key}`, fault);
        continue;
      }
      const meant = meantBy(key, names);
      const plain = others === 'refused' && (!key.startsWith('x-') || key.startsWith('x-google-'));
      if (meant !== undefined)
        fault(
          below(place, key),
          `${name} has ${JSON.stringify(key)}, which has no effect; write \`${meant}\`.`,
        );
      else if (plain)
        fault(
          below(place, key),
          `${name} has ${JSON.stringify(key)}, which has no effect; it takes ${names.map((each) => `\`${each}\``).join(', ')}.`,
        );
    }
  };
}

function objectAt(value: Json, place: Place, name: string, fault: Fault): JsonObject | undefined {
  const object = asObject(value);
  if (object === undefined) fault(place, `${name} is ${quoted(value)}; it must be an object.`);
  return object;
}
