import { isObject, type JsonObject } from '../json.ts';

/** The errors of one schema validation, printed as the json-schema-validator library prints them. */
export class SchemaReport {
  readonly #errors: string[] = [];

  add(pointer: string, keyword: string, message: string): void {
    this.#errors.push(
      `error: ${message}\n    level: "error"\n    instance: {"pointer":"${pointer}"}\n    domain: "validation"\n    keyword: "${keyword}"\n`,
    );
  }

  /** The whole report; empty when the document is good. */
  get text(): string {
    return this.#errors.join(',');
  }

  /** Checks that the value is an object; tells whether it is. */
  object(value: unknown, pointer: string): value is JsonObject {
    if (isObject(value)) return true;
    this.type(value, pointer, ['object']);
    return false;
  }

  /** Checks that the value is of one of the JSON types. */
  type(value: unknown, pointer: string, allowed: readonly string[]): boolean {
    const found = jsonType(value);
    if (allowed.includes(found) || (found === 'integer' && allowed.includes('number'))) return true;
    this.add(
      pointer,
      'type',
      `instance type (${found}) does not match any allowed primitive type (allowed: ${list(allowed)})`,
    );
    return false;
  }

  required(value: JsonObject, pointer: string, names: readonly string[]): void {
    const missing = names.filter((name) => value[name] === undefined);
    if (missing.length > 0)
      this.add(pointer, 'required', `object has missing required properties (${list(missing)})`);
  }

  /** Refuses properties that are neither known nor extensions. */
  only(value: JsonObject, pointer: string, known: readonly string[], extensions = true): void {
    const unwanted = Object.keys(value).filter(
      (name) => !known.includes(name) && !(extensions && name.startsWith('x-')),
    );
    if (unwanted.length > 0) {
      this.add(
        pointer,
        'additionalProperties',
        `object instance has properties which are not allowed by the schema: ${list(unwanted)}`,
      );
    }
  }

  oneOf(value: unknown, pointer: string, allowed: readonly string[]): void {
    if (typeof value !== 'string' || !allowed.includes(value)) {
      this.add(
        pointer,
        'enum',
        `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${list(allowed)})`,
      );
    }
  }

  pattern(value: unknown, pointer: string, pattern: RegExp): void {
    if (!this.type(value, pointer, ['string']) || pattern.test(String(value))) return;
    this.add(
      pointer,
      'pattern',
      `ECMA 262 regex "${pattern.source}" does not match input string "${String(value)}"`,
    );
  }
}

/** Escapes a property name for a JSON pointer (RFC 6901). */
export function pointerTo(parent: string, name: string | number): string {
  return `${parent}/${String(name).replace(/~/g, '~0').replace(/\//g, '~1')}`;
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function list(values: readonly string[]): string {
  return JSON.stringify(values);
}
