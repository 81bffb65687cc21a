import { ActionError } from '@gangway/action/error';
import { openWeb, reach } from '@gangway/google-cloud';
import { type FlyEndpoints, flyEndpoints } from './endpoints.ts';

interface FlyRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the endpoint, e.g. `/v1/apps/hello`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which of Fly's APIs; default `machines`. */
  readonly endpoint?: keyof Pick<FlyEndpoints, 'machines' | 'api'>;
  /** Whether it may be sent again when the network or Fly failed; default all but POST. */
  readonly repeatable?: boolean;
}

/** Authorised calls to Fly's APIs: one retry policy, one error. */
export interface Fly {
  /**
   * Sends a request and returns the parsed JSON answer, `{}` for an empty one.
   * @throws FlyError when the API refuses; ActionError `unreachable` when it could not be reached
   */
  request<T>(request: FlyRequest): Promise<T>;
}

/** An error that one of Fly's APIs answered with: `{"error": "…", "status": "…"}`. */
export class FlyError extends ActionError {
  readonly httpStatus: number;
  /** Fly's own words. */
  readonly detail: string;
  /** Where the shared retry policy looks for the status. */
  readonly response: { readonly status: number };

  constructor(httpStatus: number, body: string, request: string, requestId: string | null) {
    const detail = words(body);
    super(`${request}: ${httpStatus}: ${detail}${requestId ? ` (fly-request-id ${requestId})` : ''}`, {
      code: 'fly-api',
      hint: cure(httpStatus, detail),
    });
    this.name = 'FlyError';
    this.httpStatus = httpStatus;
    this.detail = detail;
    this.response = { status: httpStatus };
  }
}

/** Whether an error is an answer of Fly's with one of these HTTP statuses. */
export function isFlyError(error: unknown, ...statuses: readonly number[]): error is FlyError {
  return error instanceof FlyError && statuses.includes(error.httpStatus);
}

/**
 * @param token as flyctl takes it: one token, or several parted by commas, with or without their scheme
 * @param signal stops waiting
 * @see https://docs.machines.dev
 */
export function flyClient(token: string, signal?: AbortSignal): Fly {
  const endpoints = flyEndpoints();
  const authorization = authorizationOf(token);
  return {
    request<T>(request: FlyRequest): Promise<T> {
      const { method, path, endpoint = 'machines', repeatable = method !== 'POST' } = request;
      const url = `${endpoints[endpoint]}${path}`;
      const what = `${method} ${new URL(url).host}${new URL(url).pathname}`;
      const work = () => send<T>(url, authorization, request, what, signal);
      return reach(work, what, { deadline: repeatable ? 60_000 : 0, signal });
    },
  };
}

/** Macaroons go with a scheme of their own (https://github.com/superfly/macaroon/blob/main/format.go). */
function authorizationOf(token: string): string {
  const bare = token.replace(/^(FlyV1|Bearer)\s+/i, '').trim();
  return /(^|,)\s*fm[12][ra]?_/.test(bare) ? `FlyV1 ${bare}` : `Bearer ${bare}`;
}

async function send<T>(
  url: string,
  authorization: string,
  { method, body, headers }: FlyRequest,
  what: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  const response = await openWeb(url, {
    method,
    headers: {
      authorization,
      'user-agent': 'gangway',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([AbortSignal.timeout(60_000), ...(signal ? [signal] : [])]),
  });
  const text = await response.text();
  if (!response.ok) throw new FlyError(response.status, text, what, response.headers.get('fly-request-id'));
  try {
    return (text === '' ? {} : JSON.parse(text)) as T;
  } catch {
    // Some paths answer `ok`.
    return {} as T;
  }
}

function words(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as { error?: unknown; message?: unknown };
    const said = error ?? message;
    if (said) return typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    // A page of a front end, or nothing.
  }
  return (
    body
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300) || 'no message'
  );
}

function cure(status: number, detail: string): string | undefined {
  if (status === 401) return 'check the token: Fly does not know it, or it was revoked';
  if (status === 403)
    return 'give a token that may do this: "fly tokens create deploy --app APP" makes one for an app';
  if (status === 422 && /payment|billing|card/i.test(detail))
    return "look at the organization's billing on fly.io";
  if (status === 429) return 'wait a while: Fly limits how often its API may be asked';
  if (/insufficient|capacity/i.test(detail)) return 'try again later, or in another region';
  return undefined;
}
