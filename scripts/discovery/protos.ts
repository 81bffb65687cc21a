import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { protosFolder, SOURCES } from './sources.ts';

/** What protocol buffers say that discovery documents don't. */
export interface Protos {
  /** By full name, e.g. `google.cloud.run.v2.Service`. */
  readonly messages: ReadonlyMap<string, ProtoMessage>;
  /** By full name: the number of each value. */
  readonly enums: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** The field of the request that the body is, by `METHOD /path`; `*` for the request itself. */
  readonly bodies: ReadonlyMap<string, string>;
}

export interface ProtoMessage {
  readonly name: string;
  /** By JSON name. */
  readonly fields: Readonly<Record<string, ProtoField>>;
}

export interface ProtoField {
  /** As it is written, e.g. `IngressTraffic`. */
  readonly type: string;
  /** Whether a default can be told from nothing. */
  readonly optional: boolean;
  readonly oneof: string | undefined;
  readonly behavior: readonly string[];
}

/** Reads the protocol buffers of these directories of the package. */
export async function readProtos(directories: readonly string[]): Promise<Protos> {
  const folder = join(protosFolder(), 'node_modules');
  const { parse } = (await import(pathToFileURL(join(folder, 'protobufjs/index.js')).href))
    .default as Library;
  const read = { messages: new Map(), enums: new Map(), bodies: new Map() };
  for (const directory of directories) {
    const path = join(folder, SOURCES.protos.package, directory);
    for (const file of readdirSync(path).filter((name) => name.endsWith('.proto')))
      walk(parse(readFileSync(join(path, file), 'utf8'), { keepCase: true }).root, '', read);
  }
  return read;
}

/** As much of protobufjs as is used here. */
interface Library {
  parse(source: string, options: object): { readonly root: Node };
}

interface Node {
  readonly name: string;
  readonly nestedArray?: readonly Node[];
  readonly fields?: Readonly<Record<string, FieldNode>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly methods?: Readonly<Record<string, { readonly parsedOptions?: readonly HttpOption[] | null }>>;
}

interface FieldNode {
  readonly name: string;
  readonly type: string;
  readonly partOf?: { readonly name: string } | null;
  readonly options?: Readonly<Record<string, unknown>> | null;
  readonly parsedOptions?: readonly Readonly<Record<string, unknown>>[] | null;
}

type Rule = Readonly<Record<string, unknown>>;
type HttpOption = { readonly '(google.api.http)'?: Rule };

interface Read {
  messages: Map<string, ProtoMessage>;
  enums: Map<string, Readonly<Record<string, number>>>;
  bodies: Map<string, string>;
}

function walk(node: Node, at: string, read: Read): void {
  const name = at ? `${at}.${node.name}` : node.name;
  if (node.values) read.enums.set(name, node.values);
  if (node.fields) read.messages.set(name, { name, fields: fieldsOf(node.fields) });
  for (const method of Object.values(node.methods ?? {}))
    for (const option of method.parsedOptions ?? []) {
      const rule = option['(google.api.http)'];
      if (rule) noteBody(rule, read);
    }
  for (const nested of node.nestedArray ?? []) walk(nested, name, read);
}

function noteBody(rule: Rule, read: Read): void {
  const verb = ['get', 'put', 'post', 'patch', 'delete'].find((candidate) => candidate in rule);
  if (verb && typeof rule.body === 'string')
    read.bodies.set(`${verb.toUpperCase()} ${shapeOf(String(rule[verb]))}`, rule.body);
  const more = rule.additional_bindings;
  for (const other of Array.isArray(more) ? more : more ? [more] : []) noteBody(other as Rule, read);
}

/** A path without the names of its variables: `/v2/{parent=projects/*}/x` is `v2/projects/{}/x`. */
export function shapeOf(path: string): string {
  return path
    .replace(/^\//, '')
    .replace(/\{\+?[\w.]+(?:=([^}]*))?\}/g, (_, pattern: string | undefined) => pattern ?? '*')
    .replace(/\*+/g, '{}');
}

function fieldsOf(fields: Readonly<Record<string, FieldNode>>): Record<string, ProtoField> {
  return Object.fromEntries(
    Object.values(fields).map((field) => {
      const oneof = field.partOf?.name;
      const synthetic = field.options?.proto3_optional === true;
      return [
        camel(field.name),
        {
          type: field.type,
          optional: synthetic || oneof !== undefined,
          oneof: synthetic ? undefined : oneof,
          behavior: behaviorOf(field),
        },
      ];
    }),
  );
}

function behaviorOf({ parsedOptions }: FieldNode): readonly string[] {
  return (parsedOptions ?? []).flatMap((option) =>
    Object.entries(option)
      .filter(([name]) => name === '(google.api.field_behavior)')
      .flatMap(([, value]) => (Array.isArray(value) ? value : [value]).map(String)),
  );
}

export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
