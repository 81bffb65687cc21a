import { service } from '../../contracts.ts';
import { iamCredentialsRoutes } from './iam-credentials.ts';

/** The IAM Service Account Credentials API v1 (https://cloud.google.com/iam/docs/reference/credentials/rest). */
export const iamCredentials = service({
  name: 'iamcredentials.googleapis.com',
  title: 'IAM Service Account Credentials API',
  enabled: true,
  // As for IAM.
  scopes: { full: ['iam'] },
  needs: ['accounts', 'tokens', 'idTokens'],
  routes: iamCredentialsRoutes,
  // google-github-actions' own name for its endpoints.
  env: ({ origin }) => ({ GHA_ENDPOINT_OVERRIDE_iamcredentials: `${origin}/iamcredentials/v1` }),
});
