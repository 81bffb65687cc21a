/** What Google publishes of an API, as `scripts/discovery` writes it. */
export interface Facts {
  /** e.g. `run.googleapis.com` */
  readonly api: string;
  readonly version: string;
  /** By id, e.g. `run.projects.locations.services.create`. */
  readonly methods: Readonly<Record<string, MethodFacts>>;
  /** By the document's own name, e.g. `GoogleCloudRunV2Service`. */
  readonly messages: Readonly<Record<string, MessageFacts>>;
  /** By full name: `NAME=NUMBER` of each value, with spaces between; no number where it is not published. */
  readonly enums: Readonly<Record<string, string>>;
}

export interface MethodFacts {
  /** e.g. `POST /v2/{parent=projects/*}/services` */
  readonly http: string;
  /** Types of the query's parameters. */
  readonly query?: Readonly<Record<string, string>>;
  /** The message that the body is. */
  readonly request?: string;
  /** The field of the request that the body is; without it, the body is the request. */
  readonly body?: string;
  readonly response?: string;
}

interface MessageFacts {
  /** e.g. `google.cloud.run.v2.Service` */
  readonly proto?: string;
  /** From a field's JSON name to its type and what else is known of it: `map string`, `Container[] required`, `int32 optional oneof=retries`. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Where Google does not do as its documents say: from `Message.field` to the reason. */
export interface Relaxed {
  /** Taken, though no document has it. */
  readonly taken?: Readonly<Record<string, string>>;
  /** Parameters of any method's query that are taken, though no document has them: from the name to the reason. */
  readonly query?: Readonly<Record<string, string>>;
  /** Taken from callers, though it is output only. */
  readonly settable?: Readonly<Record<string, string>>;
  /** Required, and not missed here: Google takes a request without it, or its service refuses that in words of its own. Also by method and parameter, `run.….create.serviceId`. */
  readonly left?: Readonly<Record<string, string>>;
  /** Taken in masks though it is immutable. */
  readonly mutable?: Readonly<Record<string, string>>;
  /** Shown whatever it is, though proto3 would leave it out. */
  readonly shown?: Readonly<Record<string, string>>;
}

export interface Field {
  readonly name: string;
  /** As the protocol buffer has it. */
  readonly proto: string;
  /** A scalar's type, `enum`, `message` or `any`. */
  readonly type: string;
  /** The message or the enum. */
  readonly of: string;
  readonly isList: boolean;
  readonly isMap: boolean;
  readonly isOutput: boolean;
  readonly isRequired: boolean;
  readonly isImmutable: boolean;
  /** Whether a default can be told from nothing. */
  readonly isOptional: boolean;
  readonly oneof: string | undefined;
}

const SCALARS = new Set([
  'string',
  'boolean',
  'bytes',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float',
  'double',
  'timestamp',
  'duration',
  'mask',
]);

/** @param text as the facts have it, e.g. `map string optional` */
export function fieldFrom(name: string, text: string): Field {
  const words = text.split(' ');
  const isMap = words[0] === 'map';
  if (isMap) words.shift();
  const isEnum = words[0] === 'enum';
  if (isEnum) words.shift();
  const [written = '', ...flags] = words;
  const isList = written.endsWith('[]');
  const bare = isList ? written.slice(0, -2) : written;
  return {
    name,
    proto: snake(name),
    type: isEnum ? 'enum' : SCALARS.has(bare) || bare === 'any' ? bare : 'message',
    of: bare,
    isList,
    isMap,
    isOutput: flags.includes('out'),
    isRequired: flags.includes('required'),
    isImmutable: flags.includes('immutable'),
    isOptional: flags.includes('optional'),
    oneof: flags.find((flag) => flag.startsWith('oneof='))?.slice('oneof='.length),
  };
}

/** A field's name as protocol buffers have it. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
