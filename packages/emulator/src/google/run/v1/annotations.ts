import { parse } from 'yaml';
import { ApiError } from '../../../kernel/errors.ts';

export const RUN = 'run.googleapis.com';

/** Prefixes of Google's own annotations. */
const RESERVED =
  /^(?:run\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev|client\.knative\.dev)\//;

/** What the API v1 says of a service, and clients of themselves: gcloud sends all of it back. */
const SAID = new Set([
  ...['client-name', 'client-version', 'ingress-status', 'urls', 'operation-id'].map(
    (name) => `${RUN}/${name}`,
  ),
  ...['creator', 'lastModifier'].map((name) => `serving.knative.dev/${name}`),
  'client.knative.dev/user-image',
]);

/**
 * Reads annotations, which in the API v1 are much of what has a field in v2, and knows what was not read.
 * @see https://cloud.google.com/run/docs/reference/rest/v1/RevisionSpec
 */
export class AnnotationReader {
  readonly #all: Readonly<Record<string, string>>;
  readonly #read = new Set(SAID);

  constructor(all: Readonly<Record<string, string>> = {}) {
    this.#all = all;
  }

  text(name: string): string | undefined {
    this.#read.add(name);
    return this.#all[name];
  }

  /** @throws ApiError INVALID_ARGUMENT for what is none */
  number(name: string): number | undefined {
    const text = this.text(name);
    if (text !== undefined && !/^\d+$/.test(text)) throw this.invalid(name);
    return text === undefined ? undefined : Number(text);
  }

  /** gcloud writes `True`. @throws ApiError INVALID_ARGUMENT for what is neither */
  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text !== undefined && !/^(?:true|false)$/i.test(text)) throw this.invalid(name);
    return text === undefined ? undefined : text.toLowerCase() === 'true';
  }

  /** JSON, or YAML in its place, as Google's samples have it: `{app: [collector]}`. @throws ApiError INVALID_ARGUMENT */
  json<T>(name: string): T | undefined {
    const text = this.text(name);
    try {
      return text === undefined ? undefined : (parse(text) as T);
    } catch {
      throw this.invalid(name);
    }
  }

  /**
   * Those that are the caller's own, once all others were read; undefined where there are none.
   * @throws ApiError INVALID_ARGUMENT for one of Google's that was not: what it asks for would not be done
   */
  own(): Record<string, string> | undefined {
    const names = Object.keys(this.#all).filter((name) => !this.#read.has(name));
    const unknown = names.find((name) => RESERVED.test(name));
    if (unknown) throw this.invalid(unknown);
    if (names.length === 0) return undefined;
    return Object.fromEntries(names.map((name) => [name, this.#all[name] ?? '']));
  }

  invalid(name: string): ApiError {
    return new ApiError('INVALID_ARGUMENT', `Invalid value for annotation ${name}: '${this.#all[name]}'.`);
  }
}

/** Annotations are texts; what is not set has none. */
export function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
