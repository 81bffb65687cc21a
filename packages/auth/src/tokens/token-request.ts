import { endpoint, GOOGLE_UNIVERSE, tokenEndpoint } from '@gangway/google-cloud';
import { fields, LIMITS, pageText, type Reader, readJson, send, token as tokenText } from '@gangway/http';
import type { Token, Wanted } from '../sources/source.ts';

export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

const ACCESS_TOKEN = fields<{ accessToken: string }>({ accessToken: tokenText }, 'accessToken');
const ID_TOKEN = fields<{ token: string }>({ token: tokenText }, 'token');
const TIMEOUT = 30_000;
/** Seconds that an impersonated token lives: the longest that needs no policy exception. */
const LIFETIME = 3600;

export interface Impersonation {
  /** E-mail address. */
  readonly serviceAccount: string;
  /** E-mail addresses of the service accounts to go through, in order. */
  readonly delegates?: readonly string[];
  /** Where to ask, when a credential configuration says so; it ends with `:generateAccessToken`. */
  readonly url?: URL | undefined;
  readonly universe: string;
}

/** What a request for a token needs of its surroundings. */
interface Asking {
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

/**
 * A service account's access token, asked for with another's.
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
export async function impersonate(
  impersonation: Impersonation,
  token: string,
  { scopes, lifetime = LIFETIME }: Wanted = { scopes: [CLOUD_PLATFORM] },
  { now, signal }: Asking,
): Promise<Token> {
  const asked = now();
  const { accessToken } = await post(
    urlOf(impersonation, 'generateAccessToken'),
    { scope: scopes, lifetime: `${lifetime}s`, ...delegatesOf(impersonation) },
    ACCESS_TOKEN,
    signal,
    token,
  );
  // The answer's own expireTime is by Google's clock, which this runner's need not follow.
  return { token: accessToken, expires: asked + lifetime * 1000 };
}

/**
 * A service account's ID token for an audience, its e-mail address in it, asked for with another's access token.
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken
 */
export async function impersonateIdToken(
  impersonation: Impersonation,
  token: string,
  audience: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const answer = await post(
    urlOf(impersonation, 'generateIdToken'),
    { audience, includeEmail: true, ...delegatesOf(impersonation) },
    ID_TOKEN,
    signal,
    token,
  );
  return answer.token;
}

function urlOf({ serviceAccount, url, universe }: Impersonation, method: string): URL {
  if (url) return new URL(url.href.replace(/:generateAccessToken$/, `:${method}`));
  return new URL(
    `v1/projects/-/serviceAccounts/${serviceAccount}:${method}`,
    endpoint('iamcredentials', universe),
  );
}

function delegatesOf({ delegates = [] }: Impersonation): { delegates?: string[] } {
  const names = delegates.map((email) => `projects/-/serviceAccounts/${email}`);
  return names.length > 0 ? { delegates: names } : {};
}

/** A token service's refusal: what it said, for {@link explain}. */
export class TokenRefusal extends Error {
  readonly response: { readonly status: number; readonly data: unknown; readonly headers: Headers };

  constructor(status: number, body: string, headers: Headers) {
    super(
      `Request failed with status code ${status}${/^\s*</.test(body) ? ` and a web page: ${pageText(body)}` : ''}`,
    );
    this.name = 'TokenRefusal';
    this.response = { status, data: parsed(body), headers };
  }
}

/**
 * Asks a token service: once, as the token client's retry policy holds for all; where it was told to, as no redirect is followed.
 *
 * @param answer what the answer must be like
 * @throws TokenRefusal when it refuses, RequestFailure when there is no answer, or none that fits
 */
export async function post<T>(
  url: URL,
  data: URLSearchParams | object,
  answer: Reader<T>,
  signal: AbortSignal | undefined,
  token?: string,
): Promise<T> {
  const isForm = data instanceof URLSearchParams;
  const response = await send(url, {
    method: 'POST',
    body: isForm ? data.toString() : JSON.stringify(data),
    headers: {
      accept: 'application/json',
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    timeout: TIMEOUT,
    limit: LIMITS.token,
    signal,
  });
  if (response.ok) return readJson(response, answer);
  throw new TokenRefusal(response.status, await response.beginning(LIMITS.excerpt), response.headers);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A proxy's page; its status says enough.
    return undefined;
  }
}

/** The universe's own token services by gcloud's overrides, which credential files do not know; anything else as it is. */
export function redirected(url: URL, universe = GOOGLE_UNIVERSE): URL {
  if (url.href === 'https://oauth2.googleapis.com/token') return tokenEndpoint();
  const path = url.pathname.slice(1);
  if (url.host === `sts.${universe}`) return new URL(path, endpoint('sts', universe));
  if (url.host === `iamcredentials.${universe}`) return new URL(path, endpoint('iamcredentials', universe));
  return url;
}

/**
 * The project in `NAME@PROJECT.iam.gserviceaccount.com`. A prefix of the project, of an old domain or of a universe, comes last
 * there: `NAME@my-project.example.com.iam…` is of `example.com:my-project`.
 */
export function projectOf(email: string): string | undefined {
  const [, project, prefix] =
    /@([a-z0-9-]+)(?:\.([a-z0-9.-]+))?\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
  return prefix ? `${prefix}:${project}` : project;
}
