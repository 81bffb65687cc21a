import { endpoint, tokenEndpoint } from '@gangway/google-cloud';
import { gaxios } from 'google-auth-library';
import type { Token } from './source.ts';

export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

const TIMEOUT = 30_000;
/** Seconds that an impersonated token lives: the longest that needs no policy exception. */
const LIFETIME = 3600;

export interface Impersonation {
  /** E-mail address. */
  readonly serviceAccount: string;
  /** E-mail addresses of the service accounts to go through, in order. */
  readonly delegates?: readonly string[];
  /** Where to ask, when a credential configuration says so. */
  readonly url?: URL | undefined;
}

/**
 * A service account's access token, asked for with another's.
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
export async function impersonate(
  { serviceAccount, delegates = [], url }: Impersonation,
  token: string,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<Token> {
  const asked = now();
  const path = `v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`;
  const names = delegates.map((email) => `projects/-/serviceAccounts/${email}`);
  const { accessToken } = await post<{ accessToken: string }>(
    url ?? new URL(path, endpoint('iamcredentials')),
    { scope: [CLOUD_PLATFORM], lifetime: `${LIFETIME}s`, ...(names.length > 0 && { delegates: names }) },
    signal,
    token,
  );
  // The answer's own expireTime is by Google's clock, which this runner's need not follow.
  return { token: accessToken, expires: asked + LIFETIME * 1000 };
}

/**
 * Asks a token service. By gaxios rather than fetch: it goes through HTTPS_PROXY and heeds NO_PROXY on every Node.
 * Tried once; the token client's retry policy holds for all.
 */
export async function post<T>(
  url: URL,
  data: URLSearchParams | object,
  signal: AbortSignal | undefined,
  token?: string,
): Promise<T> {
  const response = await gaxios.request<T>({
    url: url.href,
    method: 'POST',
    data,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    responseType: 'json',
    retry: false,
    timeout: TIMEOUT,
    ...(signal && { signal }),
  });
  return response.data;
}

/** Google's own token services by gcloud's overrides, which credential files do not know; anything else as it is. */
export function redirected(url: URL): URL {
  if (url.href === 'https://oauth2.googleapis.com/token') return tokenEndpoint();
  const path = url.pathname.slice(1);
  if (url.host === 'sts.googleapis.com') return new URL(path, endpoint('sts'));
  if (url.host === 'iamcredentials.googleapis.com') return new URL(path, endpoint('iamcredentials'));
  return url;
}

/** The project in `NAME@PROJECT.iam.gserviceaccount.com`. */
export function projectOf(email: string): string | undefined {
  return /@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
}
