import {
  type CelError,
  type CelFunc,
  type CelInput,
  CelScalar,
  type CelValue,
  celMethod,
  run,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';

/** What Google's CEL has beside the standard: the extension for texts without `format`, and `extract`. */
const FUNCTIONS: CelFunc[] = [
  ...strings.filter(({ name }) => name !== 'format'),
  celMethod('extract', CelScalar.STRING, [CelScalar.STRING], CelScalar.STRING, function (template) {
    return extract(this, template);
  }),
];

/** The names of those functions. */
export const EXTENSIONS: ReadonlySet<string> = new Set(FUNCTIONS.map(({ name }) => name));

/**
 * Evaluates an expression as IAM and the Security Token Service do.
 *
 * @param bindings JSON, by name
 * @returns a value, or an error that `isCelError` knows
 */
export function evaluate(
  expression: string,
  bindings: Readonly<Record<string, unknown>>,
): CelValue | CelError {
  const inputs = Object.entries(bindings).map(([name, value]) => [name, celInput(value)] as const);
  return run(expression, Object.fromEntries(inputs), { funcs: FUNCTIONS });
}

/** A point in time, as a binding. @param now milliseconds since the epoch */
export function celTime(now: number): CelValue {
  return run(`timestamp("${new Date(now).toISOString()}")`) as CelValue;
}

/**
 * The part of a text that the braces of a template stand for, empty where the text does not fit: `projects/{p}/` of `projects/x/secrets/y`
 * is `x` (https://cloud.google.com/iam/docs/conditions-attribute-reference#extract).
 */
function extract(text: string, template: string): string {
  const [, prefix = '', suffix = ''] = /^([^{}]*)\{[^{}]*\}([^{}]*)$/.exec(template) ?? [];
  if (!/^[^{}]*\{[^{}]*\}[^{}]*$/.test(template)) return '';
  const at = text.indexOf(prefix);
  if (at < 0) return '';
  const start = at + prefix.length;
  const end = suffix === '' ? text.length : text.indexOf(suffix, start);
  return end < 0 ? '' : text.slice(start, end);
}

/** JSON as CEL takes it: an object becomes a map. */
function celInput(value: unknown): CelInput {
  if (Array.isArray(value)) return value.map(celInput);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return new Map(Object.entries(value).map(([name, member]) => [name, celInput(member)]));
  return value as CelInput;
}
