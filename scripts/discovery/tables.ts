import type { Document, Method, Resource, Schema } from './document.ts';
import { camel, type Protos, shapeOf } from './protos.ts';
import { type TableMessage, Types } from './types.ts';

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

/**
 * The facts of an API: its routes, and the fields, types and enums of its messages. A field is its type, `[]` after it for a list and
 * `map` before it for a map, and then what else is known of it: `out` for output only, `required`, `immutable`, `optional` for one whose
 * default can be told from nothing, and `oneof=NAME`.
 *
 * @param only the ids of the methods that are read, with the messages that they need; left out: all
 */
export function tableOf(document: Document, protos: Protos, only?: RegExp): Table {
  const types = new Types(document.schemas, protos);
  const { servicePath } = document;
  const read = methodsIn(document)
    .filter(({ id }) => !only || only.test(id))
    .map((method) => ({ ...method, path: `${servicePath}${method.path}` }));
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
