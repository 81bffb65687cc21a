import { ApiError } from '../../../kernel/errors.ts';

export interface Diagnostic {
  /** e.g. `openapi.yaml: Operation 'get' in path '/hello'`. */
  readonly location: string;
  readonly kind: 'ERROR' | 'WARNING';
  readonly message: string;
}

export const UNKNOWN_LOCATION = 'unknown location';

/** What the import has to say, in the order found (google.api.servicemanagement.v1.Diagnostic). */
export class Diagnostics {
  readonly #all: Diagnostic[] = [];

  error(location: string, message: string): void {
    this.#all.push({ location, kind: 'ERROR', message });
  }

  warn(location: string, message: string): void {
    this.#all.push({ location, kind: 'WARNING', message });
  }

  get warnings(): readonly Diagnostic[] {
    return this.#all.filter(({ kind }) => kind === 'WARNING');
  }

  /**
   * Ends the import if there is an error.
   * @throws ApiError INVALID_ARGUMENT with every diagnostic as a text-format proto
   */
  assertNoErrors(): void {
    if (this.#all.some(({ kind }) => kind === 'ERROR')) throw conversionError(this.#all);
  }
}

/** An import that cannot go on: one error, nothing else to say. */
export function importError(message: string, location: string = UNKNOWN_LOCATION): ApiError {
  return conversionError([{ location, kind: 'ERROR', message }]);
}

function conversionError(diagnostics: readonly Diagnostic[]): ApiError {
  const blocks = diagnostics.map(block).join(' ');
  return new ApiError('INVALID_ARGUMENT', `Cannot convert to service config.\n'${blocks}'`);
}

// WARNING is the zero value of the enum, so the text format leaves it out.
function block({ location, kind, message }: Diagnostic): string {
  const kindLine = kind === 'ERROR' ? 'kind: ERROR\n' : '';
  return `location: ${quote(location)}\n${kindLine}message: ${quote(message)}\n`;
}

function quote(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')}"`;
}
