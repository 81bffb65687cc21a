export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':' | '=~' | '!~';

const SEVERITIES: Readonly<Record<string, number>> = {
  DEFAULT: 0,
  DEBUG: 100,
  INFO: 200,
  NOTICE: 300,
  WARNING: 400,
  ERROR: 500,
  CRITICAL: 600,
  ALERT: 700,
  EMERGENCY: 800,
};

/**
 * A comparison with a value, of all the values that a field has: one that fits is enough. `!=` and `!~` are the opposite of `=` and `=~`, also where
 * the field is not there.
 *
 * @param isText whether the value was in quotes
 * @throws SyntaxError for a regular expression or a severity that is none
 */
export function compare(
  operator: Comparison,
  wanted: string,
  path: readonly string[],
  isText: boolean,
): (values: readonly unknown[]) => boolean {
  if (operator === '!=' || operator === '!~') {
    const same = compare(operator === '!=' ? '=' : '=~', wanted, path, isText);
    return (values) => !same(values);
  }
  if (path.length === 1 && path[0] === 'severity' && operator !== ':') return severity(operator, wanted);
  if (operator === '=~') {
    // RE2 writes a flag for the whole expression in front.
    const [, flags = '', source = wanted] = /^\(\?([ims]+)\)(.*)$/s.exec(wanted) ?? [];
    const pattern = new RegExp(source, flags);
    return (values) => values.some((value) => pattern.test(textOf(value)));
  }
  if (operator === ':') {
    if (wanted === '*' && !isText) return (values) => values.length > 0;
    const part = wanted.toLowerCase();
    return (values) =>
      values.some((value) => textsIn(value).some((text) => text.toLowerCase().includes(part)));
  }
  return (values) => values.some((value) => holds(operator, order(value, wanted)));
}

/** All values of a field, each element of a list being one; none where it is not there. Names may be in snake case. */
export function valuesAt(entry: unknown, path: readonly string[]): unknown[] {
  let values: unknown[] = [entry];
  for (const [index, name] of path.entries()) {
    values = values.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      const inner = Reflect.get(value, name) ?? (index < 2 ? Reflect.get(value, camel(name)) : undefined);
      return Array.isArray(inner) ? inner : inner === undefined ? [] : [inner];
    });
  }
  return values;
}

/** Every text in a value, numbers and flags as they are written. */
export function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return value === undefined || value === null ? [] : [String(value)];
}

/** An entry without a severity has the lowest. */
function severity(operator: Comparison, wanted: string): (values: readonly unknown[]) => boolean {
  const rank = /^\d+$/.test(wanted) ? Number(wanted) : SEVERITIES[wanted.toUpperCase()];
  if (operator === '=~') {
    const pattern = new RegExp(wanted);
    return ([value = 'DEFAULT']) => pattern.test(String(value));
  }
  if (rank === undefined) throw new SyntaxError(`"${wanted}" is not a severity`);
  return ([value = 'DEFAULT']) => holds(operator, (SEVERITIES[String(value).toUpperCase()] ?? 0) - rank);
}

function holds(operator: Comparison, difference: number): boolean {
  switch (operator) {
    case '=':
      return difference === 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    default:
      return difference >= 0;
  }
}

/** Numbers, times and durations have an order of their own; texts are compared without their case. */
function order(value: unknown, wanted: string): number {
  const text = textOf(value);
  const [left, right] = [numberOf(text), numberOf(wanted)];
  if (left !== undefined && right !== undefined) return left - right;
  const [time, other] = [timeOf(text), timeOf(wanted)];
  if (time !== undefined && other !== undefined) return time - other;
  const [a, b] = [text.toLowerCase(), wanted.toLowerCase()];
  return a < b ? -1 : Number(a > b);
}

function numberOf(text: string): number | undefined {
  const [, number] = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)s?$/i.exec(text) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Milliseconds, with what is finer as a fraction. */
function timeOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)/.test(text)) return undefined;
  const time = Date.parse(text);
  const finer = /\.\d{3}(\d{1,6})/.exec(text)?.[1];
  return Number.isNaN(time) ? undefined : time + (finer ? Number(`0.${finer}`) : 0);
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
