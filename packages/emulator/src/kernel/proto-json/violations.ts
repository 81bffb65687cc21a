import { ApiError } from '../errors.ts';

/** What is wrong with a request, in the words of the JSON front of Google's APIs. */
export class Violations {
  readonly #all: { field?: string; description: string }[] = [];

  /** @param at the message that has no such field, e.g. `service.template`; empty for the request itself */
  unknown(name: string, at: string, why = 'Cannot find field.'): void {
    const where = at ? ` at '${at}'` : '';
    this.#add(at, `Invalid JSON payload received. Unknown name "${name}"${where}: ${why}`);
  }

  /** @param type e.g. `TYPE_INT32` or `type.googleapis.com/google.cloud.run.v2.IngressTraffic` */
  invalid(at: string, type: string, what: string): void {
    this.#add(at, `Invalid value${at ? ` at '${at}'` : ''} (${type}), ${what}`);
  }

  /** @throws ApiError INVALID_ARGUMENT when there is any */
  throwAny(): void {
    if (this.#all.length === 0) return;
    const message = this.#all.map(({ description }) => description).join('\n');
    throw new ApiError('INVALID_ARGUMENT', message, [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: this.#all },
    ]);
  }

  #add(field: string, description: string): void {
    this.#all.push({ ...(field && { field }), description });
  }
}
