import type { Api, Message, Method } from './api.ts';
import { type Field, fieldFrom, snake } from './facts.ts';
import { malformed } from './malformed.ts';
import { maskFrom } from './masks.ts';
import { requireFields } from './required.ts';
import { readScalar, typeOf } from './scalars.ts';
import { Violations } from './violations.ts';

/** A request as handlers get it: names in camelCase, enums by name, 64 bits as text. */
export interface Request {
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** @throws ApiError INVALID_ARGUMENT where something is missing that the method requires */
  readonly demand: () => void;
}

/** What every method takes in its query (https://cloud.google.com/apis/docs/system-parameters). */
const SYSTEM = new Set(
  'access_token alt callback fields key oauth_token prettyPrint pp quotaUser uploadType upload_protocol $.xgafv bearer_token'
    .split(' ')
    .flatMap((name) => [name, `$${name}`])
    .concat('$unique', '$userProject', 'userProject', '$outputDefaults', '$req', 'userIp', 'trace', '$trace'),
);

/**
 * Reads a request as the JSON front of Google's APIs does: by proto3's JSON mapping (https://protobuf.dev/programming-guides/json). Fields
 * that are output only are left out, whatever they hold (https://google.aip.dev/203).
 *
 * @throws ApiError INVALID_ARGUMENT with every field that is not known, or is of another type, or that a mask names
 * though only a create may set it
 */
export function readRequest(method: Method, query: URLSearchParams, body: Buffer): Request {
  const violations = new Violations();
  const asked = { query: readQuery(method, query, violations), body: readBody(method, body, violations) };
  violations.throwAny();
  return {
    query: asked.query,
    body: Buffer.from(asked.body ? JSON.stringify(asked.body) : ''),
    demand: () => requireFields(method, asked.query, asked.body ?? {}),
  };
}

/** @returns undefined where there is none */
function readBody(
  { api, request, body: field = '' }: Method,
  body: Buffer,
  violations: Violations,
): object | undefined {
  const text = body.toString('utf8').trim();
  if (text === '') return undefined;
  const value = parse(text);
  if (!isObject(value)) {
    violations.unknown('', '', 'Root element must be a message.');
    return undefined;
  }
  if (request !== undefined)
    return new Reader(api, violations).message(value, api.message(request), snake(field));
  for (const name of Object.keys(value)) violations.unknown(name, '');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(text);
  }
}

class Reader {
  readonly #api: Api;
  readonly #violations: Violations;

  constructor(api: Api, violations: Violations) {
    this.#api = api;
    this.#violations = violations;
  }

  message(value: object, message: Message, at: string): Record<string, unknown> {
    const { taken = {}, settable = {} } = this.#api.relaxed;
    const result: Record<string, unknown> = {};
    const set = new Map<string, string>();
    for (const [name, inner] of Object.entries(value)) {
      const field = message.fields.get(name);
      if (!field) {
        if (`${message.id}.${name}` in taken) result[name] = inner;
        else this.#violations.unknown(name, at);
        continue;
      }
      if (inner === null) continue;
      const { oneof } = field;
      if (oneof !== undefined) {
        const other = set.get(oneof);
        if (other !== undefined && other !== field.name)
          this.#violations.invalid(
            at,
            'oneof',
            `oneof field '${snake(oneof)}' is already set. Cannot set '${field.name}'`,
          );
        set.set(oneof, field.name);
      }
      const read = this.#field(inner, field, at);
      if (!field.isOutput || `${message.id}.${field.name}` in settable) result[field.name] = read;
    }
    return result;
  }

  #field(value: unknown, field: Field, at: string): unknown {
    const here = at ? `${at}.${field.proto}` : field.proto;
    if (field.type === 'any' && !field.isList) return value;
    if (field.isMap) return this.#map(value, field, at, here);
    if (!field.isList) {
      if (!Array.isArray(value)) return this.#one(value, field, at, here);
      this.#violations.unknown(field.name, at, 'Proto field is not repeating, cannot start list.');
      return undefined;
    }
    // One alone stands for a list of one.
    const items = Array.isArray(value) ? value : [value];
    return items.map((item, index) => this.#one(item, field, at, `${here}[${index}]`));
  }

  #map(value: unknown, field: Field, at: string, here: string): unknown {
    if (Array.isArray(value)) {
      this.#violations.unknown(field.name, at, `Cannot bind a list to map for field '${field.name}'.`);
      return undefined;
    }
    if (!isObject(value)) {
      this.#violations.invalid(here, 'Map', 'Cannot bind a scalar to map.');
      return undefined;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, inner], index) => [
        key,
        this.#one(inner, field, `${here}[${index}]`, `${here}[${index}].value`),
      ]),
    );
  }

  #one(value: unknown, field: Field, at: string, here: string): unknown {
    if (field.type === 'any') return value;
    if (field.type === 'message') {
      const message = this.#api.message(field.of);
      if (isObject(value)) return this.message(value, message, here);
      this.#violations.invalid(here, typeOf(message.proto), JSON.stringify(value));
      return undefined;
    }
    if (isObject(value) || Array.isArray(value)) {
      this.#violations.invalid(at, field.proto, 'Starting an object on a scalar field');
      return undefined;
    }
    const outcome = readScalar(value, field, this.#api);
    if ('value' in outcome) return outcome.value;
    this.#violations.invalid(here, outcome.type, outcome.wrong);
    return undefined;
  }
}

function readQuery(method: Method, query: URLSearchParams, violations: Violations): URLSearchParams {
  const { api, query: known = {} } = method;
  const read = new URLSearchParams();
  const fields = parameters(known);
  for (const [name, value] of query) {
    const field = fields.get(name);
    if (field) {
      const outcome = readScalar(value, field, api, true);
      if ('value' in outcome)
        read.append(field.name, field.type === 'mask' ? maskFrom(value, method) : String(outcome.value));
      else violations.invalid(snake(field.name), outcome.type, outcome.wrong);
    } else if (SYSTEM.has(name) || name in (api.relaxed.query ?? {})) read.append(name, value);
    else
      violations.unknown(
        name,
        '',
        `Cannot bind query parameter. Field '${name}' could not be found in request message.`,
      );
  }
  return read;
}

const parametersOf = new WeakMap<object, ReadonlyMap<string, Field>>();

/** By both names that each has. */
function parameters(known: Readonly<Record<string, string>>): ReadonlyMap<string, Field> {
  const cached = parametersOf.get(known);
  if (cached) return cached;
  const fields = Object.entries(known).map(([name, text]) => fieldFrom(name, text));
  const both = new Map(
    fields.flatMap((field) => [
      [field.name, field],
      [field.proto, field],
    ]),
  );
  parametersOf.set(known, both);
  return both;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
