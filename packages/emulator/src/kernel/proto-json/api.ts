import { type Facts, type Field, fieldFrom, type MethodFacts, type Relaxed } from './facts.ts';
import { type Refusal, refuseMissing } from './refusal.ts';

/** An API by what Google publishes of it: which method a request is for, and what its messages have. */
export class Api {
  /** e.g. `run.googleapis.com` */
  readonly host: string;
  readonly relaxed: Relaxed;
  readonly refusal: Refusal;
  readonly #facts: Facts;
  readonly #patterns: readonly (readonly [string, RegExp, Method])[];
  readonly #messages = new Map<string, Message>();
  readonly #byProto: ReadonlyMap<string, string>;
  readonly #enums = new Map<string, Enum>();

  constructor(facts: Facts, relaxed: Relaxed = {}, refusal: Refusal = refuseMissing) {
    this.host = facts.api;
    this.#facts = facts;
    this.relaxed = relaxed;
    this.refusal = refusal;
    this.#patterns = Object.entries(facts.methods)
      .map(([id, method]) => [id, method, ...method.http.split(' ')] as const)
      // The path of a custom method is one of a resource's too.
      .toSorted(([, , , one = ''], [, , , other = '']) => rank(other) - rank(one))
      .map(([id, method, verb = '', path = '']) => [verb, compile(path), { ...method, id, api: this }]);
    this.#byProto = new Map(
      Object.entries(facts.messages).flatMap(([id, { proto }]) => (proto ? [[proto, id]] : [])),
    );
  }

  /** @param path without the prefix of the local cloud, e.g. `/v2/projects/p/locations/l/services` */
  method(verb: string, path: string): Method | undefined {
    return this.#patterns.find(([wanted, pattern]) => wanted === verb && pattern.test(path))?.[2];
  }

  /** @param id as the document has it, e.g. `GoogleCloudRunV2Service` */
  message(id: string): Message {
    const known = this.#messages.get(id);
    if (known) return known;
    const { fields = {}, proto = id } = this.#facts.messages[id] ?? {};
    const all = Object.entries(fields).map(([name, text]) => fieldFrom(name, text));
    const message = {
      id,
      proto,
      fields: new Map(
        all.flatMap((field) => [
          [field.name, field],
          [field.proto, field],
        ]),
      ),
    };
    this.#messages.set(id, message);
    return message;
  }

  /** @param type e.g. `type.googleapis.com/google.cloud.run.v2.Service` */
  messageOfType(type: string): Message | undefined {
    const id = this.#byProto.get(type.slice(type.lastIndexOf('/') + 1));
    return id === undefined ? undefined : this.message(id);
  }

  enum(name: string): Enum {
    const known = this.#enums.get(name);
    if (known) return known;
    const values = (this.#facts.enums[name] ?? '').split(' ').map((value) => value.split('='));
    const numbers = new Map(
      values.map(([value = '', number = '']) => [value, number === '' ? undefined : Number(number)]),
    );
    const found = { name: name.replace(/'+$/, ''), numbers };
    this.#enums.set(name, found);
    return found;
  }
}

export interface Method extends MethodFacts {
  /** e.g. `run.projects.locations.services.create` */
  readonly id: string;
  readonly api: Api;
}

export interface Message {
  readonly id: string;
  /** Its full name, where it is known, e.g. `google.cloud.run.v2.Service`. */
  readonly proto: string;
  /** By both names that a field has. */
  readonly fields: ReadonlyMap<string, Field>;
}

export interface Enum {
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number | undefined>;
}

function rank(path: string): number {
  return (
    (/:\w+$/.test(path) ? 1000 : 0) + path.replace(/\{[^}]*\}/g, '').length - (path.includes('**') ? 500 : 0)
  );
}

function compile(template: string): RegExp {
  const source = template
    .split(/(\{[^}]*\})/)
    .map((part) => {
      if (!part.startsWith('{')) return literal(part);
      const [, glob = '*'] = /=(.*)\}$/.exec(part) ?? [];
      return glob
        .split(/(\*+)/)
        .map((piece) => (piece === '**' ? '.+' : piece === '*' ? '[^/]+' : literal(piece)))
        .join('');
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
