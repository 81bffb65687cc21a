import { endpoint } from '@gangway/google-cloud';
import { gaxios } from 'google-auth-library';
import { claimsOf } from './claims.ts';
import type { Source, Surroundings, Token } from './source.ts';

export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

const TIMEOUT = 30_000;
/** Seconds that an impersonated token lives: the longest that needs no policy exception. */
const LIFETIME = 3600;
/** A federated token this close to its end is not worth impersonating with. */
const SPARE = 10_000;

export interface Federation {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly provider: string;
  /** E-mail address to impersonate; without it the federated identity itself acts. */
  readonly serviceAccount?: string | undefined;
  /** E-mail addresses of the service accounts to go through, in order. */
  readonly delegates?: readonly string[];
}

/**
 * Workload Identity Federation: GitHub's OIDC token for a Google access token, directly, by impersonating a service
 * account, or through a chain of them.
 *
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
export function workloadIdentity(
  { provider, serviceAccount, delegates = [] }: Federation,
  { idToken, mask, signal, now = Date.now }: Surroundings,
): Source {
  const through = `Workload Identity Federation (${provider})`;
  const via = delegates.length > 0 ? ` by way of ${delegates.join(', ')}` : '';
  const description = serviceAccount ? `${serviceAccount}${via} through ${through}` : through;
  let claims: Readonly<Record<string, unknown>> | undefined;
  let federated: Token | undefined;

  const federate = async (): Promise<Token> => {
    const asked = now();
    const subjectToken = await idToken(`https://iam.googleapis.com/${provider}`);
    claims = claimsOf(subjectToken);
    const answer = await post<{ access_token: string; expires_in?: number }>(
      new URL('v1/token', endpoint('sts')),
      new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        audience: `//iam.googleapis.com/${provider}`,
        scope: CLOUD_PLATFORM,
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        subject_token: subjectToken,
      }),
      signal,
    );
    mask(answer.access_token);
    return { token: answer.access_token, expires: asked + (answer.expires_in ?? LIFETIME) * 1000 };
  };

  return {
    description,
    projectId: serviceAccount && projectOf(serviceAccount),
    identity: () => ({ description, provider, serviceAccount, delegates, claims }),
    async fetch() {
      if (!serviceAccount) return federate();
      // A denied impersonation is tried again with what the exchange before it gave.
      if (!federated || now() > federated.expires - SPARE) federated = await federate();
      const asked = now();
      const answer = await post<{ accessToken: string }>(
        new URL(
          `v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`,
          endpoint('iamcredentials'),
        ),
        {
          scope: [CLOUD_PLATFORM],
          lifetime: `${LIFETIME}s`,
          ...(delegates.length > 0 && {
            delegates: delegates.map((email) => `projects/-/serviceAccounts/${email}`),
          }),
        },
        signal,
        federated.token,
      );
      // The answer's own expireTime is by Google's clock, which this runner's need not follow.
      return { token: answer.accessToken, expires: asked + LIFETIME * 1000 };
    },
  };
}

/** The project in `NAME@PROJECT.iam.gserviceaccount.com`. */
export function projectOf(email: string): string | undefined {
  return /@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
}

/** gaxios rather than fetch: it goes through HTTPS_PROXY and heeds NO_PROXY on every Node. */
async function post<T>(
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
