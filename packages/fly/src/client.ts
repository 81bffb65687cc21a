import { ActionError } from '@gangway/action/error';
import {
  type Answer,
  LIMITS,
  pageText,
  parseRetryAfter,
  type Reader,
  reach,
  readJson,
  send,
  unexpected,
} from '@gangway/http';
import { type FlyEndpoints, flyEndpoints } from './endpoints.ts';

interface FlyRequest<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the endpoint, e.g. `/v1/apps/hello`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the answer must be like; one that is not is an error. `done`: nothing is read from it. */
  readonly answer: Reader<T> | 'done';
  /** Which of Fly's APIs; default `machines`. */
  readonly endpoint?: keyof Pick<FlyEndpoints, 'machines' | 'api'>;
  /** Whether it may be sent again when the network or Fly failed; default all but POST. */
  readonly repeatable?: boolean;
}

/** Authorised calls to Fly's APIs: one retry policy, one error. */
export interface Fly {
  /**
   * Sends a request and returns the parsed JSON answer.
   * @throws FlyError when the API refuses; RequestFailure when there is no answer, or none that fits
   */
  request<T>(request: FlyRequest<T>): Promise<T>;
}

/** An error that one of Fly's APIs answered with: `{"error": "…", "status": "…"}`. */
export class FlyError extends ActionError {
  readonly httpStatus: number;
  /** Fly's own words. */
  readonly detail: string;
  /** Where the shared retry policy looks for the status. */
  readonly response: { readonly status: number };
  /** What Retry-After asked for, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(httpStatus: number, body: string, request: string, headers: Headers) {
    const requestId = headers.get('fly-request-id');
    const detail = words(body);
    super(`${request}: ${httpStatus}: ${detail}${requestId ? ` (fly-request-id ${requestId})` : ''}`, {
      code: 'fly-api',
      hint: cure(httpStatus, detail),
    });
    this.name = 'FlyError';
    this.httpStatus = httpStatus;
    this.detail = detail;
    this.response = { status: httpStatus };
    this.retryAfter = parseRetryAfter(headers.get('retry-after'));
  }
}

/** Whether an error is an answer of Fly's with one of these HTTP statuses. */
export function isFlyError(error: unknown, ...statuses: readonly number[]): error is FlyError {
  return error instanceof FlyError && statuses.includes(error.httpStatus);
}

/**
 * @param token as flyctl takes it: one token, or several separated by commas, with or without their scheme
 * @param signal stops waiting
 * @see https://docs.machines.dev
 */
export function flyClient(token: string, signal?: AbortSignal): Fly {
  const endpoints = flyEndpoints();
  const authorization = authorizationOf(token);
  return {
    request<T>(request: FlyRequest<T>): Promise<T> {
      const { method, path, endpoint = 'machines', repeatable = method !== 'POST' } = request;
      const url = `${endpoints[endpoint]}${path}`;
      const work = () => ask(url, authorization, request, signal);
      return reach(work, { deadline: repeatable ? 60_000 : 0, signal });
    },
  };
}

/** Macaroons go with a scheme of their own (https://github.com/superfly/macaroon/blob/main/format.go). */
function authorizationOf(token: string): string {
  const bare = token.replace(/^(FlyV1|Bearer)\s+/i, '').trim();
  return /(^|,)\s*fm[12][ra]?_/.test(bare) ? `FlyV1 ${bare}` : `Bearer ${bare}`;
}

async function ask<T>(
  url: string,
  authorization: string,
  { method, body, headers, answer: reader, repeatable = method !== 'POST' }: FlyRequest<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const answer = await send(url, {
    method,
    headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    fresh: !repeatable,
    signal,
  });
  if (!answer.ok) throw await refusalOf(answer);
  return reader === 'done' ? done<T>(answer) : readJson(answer, reader);
}

/** Some paths answer `ok`, or nothing; a web page is of something else, which did nothing. */
async function done<T>(answer: Answer): Promise<T> {
  const text = await answer.beginning(LIMITS.excerpt);
  if (/^\s*</.test(text)) throw unexpected(answer.what, `it is a web page: ${pageText(text)}`);
  return undefined as T;
}

/** "Not found" of a proxy's page is not Fly's, and must not count as such. */
async function refusalOf(answer: Answer): Promise<Error> {
  const { status, what, headers } = answer;
  const body = await answer.beginning(LIMITS.excerpt);
  if (status < 500 && status !== 429 && status !== 408 && /^\s*</.test(body))
    return unexpected(what, `${status} with a web page: ${pageText(body)}`);
  return new FlyError(status, body, what, headers);
}

function words(body: string): string {
  try {
    const { error, message } = Object(JSON.parse(body)) as { error?: unknown; message?: unknown };
    const said = error ?? message;
    if (said) return typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    // A page of a front end, or nothing.
  }
  const page = body.slice(0, 4096);
  if (/^\s*</.test(page)) return pageText(page);
  return page.replace(/\s+/g, ' ').trim().slice(0, 300) || 'no message';
}

function cure(status: number, detail: string): string | undefined {
  if (status === 401) return 'check the token: Fly does not know it, or it was revoked';
  if (status === 403)
    return 'give a token that may do this: "fly tokens create deploy --app APP" makes one for an app';
  if (status === 422 && /payment|billing|card/i.test(detail))
    return "look at the organization's billing on fly.io";
  if (status === 429) return 'wait a while: Fly limits how often its API may be called';
  if (/insufficient|capacity/i.test(detail)) return 'try again later, or in another region';
  return undefined;
}
