import { readFile } from 'node:fs/promises';
import { endpoint } from '@gangway/google-cloud';

/** As whom a machine acts at Google. */
export interface GoogleIdentity {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly provider: string;
  /** E-mail address of the account to act as; without one the machine acts as itself. */
  readonly serviceAccount: string | undefined;
  /** Where libraries get the machine's OIDC token: from a script they run, or from a file that something in the machine keeps fresh. */
  readonly source: 'executable' | 'file';
}

/** What a machine needs for its identity. */
export interface IdentityParts {
  /** Texts by their path in the machine. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

const CONFIGURATION = '/etc/gangway/google.json';
const SCRIPT = '/etc/gangway/fly-oidc-token';
/** Where the service of the example keeps it. */
const TOKEN = '/run/fly-oidc/token';

/**
 * The files and the environment with which Google's libraries in a machine sign in by the machine's own OIDC token. There is no
 * secret in them.
 *
 * @see https://google.aip.dev/auth/4117
 * @see https://fly.io/docs/security/openid-connect/
 */
export async function identityParts({
  provider,
  serviceAccount,
  source,
}: GoogleIdentity): Promise<IdentityParts> {
  const impersonation = `v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`;
  const configuration = {
    universe_domain: 'googleapis.com',
    type: 'external_account',
    audience: `//iam.googleapis.com/${provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: new URL('v1/token', endpoint('sts')).href,
    ...(serviceAccount && {
      service_account_impersonation_url: new URL(impersonation, endpoint('iamcredentials')).href,
    }),
    credential_source:
      source === 'file'
        ? { file: TOKEN, format: { type: 'text' } }
        : { executable: { command: `/bin/sh ${SCRIPT}`, timeout_millis: 15_000 } },
  };
  // The bundler takes a #! line off.
  const script = await readFile(new URL('./fly-oidc-token.sh', import.meta.url), 'utf8');
  return {
    files: {
      [CONFIGURATION]: `${JSON.stringify(configuration, null, 2)}\n`,
      ...(source === 'executable' && { [SCRIPT]: `#!/bin/sh\n${script}` }),
    },
    env: {
      GOOGLE_APPLICATION_CREDENTIALS: CONFIGURATION,
      ...(source === 'executable' && { GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1' }),
    },
  };
}
