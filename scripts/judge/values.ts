import type { Document, Schema } from './document.ts';

/** Which side of the wire a value is on: they may be written in more ways than they are answered. */
export type Side = 'request' | 'answer';

export interface Problem {
  /** What is wrong, e.g. `unknown field`. */
  readonly kind: string;
  /** Where and with which value. */
  readonly detail: string;
}

/**
 * Judges a value against a schema: fields and their types, enums, formats (https://developers.google.com/discovery/v1/type-format), and on
 * either side what proto3's JSON mapping allows there (https://protobuf.dev/programming-guides/json).
 */
export function* judgeValue(
  value: unknown,
  schema: Schema,
  document: Document,
  side: Side,
  at = '',
): Generator<Problem> {
  if (schema.$ref !== undefined) {
    const named = document.schemas[schema.$ref];
    if (!named) throw new Error(`${document.name} ${document.version} has no schema ${schema.$ref}.`);
    yield* judgeValue(value, named, document, side, at);
    return;
  }
  if (value === null) {
    if (side === 'answer') yield problem('null', at, value);
    return;
  }
  if (schema.type === 'array') yield* judgeList(value, schema, document, side, at);
  else if (schema.type === 'object' && schema.properties)
    yield* judgeMessage(value, schema, document, side, at);
  else if (schema.type === 'object') yield* judgeMap(value, schema, document, side, at);
  else if (schema.type !== 'any') yield* judgeScalar(value, schema, side, at);
}

function* judgeList(
  value: unknown,
  { items = { type: 'any' } }: Schema,
  document: Document,
  side: Side,
  at: string,
): Generator<Problem> {
  if (!Array.isArray(value)) {
    yield problem('no list', at, value);
    return;
  }
  if (side === 'answer' && value.length === 0) yield problem('an empty list is shown', at, value);
  for (const [index, item] of value.entries())
    yield* judgeValue(item, items, document, side, `${at}[${index}]`);
}

function* judgeMap(
  value: unknown,
  { additionalProperties }: Schema,
  document: Document,
  side: Side,
  at: string,
): Generator<Problem> {
  if (!isObject(value)) {
    yield problem('no object', at, value);
    return;
  }
  // JSON of somebody's own: a struct, or a message with its type.
  if (!additionalProperties || additionalProperties.type === 'any') {
    if (typeof value['@type'] === 'string') yield* judgePacked(value, document, side, at);
    return;
  }
  if (side === 'answer' && Object.keys(value).length === 0) yield problem('an empty map is shown', at, value);
  for (const [key, inner] of Object.entries(value))
    yield* judgeValue(inner, additionalProperties, document, side, `${at}.${key}`);
}

function* judgePacked(
  value: Readonly<Record<string, unknown>>,
  document: Document,
  side: Side,
  at: string,
): Generator<Problem> {
  const { '@type': type, ...rest } = value;
  const name = String(type).replace(/^type\.googleapis\.com\//, '');
  if (name === String(type)) yield problem('a type without type.googleapis.com', at, type);
  const known = WELL_KNOWN[name] ?? schemaOf(name, document);
  if (!known) yield problem('a type that the document does not have', at, type);
  else yield* judgeValue(rest, known, document, side, `${at}(${name.split('.').at(-1)})`);
}

const STRING: Schema = { type: 'string' };

/** Messages that every API uses, and few documents have (google/rpc/error_details.proto). */
const WELL_KNOWN: Readonly<Record<string, Schema>> = {
  'google.protobuf.Empty': message({}),
  'google.rpc.ErrorInfo': message({
    reason: STRING,
    domain: STRING,
    metadata: { type: 'object', additionalProperties: STRING },
  }),
  'google.rpc.BadRequest': message({
    fieldViolations: list(message({ field: STRING, description: STRING, reason: STRING })),
  }),
  'google.rpc.PreconditionFailure': message({
    violations: list(message({ type: STRING, subject: STRING, description: STRING })),
  }),
  'google.rpc.ResourceInfo': message({
    resourceType: STRING,
    resourceName: STRING,
    owner: STRING,
    description: STRING,
  }),
  'google.rpc.Help': message({ links: list(message({ description: STRING, url: STRING })) }),
  'google.rpc.LocalizedMessage': message({ locale: STRING, message: STRING }),
  'google.rpc.DebugInfo': message({ stackEntries: list(STRING), detail: STRING }),
  'google.rpc.RequestInfo': message({ requestId: STRING, servingData: STRING }),
  'google.rpc.RetryInfo': message({ retryDelay: { type: 'string', format: 'google-duration' } }),
  'google.rpc.QuotaFailure': message({ violations: list(message({ subject: STRING, description: STRING })) }),
};

function message(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** A document names the message `google.cloud.run.v2.Service` after some of its name: `GoogleCloudRunV2Service`, `ApigatewayApi`, `Repository`. */
function schemaOf(name: string, { schemas, name: api }: Document): Schema | undefined {
  const parts = name.split('.').map(capital);
  const package_ = parts.slice(0, -1).join('').toLowerCase();
  if (!package_.includes(api.replace(/^cloud/, '')) && !/longrunning|iam|rpc|audit/.test(package_))
    return undefined;
  for (let start = 0; start < parts.length; start += 1) {
    const found = schemas[parts.slice(start).join('')];
    if (found) return found;
  }
  const last = parts.at(-1) ?? '';
  return schemas[`${capital(api)}${last}`] ?? schemas[`V${/v(\d)/.exec(name)?.[1]}${last}`];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function* judgeMessage(
  value: unknown,
  { properties = {} }: Schema,
  document: Document,
  side: Side,
  at: string,
): Generator<Problem> {
  if (!isObject(value)) {
    yield problem('no object', at, value);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const here = at ? `${at}.${name}` : name;
    const schema = properties[name] ?? (side === 'request' ? properties[camel] : undefined);
    if (!schema) yield problem('unknown field', here, inner);
    else {
      if (side === 'request' && schema.readOnly && !isSentBack(schema))
        yield problem('output-only field', here, inner);
      if (side === 'answer' && /^Input only\b/i.test(schema.description ?? ''))
        yield problem('input-only field is shown', here, inner);
      yield* judgeValue(inner, schema, document, side, here);
    }
  }
}

/** Some of what is output only is sent back, as its description says: an etag. */
function isSentBack({ description = '' }: Schema): boolean {
  return /may be sent on update/.test(description);
}

function* judgeScalar(value: unknown, schema: Schema, side: Side, at: string): Generator<Problem> {
  const { type, format = '', pattern } = schema;
  if (schema.enum) {
    const isNumber = typeof value === 'number' && Number.isInteger(value);
    if (!isNumber && !schema.enum.includes(String(value))) yield problem('no value of the enum', at, value);
    else if (side === 'answer' && value === schema.enum[0] && /_?UNSPECIFIED$/.test(String(value)))
      yield problem('the unspecified value of an enum is shown', at, value);
    return;
  }
  const wrong = `no ${format || type}`;
  if (type === 'boolean') {
    if (typeof value !== 'boolean') yield problem(wrong, at, value);
  } else if (type === 'integer' || type === 'number') {
    const number = side === 'request' && typeof value === 'string' && value !== '' ? Number(value) : value;
    const isRight =
      typeof number === 'number' && !Number.isNaN(number) && (type === 'number' || isInteger(number, format));
    if (!isRight) yield problem(wrong, at, value);
  } else if (type === 'string') {
    // 64 bits are text in answers, and may be numbers in requests.
    const is64 = format.endsWith('int64');
    const text = side === 'request' && is64 && typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !(FORMATS[format]?.test(text) ?? true)) yield problem(wrong, at, value);
    else if (pattern && !new RegExp(pattern).test(text))
      yield problem('does not match its pattern', at, value);
    else if (side === 'answer' && text === '' && format !== '') yield problem(wrong, at, value);
  }
}

function isInteger(value: number, format: string): boolean {
  if (!Number.isInteger(value)) return false;
  return format === 'uint32' ? value >= 0 && value < 2 ** 32 : value >= -(2 ** 31) && value < 2 ** 31;
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  int64: /^-?\d{1,19}$/,
  uint64: /^\d{1,20}$/,
  byte: /^[A-Za-z0-9+/_-]*={0,2}$/,
  'google-datetime': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/,
  'google-duration': /^-?\d+(\.\d{1,9})?s$/,
  'google-fieldmask': /^(\*|[\w.`*-]+(,[\w.`*-]+)*)?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T/,
};

function problem(kind: string, at: string, value: unknown): Problem {
  const text = JSON.stringify(value) ?? 'undefined';
  return { kind, detail: `${at || 'the body'}: ${text.length > 100 ? `${text.slice(0, 100)}…` : text}` };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A body as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
