import type { Diagnostics } from '../diagnostics.ts';

/** Every operationId of a config: each there, each its own, also as the name of an RPC method. */
export class OperationNames {
  readonly #diagnostics: Diagnostics;
  readonly #ids = new Set<string>();
  /** Method name to the operationId that made it. */
  readonly #methods = new Map<string, string>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Takes an operation's id; undefined when it cannot be used. */
  add(operationId: unknown, file: string, location: string): string | undefined {
    if (typeof operationId !== 'string' || operationId === '') {
      this.#diagnostics.error(
        location,
        "Operation does not have the required 'operationId' field. Please specify unique value for 'operationId' field for all operations.",
      );
      return undefined;
    }
    if (this.#ids.has(operationId)) {
      this.#diagnostics.error(location, `operationId '${operationId}' has duplicate entry`);
      return undefined;
    }
    const method = methodName(operationId);
    const other = this.#methods.get(method);
    if (other !== undefined) {
      this.#diagnostics.error(
        file,
        `operationId '${operationId}' has duplicate entry. Duplicate operationId found is '${other}'. The two operationIds result into same underlying method name '${method}'. Please use unique values for operationId`,
      );
      return undefined;
    }
    this.#ids.add(operationId);
    this.#methods.set(method, operationId);
    return operationId;
  }
}

/** `get-x` is the method `Getx`. */
export function methodName(operationId: string): string {
  const letters = operationId.replace(/[^A-Za-z0-9_]/g, '');
  return letters.charAt(0).toUpperCase() + letters.slice(1);
}
