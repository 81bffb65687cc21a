/** Checks a value that came as JSON, and gives it with its type. `at` is where it is, for messages. @throws Misfit */
export type Reader<T> = (value: unknown, at: string) => T;

/** A value that is not of its form. The message names the place and the form, never the value: that may be a secret. */
export class Misfit extends Error {}

export const text: Reader<string> = (value, at) => {
  if (typeof value !== 'string') throw misfit(value, at, 'a text');
  return value;
};

/** A token as a header can carry it: some printable characters, no spaces. */
export const token: Reader<string> = (value, at) => {
  const found = text(value, at);
  if (found === '') throw new Misfit(`${at || 'it'} is empty`);
  if (!/^[\x21-\x7e]+$/.test(found)) throw new Misfit(`${at || 'it'} holds characters that no token has`);
  return found;
};

export const flag: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw misfit(value, at, 'true or false');
  return value;
};

/** A number, or one that proto3's JSON writes as a text, as it does those of 64 bits. */
export const number: Reader<number> = (value, at) => {
  const found = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof found !== 'number' || !Number.isFinite(found)) throw misfit(value, at, 'a number');
  return found;
};

/** Whatever it is: for what is not looked into. */
export const anything: Reader<unknown> = (value) => value;

/** An object with whatever fields. */
export const object: Reader<Readonly<Record<string, unknown>>> = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw misfit(value, at, 'an object');
  return value as Record<string, unknown>;
};

export function list<T>(item: Reader<T>): Reader<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw misfit(value, at, 'a list');
    return value.map((one, index) => item(one, `${at}[${index}]`));
  };
}

/** An object whose fields have names of their own, and values of one form. */
export function map<T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at) => {
    const entries = Object.entries(object(value, at));
    return Object.fromEntries(entries.map(([name, one]) => [name, item(one, place(at, name))]));
  };
}

/** One form or the other. */
export function either<A, B>(one: Reader<A>, other: Reader<B>): Reader<A | B> {
  return (value, at) => {
    try {
      return one(value, at);
    } catch {
      return other(value, at);
    }
  };
}

/** How each field of an object is read. */
type Fields<T> = { readonly [Name in keyof Required<T>]: Reader<NonNullable<T[Name]>> };

/**
 * An object of known fields. A field that is missing, or null, is left out, as in proto3's JSON; those that are `needed` must be
 * there. Fields that are not known stay as they came.
 */
export function fields<T extends object>(
  known: Fields<T>,
  ...needed: readonly (keyof T & string)[]
): Reader<T> {
  return (value, at) => {
    const read: Record<string, unknown> = { ...object(value, at) };
    for (const [name, reader] of Object.entries(known) as [string, Reader<unknown>][]) {
      if (read[name] === null || read[name] === undefined) delete read[name];
      else read[name] = reader(read[name], place(at, name));
    }
    for (const name of needed) if (!(name in read)) throw new Misfit(`${place(at, name)} is missing`);
    return read as T;
  };
}

function place(at: string, name: string): string {
  return at ? `${at}.${name}` : name;
}

function misfit(value: unknown, at: string, wanted: string): Misfit {
  if (value === undefined) return new Misfit(`${at || 'it'} is missing`);
  const found =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`;
  return new Misfit(
    `${at || 'it'} is ${found.replace('a string', 'a text').replace(/^a (\w+)$/, 'a $1')}, not ${wanted}`,
  );
}
