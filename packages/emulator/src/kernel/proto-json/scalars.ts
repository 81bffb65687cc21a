import type { Api } from './api.ts';
import type { Field } from './facts.ts';

/** What a scalar is once it was read; a text that says what is wrong with it. */
export type Outcome = { readonly value: unknown } | { readonly type: string; readonly wrong: string };

/**
 * Reads a scalar as proto3's JSON mapping does (https://protobuf.dev/programming-guides/json): numbers as text too, an enum by its name or
 * its number.
 *
 * @param isQuery whether it comes as text whatever it is
 */
export function readScalar(value: unknown, { type, of, proto }: Field, api: Api, isQuery = false): Outcome {
  const bad = (name: string, wrong = JSON.stringify(value)): Outcome => ({ type: name, wrong });
  switch (type) {
    case 'string':
      return typeof value === 'string' ? { value } : bad('TYPE_STRING');
    case 'boolean':
      return booleanFrom(value, isQuery) ?? bad('TYPE_BOOL');
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      return integerFrom(value, type) ?? bad(`TYPE_${type.toUpperCase()}`);
    case 'float':
    case 'double':
      return doubleFrom(value) ?? bad(`TYPE_${type.toUpperCase()}`);
    case 'bytes':
      if (typeof value !== 'string') return bad('TYPE_BYTES');
      return bytesFrom(value) ?? bad('TYPE_BYTES', `Base64 decoding failed for ${JSON.stringify(value)}`);
    case 'enum':
      return enumFrom(value, of, api) ?? bad(typeOf(api.enum(of).name));
    case 'timestamp':
      if (typeof value !== 'string') return bad(typeOf('google.protobuf.Timestamp'));
      return (
        timestampFrom(value) ??
        bad(
          typeOf('google.protobuf.Timestamp'),
          `Field '${proto}', Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset.`,
        )
      );
    case 'duration':
      if (typeof value !== 'string') return bad(typeOf('google.protobuf.Duration'));
      return (
        durationFrom(value) ??
        bad(
          typeOf('google.protobuf.Duration'),
          `Field '${proto}', ${
            value.endsWith('s')
              ? 'Invalid duration format, failed to parse seconds'
              : "Illegal duration format; duration must end with 's'"
          }`,
        )
      );
    case 'mask':
      return typeof value === 'string' ? { value } : bad(typeOf('google.protobuf.FieldMask'));
    default:
      return { value };
  }
}

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
const DURATION = /^(-?\d{1,12})(?:\.(\d{1,9}))?s$/;

const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

export function typeOf(name: string): string {
  return `type.googleapis.com/${name}`;
}

/** In a query, what `safe_strtob` takes (protobuf's stubs/strutil). */
function booleanFrom(value: unknown, isQuery: boolean): Outcome | undefined {
  if (typeof value === 'boolean') return { value };
  if (typeof value !== 'string') return undefined;
  if (isQuery ? /^(?:true|t|yes|y|1)$/i.test(value) : value === 'true') return { value: true };
  if (isQuery ? /^(?:false|f|no|n|0)$/i.test(value) : value === 'false') return { value: false };
  return undefined;
}

/** 64 bits are text in JSON, whatever they came as. */
function integerFrom(value: unknown, type: string): Outcome | undefined {
  const isText = typeof value === 'string' && /^-?\d+(?:\.0+)?$/.test(value);
  if (!isText && !(typeof value === 'number' && Number.isInteger(value))) return undefined;
  const whole = BigInt(typeof value === 'string' ? value.replace(/\.0+$/, '') : (value as number));
  const [least = 0n, most = 0n] = RANGES[type] ?? [];
  if (whole < least || whole > most) return undefined;
  return { value: type.endsWith('64') ? String(whole) : Number(whole) };
}

function doubleFrom(value: unknown): Outcome | undefined {
  if (typeof value === 'number') return { value };
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  if (/^(?:NaN|-?Infinity)$/.test(value)) return { value };
  return Number.isNaN(Number(value)) ? undefined : { value: Number(value) };
}

function bytesFrom(text: string): Outcome | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return undefined;
  return { value: Buffer.from(text, 'base64').toString('base64') };
}

/** In UTC, with as many digits as it needs. */
function timestampFrom(text: string): Outcome | undefined {
  const [, seconds = '', fraction, zone = ''] = TIMESTAMP.exec(text) ?? [];
  const time = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(time)) return undefined;
  return { value: new Date(time).toISOString().replace('.000', digits(fraction)) };
}

function durationFrom(text: string): Outcome | undefined {
  const [, seconds, fraction] = DURATION.exec(text) ?? [];
  return seconds === undefined ? undefined : { value: `${Number(seconds)}${digits(fraction)}s` };
}

/** None, or three, six or nine. */
function digits(fraction = ''): string {
  const needed = fraction.replace(/0+$/, '');
  return needed && `.${needed.padEnd(Math.ceil(needed.length / 3) * 3, '0')}`;
}

/** A name is taken in any case, with dashes for underscores. */
function enumFrom(value: unknown, name: string, api: Api): Outcome | undefined {
  const { numbers } = api.enum(name);
  const known = typeof value === 'string' ? [value, value.toUpperCase().replaceAll('-', '_')] : [];
  const named = known.find((candidate) => numbers.has(candidate));
  if (named !== undefined) return { value: named };
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return undefined;
  const found = [...numbers].find(([, candidate]) => candidate === number);
  return found && { value: found[0] };
}
