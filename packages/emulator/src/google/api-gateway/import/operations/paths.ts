import type { Diagnostics } from '../diagnostics.ts';
import { arrayOr, isObject, type JsonObject, objectOr, resolve } from '../json.ts';
import { methodName } from './names.ts';
import { parsePathTemplate, shapeOf } from './path-template.ts';

/** An operation as it stands in a document, its path item's parameters and its own merged. */
export interface SourceOperation {
  readonly path: string;
  /** Lower case. */
  readonly method: string;
  readonly value: JsonObject;
  readonly parameters: readonly JsonObject[];
  readonly location: string;
}

/** Every operation of a document's paths, in its order. */
export function operationsOf(
  document: JsonObject,
  file: string,
  methods: readonly string[],
): SourceOperation[] {
  return Object.entries(objectOr(document.paths)).flatMap(([path, item]) => {
    const pathItem = objectOr(resolve(document, item));
    return methods.flatMap((method) => {
      const value = pathItem[method];
      if (!path.startsWith('/') || !isObject(value)) return [];
      const parameters = merge(
        parametersOf(document, pathItem.parameters),
        parametersOf(document, value.parameters),
      );
      return [
        { path, method, value, parameters, location: `${file}: Operation '${method}' in path '${path}'` },
      ];
    });
  });
}

/** Where google.api.HttpRule's own errors are reported: the protos they are about have no place in the file. */
const NOWHERE = 'unknown location';

/** Checks an operation's path and parameters as an HTTP rule; one table of what is taken serves all documents. */
export class HttpRules {
  readonly #diagnostics: Diagnostics;
  readonly #taken = new Set<string>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** @param template the whole path, base path included */
  check(template: string, { method, parameters, location, value }: SourceOperation): void {
    const parsed = parsePathTemplate(template);
    if ('problem' in parsed) {
      this.#diagnostics.error(NOWHERE, `http: ${parsed.problem}`);
      return;
    }
    const message = `${methodName(String(value.operationId ?? ''))}Request`;
    const inPath = new Map(
      parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => [parameter.name, parameter]),
    );
    for (const variable of parsed.variables) {
      const parameter = inPath.get(variable);
      if (!parameter)
        this.#diagnostics.error(NOWHERE, `http: undefined field '${variable}' on message '${message}'.`);
      else if (typeOf(parameter) === 'array') {
        this.#diagnostics.error(
          NOWHERE,
          `http: repeated field not allowed: reached via '${variable}' on message '${message}'.`,
        );
      }
    }
    const shape = `${method} ${shapeOf(parsed)}`;
    if (this.#taken.has(shape))
      this.#diagnostics.error(
        location,
        `http: operation has duplicate http pattern \`${method.toUpperCase()} ${template}\``,
      );
    this.#taken.add(shape);
  }
}

function typeOf(parameter: JsonObject): unknown {
  return parameter.type ?? objectOr(parameter.schema).type;
}

function parametersOf(document: JsonObject, value: unknown): JsonObject[] {
  return arrayOr(value)
    .map((parameter) => resolve(document, parameter))
    .filter(isObject);
}

/** An operation's parameter replaces its path item's of the same name and place. */
function merge(shared: readonly JsonObject[], own: readonly JsonObject[]): JsonObject[] {
  const same = (a: JsonObject, b: JsonObject) => a.name === b.name && a.in === b.in;
  return [...shared.filter((parameter) => !own.some((other) => same(parameter, other))), ...own];
}
