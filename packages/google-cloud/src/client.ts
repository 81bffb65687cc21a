import {
  type Answer,
  LIMITS,
  type Outgoing,
  type Reader,
  type RetryOptions,
  reach,
  readJson,
  send,
  unexpected,
} from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { endpoint, type Service } from './endpoints.ts';
import { GoogleError } from './error.ts';

export interface GoogleRequest<T> {
  readonly service: Service;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the API's root, e.g. `v1/projects/p/services`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** What the answer must be like; one that is not is an error. */
  readonly answer: Reader<T>;
  /** Not to be tried again, since a second try could do it twice. */
  readonly once?: boolean;
}

/** What adds the credentials. */
type Authorizer = Pick<AuthClient, 'getRequestHeaders' | 'universeDomain'>;

/** Authorised calls to Google's APIs: one retry policy, one error. */
export interface GoogleCloud {
  /**
   * Sends a request and returns the parsed JSON answer.
   * @throws GoogleError when the API refuses; RequestFailure when there is no answer, or none that fits
   */
  request<T>(request: GoogleRequest<T>): Promise<T>;
}

/**
 * @param auth asks for a fresh token as each request needs one; its universe is where the APIs are
 * @param options the retry policy's bounds; `onRetry` tells the log
 */
export function googleCloud(auth: Authorizer, options: RetryOptions = {}): GoogleCloud {
  return {
    request: <T>(request: GoogleRequest<T>) => {
      const { method, body, once = false, answer } = request;
      const outgoing = {
        method,
        fresh: once,
        signal: options.signal,
        ...(body !== undefined && { body: JSON.stringify(body), headers: JSON_TYPE }),
      };
      const url = urlOf(request, auth.universeDomain);
      const work = async () => readJson(await sendAuthorized(auth, url, outgoing), answer);
      return reach(work, once ? { ...options, deadline: 0 } : options);
    },
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * Sends a request to an API of Google's with credentials, once.
 *
 * @throws GoogleError when it is refused; RequestFailure when there is no answer
 */
export async function sendAuthorized(auth: Authorizer, url: URL, outgoing: Outgoing): Promise<Answer> {
  const headers = new Headers(outgoing.headers);
  for (const [name, value] of await auth.getRequestHeaders(url.href)) headers.set(name, value);
  const answer = await send(url, { ...outgoing, headers });
  if (answer.ok) return answer;
  throw await refusalOf(answer);
}

/** What Google says, or the failure where it isn't Google that says it: "not found" of a proxy's page must not count. */
async function refusalOf(answer: Answer): Promise<Error> {
  const { status, what, headers } = answer;
  const body = await answer.beginning(LIMITS.excerpt);
  const refusal = new GoogleError(status, body, what, headers);
  const isForeign = status < 500 && status !== 429 && status !== 408 && /^\s*</.test(body);
  return isForeign ? unexpected(what, `${status} with a web page, not JSON: "${refusal.detail}"`) : refusal;
}

function urlOf({ service, path, query = {} }: GoogleRequest<unknown>, universe: string): URL {
  const url = new URL(path, endpoint(service, universe));
  for (const [name, value] of Object.entries(query)) {
    for (const item of value === undefined ? [] : [value].flat()) url.searchParams.append(name, item);
  }
  return url;
}
