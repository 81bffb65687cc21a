import { endpoint } from '@gangway/google-cloud';
import { IdentityPoolClient } from 'google-auth-library';
import type { Source } from './authenticate.ts';

/** Renew a token this long before it ends: the library's five minutes are a direct federated token's whole life. */
export const RENEW_BEFORE = 60_000;

export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Workload Identity Federation: GitHub's OIDC token for a Google access token, directly or by impersonating a
 * service account (https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines).
 *
 * @param provider `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`
 */
export function workloadIdentity(
  provider: string,
  serviceAccount: string | undefined,
  idToken: (audience: string) => Promise<string>,
): Source {
  const client = new IdentityPoolClient({
    type: 'external_account',
    audience: `//iam.googleapis.com/${provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: new URL('v1/token', endpoint('sts')).href,
    subject_token_supplier: { getSubjectToken: () => idToken(`https://iam.googleapis.com/${provider}`) },
    ...(serviceAccount && {
      service_account_impersonation_url: new URL(
        `v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`,
        endpoint('iamcredentials'),
      ).href,
    }),
    scopes: [CLOUD_PLATFORM],
    eagerRefreshThresholdMillis: RENEW_BEFORE,
  });
  const through = `Workload Identity Federation (${provider})`;
  return {
    client,
    description: serviceAccount ? `${serviceAccount} through ${through}` : through,
    projectId: serviceAccount && projectOf(serviceAccount),
  };
}

/** The project in `NAME@PROJECT.iam.gserviceaccount.com`. */
export function projectOf(email: string): string | undefined {
  return /@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
}
