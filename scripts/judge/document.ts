/** As much of a discovery document as a judge reads (https://developers.google.com/discovery/v1/reference/apis). */
export interface Document extends Resource {
  readonly name: string;
  readonly version: string;
  readonly rootUrl: string;
  /** What every path of its methods begins with, e.g. `compute/v1/`. */
  readonly servicePath?: string;
  readonly parameters?: Readonly<Record<string, Schema>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

export interface Method {
  readonly id: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
}

export interface Parameter extends Schema {
  readonly location: 'path' | 'query';
  readonly repeated?: boolean;
  readonly required?: boolean;
}

export interface Schema {
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
}

/** A method of a document that a path is one of. */
export interface Found {
  readonly document: Document;
  readonly method: Method;
}

/** Finds the methods of a document that a request may be for: those whose path, with the patterns of its variables, it has. */
export function methodsFor(document: Document, verb: string, path: string): readonly Found[] {
  return compiled(document)
    .filter(({ method, pattern }) => method.httpMethod === verb && pattern.test(path))
    .map(({ method }) => ({ document, method }));
}

interface Compiled {
  readonly method: Method;
  readonly pattern: RegExp;
}

const cache = new WeakMap<Document, readonly Compiled[]>();

function compiled(document: Document): readonly Compiled[] {
  const known = cache.get(document);
  if (known) return known;
  // A custom method's path is one of a resource's too: its verb decides.
  const all = [...methodsOf(document)]
    .map((method) => ({ method, pattern: patternOf(method, document.servicePath) }))
    .toSorted((one, other) => Number(isCustom(other.method)) - Number(isCustom(one.method)));
  cache.set(document, all);
  return all;
}

function* methodsOf(resource: Resource): Generator<Method> {
  yield* Object.values(resource.methods ?? {});
  for (const inner of Object.values(resource.resources ?? {})) yield* methodsOf(inner);
}

function isCustom({ path }: Method): boolean {
  return /:\w+$/.test(path);
}

function patternOf({ path, parameters = {} }: Method, servicePath = ''): RegExp {
  const source = `${servicePath}${path}`
    .split(/(\{\+?\w+\})/)
    .map((part) => {
      const [, plus, name] = /^\{(\+?)(\w+)\}$/.exec(part) ?? [];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const pattern = parameters[name]?.pattern?.replace(/^\^|\$$/g, '');
      return `(?:${pattern ?? (plus ? '.+' : '[^/]+')})`;
    })
    .join('');
  return new RegExp(`^/${source}$`);
}
