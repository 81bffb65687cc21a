import type { Api, Message, Method } from './api.ts';
import type { Field } from './facts.ts';

/**
 * An answer as Google's APIs write JSON (https://protobuf.dev/programming-guides/json): what a field is that was never set is left out, 64
 * bits are text.
 *
 * @param numbers whether enums are shown as numbers, as generated clients ask for with `$alt=json;enum-encoding=int`
 */
export function writeAnswer({ api, response }: Method, body: object, numbers = false): unknown {
  if (response === undefined) return body;
  const message = api.message(response);
  return message.fields.size === 0 ? body : new Writer(api, numbers).message(body, message);
}

class Writer {
  readonly #api: Api;
  readonly #numbers: boolean;

  constructor(api: Api, numbers: boolean) {
    this.#api = api;
    this.#numbers = numbers;
  }

  message(value: object, message: Message): Record<string, unknown> {
    const { shown = {} } = this.#api.relaxed;
    const result: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(value)) {
      if (inner === undefined || inner === null) continue;
      const field = message.fields.get(name);
      if (!field) {
        result[name] = inner;
        continue;
      }
      const isKept = field.isOptional || `${message.id}.${field.name}` in shown;
      if (isKept || !this.#isDefault(inner, field)) result[field.name] = this.#field(inner, field);
    }
    return result;
  }

  #field(value: unknown, field: Field): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#one(item, field));
    if (field.isMap && isObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#one(inner, field)]));
    return this.#one(value, field);
  }

  #one(value: unknown, field: Field): unknown {
    const { type, of } = field;
    if (isObject(value)) {
      if (type === 'message') return this.message(value, this.#api.message(of));
      const packed =
        type === 'any' && '@type' in value ? this.#api.messageOfType(String(value['@type'])) : undefined;
      return packed
        ? { '@type': (value as { '@type': unknown })['@type'], ...this.message(without(value), packed) }
        : value;
    }
    if (type === 'int64' || type === 'uint64') return String(value);
    if (type === 'enum' && this.#numbers) return this.#api.enum(of).numbers.get(String(value)) ?? value;
    return value;
  }

  #isDefault(value: unknown, { type, of, isMap, isList }: Field): boolean {
    if (isList) return Array.isArray(value) && value.length === 0;
    if (isMap) return isObject(value) && Object.keys(value).length === 0;
    if (type === 'any' || type === 'message') return false;
    if (type === 'enum') return this.#api.enum(of).numbers.get(String(value)) === 0;
    return value === false || value === 0 || value === '' || (type.endsWith('int64') && value === '0');
  }
}

function without(packed: object): object {
  const { '@type': _, ...rest } = packed as Record<string, unknown>;
  return rest;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
