import { type Answer, LIMITS, type Reader, type RetryOptions, reach, readJson, send } from '@gangway/http';
import { KubernetesError } from './error.ts';

/** How an API server is reached. */
export interface Connection {
  /** e.g. `https://203.0.113.7` or, of the Connect gateway, a URL with a path. */
  readonly server: string;
  /** The authority of its certificate, PEM; undefined for one that everybody trusts. */
  readonly ca: string | undefined;
  /** What says who asks: asked for each request, so that a token that ends is renewed. */
  headers(): Promise<Headers>;
}

type Query = Readonly<Record<string, string | undefined>>;

interface KubernetesRequest<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the server's root, e.g. `/apis/apps/v1`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** Media type of the body; default JSON. */
  readonly type?: string;
  /** What the answer must be like; one that is not is an error. */
  readonly answer: Reader<T>;
}

/** Calls to one API server: one retry policy, one error. */
export interface Kubernetes {
  /** Where it is, for messages. */
  readonly server: string;
  /** @throws KubernetesError when it refuses; RequestFailure when there is no answer, or none that fits */
  request<T>(request: KubernetesRequest<T>): Promise<T>;
  /** What is no JSON, such as a log: its beginning, up to 64 KiB. @throws the same */
  text(path: string, query?: Query): Promise<string>;
}

/** @param options the retry policy's bounds; `onRetry` tells the log */
export function kubernetes(connection: Connection, options: RetryOptions = {}): Kubernetes {
  const { server, ca } = connection;
  const sendOnce = async (method: string, path: string, query: Query = {}, body?: string, type?: string) => {
    const url = new URL(`${server.replace(/\/$/, '')}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    const headers = new Headers(await connection.headers());
    headers.set('accept', 'application/json, */*');
    if (body !== undefined) headers.set('content-type', type ?? 'application/json');
    const answer = await send(url, { method, headers, body, ca, signal: options.signal });
    if (!answer.ok) throw await refusalOf(answer);
    return answer;
  };
  return {
    server,
    request: ({ method, path, query, body, type, answer }) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      return reach(async () => readJson(await sendOnce(method, path, query, text, type), answer), options);
    },
    text: (path, query) =>
      reach(async () => (await sendOnce('GET', path, query)).beginning(LIMITS.excerpt), options),
  };
}

async function refusalOf({ status, what, headers, beginning }: Answer): Promise<KubernetesError> {
  const said = await beginning(LIMITS.excerpt);
  // A field that the schema does not have, in server-side apply: no try is better than the first.
  const isInvalid =
    status === 500 && /failed to create typed (patch|live) object|field not declared in schema/.test(said);
  return new KubernetesError(isInvalid ? 422 : status, said, what, headers);
}
