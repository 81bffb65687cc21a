import type { Schema } from './document.ts';
import { camel, type ProtoField, type ProtoMessage, type Protos } from './protos.ts';

/** A message as the table has it. */
export interface TableMessage {
  readonly proto?: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What `format` says of a text. */
const FORMATS: Readonly<Record<string, string>> = {
  int64: 'int64',
  uint64: 'uint64',
  byte: 'bytes',
  'google-datetime': 'timestamp',
  'google-duration': 'duration',
  'google-fieldmask': 'mask',
};

/** The types of a document's fields, as the table has them; its enums are those that were met. */
export class Types {
  readonly enums = new Map<string, string>();
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #protos: Protos;

  constructor(schemas: Readonly<Record<string, Schema>>, protos: Protos) {
    this.#schemas = schemas;
    this.#protos = protos;
  }

  message(id: string, schema: Schema): TableMessage {
    const proto = this.#protoOf(id, schema);
    const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      this.#field(`${id}.${name}`, property, proto, proto?.fields[name]),
    ]);
    return { ...(proto && { proto: proto.name }), fields: Object.fromEntries(fields) };
  }

  /** A query parameter; of a nested one, such as `options.requestedPolicyVersion`, the type alone. */
  parameter(name: string, schema: Schema): string {
    const type = this.#type(name, schema, undefined, undefined);
    return [
      schema.repeated ? `${type}[]` : type,
      ...(schema.required || isRequired(schema.description ?? '') ? ['required'] : []),
    ].join(' ');
  }

  #field(
    at: string,
    schema: Schema,
    message: ProtoMessage | undefined,
    field: ProtoField | undefined,
  ): string {
    const { description = '', readOnly } = schema;
    const behavior = field?.behavior ?? [];
    return [
      this.#type(at, schema, message, field),
      // Older documents say it in words alone.
      ...(readOnly || behavior.includes('OUTPUT_ONLY') || /^\[Output Only\]/i.test(description)
        ? ['out']
        : []),
      ...(isRequired(description) || behavior.includes('REQUIRED') ? ['required'] : []),
      ...(/^(?:Output only\. )?Immutable\b/.test(description) || behavior.includes('IMMUTABLE')
        ? ['immutable']
        : []),
      ...(field?.optional ? ['optional'] : []),
      ...(field?.oneof ? [`oneof=${camel(field.oneof)}`] : []),
    ].join(' ');
  }

  #type(
    at: string,
    schema: Schema,
    message: ProtoMessage | undefined,
    field: ProtoField | undefined,
  ): string {
    const { type, format = '', $ref, items, additionalProperties } = schema;
    if ($ref) return isFree(this.#schemas[$ref]) ? 'any' : $ref;
    if (items) return `${this.#type(at, items, message, field)}[]`;
    if (additionalProperties) {
      const inner = this.#type(at, additionalProperties, message, field);
      // Any, Struct and the like: JSON of somebody's own.
      return inner === 'any' ? 'any' : `map ${inner}`;
    }
    if (schema.enum) return `enum ${this.#enum(at, schema.enum, message, field)}`;
    if (type === 'boolean' || type === 'any') return type;
    if (type === 'integer') return format || 'int32';
    if (type === 'number') return format || 'double';
    if (type === 'string') return FORMATS[format] ?? 'string';
    return 'any';
  }

  /** Keeps an enum by its full name where that is known, else by the field that has it. */
  #enum(
    at: string,
    values: readonly string[],
    message: ProtoMessage | undefined,
    field: ProtoField | undefined,
  ): string {
    const full = this.#enumOf(values, message, field);
    const known = full ? this.#protos.enums.get(full) : undefined;
    const text = values.map((value, index) => `${value}=${known?.[value] ?? (known ? '' : index)}`).join(' ');
    let name = full ?? [...this.enums].find(([, other]) => other === text)?.[0] ?? at;
    // Some documents leave values of an enum out.
    while ((this.enums.get(name) ?? text) !== text) name += "'";
    this.enums.set(name, text);
    return name;
  }

  #enumOf(
    values: readonly string[],
    message: ProtoMessage | undefined,
    field: ProtoField | undefined,
  ): string | undefined {
    const has = (name: string) => {
      const known = this.#protos.enums.get(name);
      return known !== undefined && values.filter((value) => value in known).length >= values.length * 0.7;
    };
    if (message && field)
      for (let scope = message.name; ; scope = scope.slice(0, scope.lastIndexOf('.'))) {
        const name = scope ? `${scope}.${field.type}` : field.type;
        if (has(name)) return name;
        if (!scope.includes('.')) break;
      }
    const same = [...this.#protos.enums].filter(
      ([, known]) => Object.keys(known).length === values.length && values.every((value) => value in known),
    );
    return same.length === 1 ? same[0]?.[0] : undefined;
  }

  /** The message of that schema: its name ends alike, and it has most of the fields. */
  #protoOf(id: string, { properties = {} }: Schema): ProtoMessage | undefined {
    const names = Object.keys(properties);
    const candidates = [...this.#protos.messages.values()]
      .filter(({ name }) => isNamed(id, name))
      .map((message) => ({
        message,
        shared: names.filter((name) => name in message.fields).length,
        others: Object.keys(message.fields).length,
      }))
      .filter(({ shared, others }) => shared >= names.length * 0.6 && shared >= others * 0.4)
      .toSorted((one, other) => other.shared - one.shared || one.others - other.others);
    return candidates[0]?.message;
  }
}

/** Not `Required for each regional disk …`. */
function isRequired(description: string): boolean {
  return /^(?:Required[.:]|\[Required\])/.test(description);
}

/** Whether a schema's id is a way to write a message's name: `GoogleCloudRunV2Container`, `ApigatewayApi`, `Repository`. */
function isNamed(id: string, name: string): boolean {
  const parts = name.split('.').map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return parts.some((_, start) => {
    const rest = parts.slice(start).join('');
    return (
      rest === id ||
      (start === parts.length - 1 && rest.length > 2 && id.endsWith(rest)) ||
      (start < parts.length - 1 && /^[A-Z]/.test(name.split('.')[start] ?? '') && id.endsWith(rest))
    );
  });
}

function isFree(schema: Schema | undefined): boolean {
  return schema !== undefined && !schema.properties && schema.additionalProperties?.type === 'any';
}
