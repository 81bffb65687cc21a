import { camel, type ProtoField, type ProtoMessage, type Protos, shapeOf } from './protos.ts';

/** As much of a discovery document as is used here (https://developers.google.com/discovery/v1/reference/apis). */
export interface Document extends Resource {
  readonly name: string;
  readonly version: string;
  readonly revision: string;
  readonly rootUrl: string;
  readonly servicePath: string;
  readonly schemas: Readonly<Record<string, Schema>>;
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

interface Method {
  readonly id: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly flatPath?: string;
  readonly parameters?: Readonly<Record<string, Schema & { readonly location: string }>>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
}

interface Schema {
  readonly id?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly description?: string;
  readonly readOnly?: boolean;
  readonly required?: boolean;
  readonly repeated?: boolean;
}

/** The facts of an API that are committed. */
export interface Table {
  readonly api: string;
  readonly version: string;
  readonly revision: string;
  readonly methods: Readonly<Record<string, TableMethod>>;
  readonly messages: Readonly<Record<string, TableMessage>>;
  readonly enums: Readonly<Record<string, string>>;
}

interface TableMethod {
  readonly http: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly request?: string;
  readonly body?: string;
  readonly response?: string;
}

interface TableMessage {
  readonly proto?: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The facts of an API: its routes, and the fields, types and enums of its messages. A field is its type, `[]` after it for a list and
 * `map` before it for a map, and then what else is known of it: `out` for output only, `required`, `immutable`, `optional` for one whose
 * default can be told from nothing, and `oneof=NAME`.
 *
 * @param only the ids of the methods that are read, with the messages that they need; left out: all
 */
export function tableOf(document: Document, protos: Protos, only?: RegExp): Table {
  const types = new Types(document.schemas, protos);
  const read = methodsIn(document).filter(({ id }) => !only || only.test(id));
  const methods = read.map((method) => [method.id, methodOf(method, types, protos)] as const);
  const needed = only && reachable(read, document.schemas);
  const schemas = Object.entries(document.schemas).filter(([id]) => !needed || needed.has(id));
  const messages = schemas.map(([id, schema]) => [id, types.message(id, schema)]);
  return {
    api: new URL(document.rootUrl).hostname,
    version: document.version,
    revision: document.revision,
    methods: Object.fromEntries(methods),
    messages: Object.fromEntries(messages),
    enums: Object.fromEntries([...types.enums].toSorted(([one], [other]) => one.localeCompare(other, 'en'))),
  };
}

/** A table as text: one line for each method, message and enum, so that a change is seen where it is. */
export function textOf(table: Table, source: Readonly<Record<string, string>>): string {
  const group = (entries: object) =>
    Object.entries(entries)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const { api, version, revision, methods, messages, enums } = table;
  const head = { api, version, revision, source };
  const lines = Object.entries(head).map(([name, value]) => `  "${name}": ${JSON.stringify(value)},`);
  return `{\n${lines.join('\n')}\n  "methods": {\n${group(methods)}\n  },\n  "messages": {\n${group(messages)}\n  },\n  "enums": {\n${group(enums)}\n  }\n}\n`;
}

/** Every method of a document, but those of organizations, folders and billing accounts, which the local cloud has none of. */
function methodsIn(resource: Resource): readonly Method[] {
  const own = Object.values(resource.methods ?? {}).filter(
    ({ flatPath = '', path }) =>
      !/^v[^/]+\/(organizations|folders|billingAccounts)\b/.test(flatPath || path) &&
      !/\{\+\w+\}/.test(flatPath),
  );
  return [...own, ...Object.values(resource.resources ?? {}).flatMap(methodsIn)];
}

/** The ids of the schemas that methods take and answer, and of those in them. */
function reachable(
  methods: readonly Method[],
  schemas: Readonly<Record<string, Schema>>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (schema: Schema | undefined) => {
    const { $ref, items, additionalProperties, properties = {} } = schema ?? {};
    if ($ref && !found.has($ref)) {
      found.add($ref);
      visit(schemas[$ref]);
    }
    for (const inner of [items, additionalProperties, ...Object.values(properties)]) if (inner) visit(inner);
  };
  for (const { request, response } of methods) for (const schema of [request, response]) visit(schema);
  return found;
}

function methodOf(method: Method, types: Types, protos: Protos): TableMethod {
  const { httpMethod, parameters = {}, request, response } = method;
  const query = Object.entries(parameters)
    .filter(([, { location }]) => location === 'query')
    .map(([name, schema]) => [name, types.parameter(name, schema)]);
  const body = request && (protos.bodies.get(`${httpMethod} ${shape(method)}`) ?? guessedBody(request.$ref));
  return {
    http: `${httpMethod} /${templateOf(method)}`,
    ...(query.length > 0 && { query: Object.fromEntries(query) }),
    ...(request && { request: request.$ref }),
    ...(body && body !== '*' && { body: camel(body) }),
    ...(response && { response: response.$ref }),
  };
}

/** A path whose variables carry their patterns, e.g. of a parent: `v2/{parent=projects/*}/services`. */
function templateOf({ path, parameters = {} }: Method): string {
  return path.replace(/\{(\+?)(\w+)\}/g, (_, plus: string, name: string) => {
    const pattern = parameters[name]?.pattern;
    if (!plus || !pattern) return `{${name}}`;
    const glob = pattern
      .replace(/^\^|\$$/g, '')
      .replaceAll('[^/]+', '*')
      .replaceAll('.*', '**');
    return `{${name}=${glob}}`;
  });
}

function shape(method: Method): string {
  return shapeOf(templateOf(method));
}

/** Without protocol buffers: a request that is a resource is a field of that name. */
function guessedBody(request: string): string {
  if (/Request$/.test(request)) return '*';
  const name = request.replace(/^(?:Google[A-Z][a-z]+.*V\d+(?:beta\d+|alpha\d*)?|Apigateway)(?=[A-Z])/, '');
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
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

class Types {
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
      ...(schema.required || /^Required\./.test(schema.description ?? '') ? ['required'] : []),
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
      ...(readOnly || behavior.includes('OUTPUT_ONLY') ? ['out'] : []),
      ...(/^Required\b/.test(description) || behavior.includes('REQUIRED') ? ['required'] : []),
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
