import { ActionError } from '@gangway/action/error';
import type { AuthClient } from 'google-auth-library';
import { endpoint, type Service } from './endpoints.ts';
import { GoogleError } from './error.ts';
import { reach } from './reach.ts';
import type { RetryOptions } from './retry.ts';

export interface GoogleRequest {
  readonly service: Service;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the API's root, e.g. `v1/projects/p/services`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** Not to be tried again, since a second try could do it twice. */
  readonly once?: boolean;
}

/** Authorised calls to Google's APIs: one retry policy, one error. */
export interface GoogleCloud {
  /**
   * Sends a request and returns the parsed JSON answer.
   * @throws GoogleError when the API refuses; ActionError `unreachable` when it could not be reached
   */
  request<T>(request: GoogleRequest): Promise<T>;
}

/**
 * @param auth asks for a fresh token as each request needs one; its universe is where the APIs are
 * @param options the retry policy's bounds; `onRetry` tells the log
 */
export function googleCloud(auth: AuthClient, options: RetryOptions = {}): GoogleCloud {
  return {
    request: <T>(request: GoogleRequest) => {
      const url = urlOf(request, auth.universeDomain);
      const what = `${request.method} ${url.host}${url.pathname}`;
      const bounds = request.once ? { ...options, deadline: 0 } : options;
      return reach(() => send<T>(auth, request, url, what, options.signal), what, bounds);
    },
  };
}

function urlOf({ service, path, query = {} }: GoogleRequest, universe: string): URL {
  const url = new URL(path, endpoint(service, universe));
  for (const [name, value] of Object.entries(query)) {
    for (const item of value === undefined ? [] : [value].flat()) url.searchParams.append(name, item);
  }
  return url;
}

async function send<T>(
  auth: AuthClient,
  { method, body }: GoogleRequest,
  url: URL,
  what: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  const response = await auth.request<string>({
    url: url.href,
    method,
    ...(body !== undefined && {
      data: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
    responseType: 'text',
    retry: false,
    timeout: 60_000,
    ...(signal && { signal }),
    validateStatus: () => true,
  });
  const text = typeof response.data === 'string' ? response.data : JSON.stringify(response.data ?? '');
  if (response.status >= 200 && response.status < 300) return parse<T>(text, what);
  throw new GoogleError(response.status, text, what, response.headers);
}

function parse<T>(text: string, what: string): T {
  try {
    return (text === '' ? {} : JSON.parse(text)) as T;
  } catch {
    // The half of an answer could hold half of a secret; a page could not.
    const said = /^\s*</.test(text)
      ? text.trim().slice(0, 120)
      : `${text.length} characters that end too early`;
    throw new ActionError(`${what} was answered with no JSON, but: ${said}`, {
      code: 'unreachable',
      hint: 'run the job again; if it stays so, check whether a proxy answers in place of Google',
    });
  }
}
