import { ActionError } from '@gangway/action/error';
import { GoogleAuth } from 'google-auth-library';
import type { Source } from './authenticate.ts';
import { redirectTokenRequests } from './credentials-json.ts';
import { CLOUD_PLATFORM } from './workload-identity.ts';

/**
 * Application Default Credentials: GOOGLE_APPLICATION_CREDENTIALS (which google-github-actions/auth sets),
 * gcloud's own file, the metadata server (https://cloud.google.com/docs/authentication/application-default-credentials).
 *
 * @throws ActionError `no-credentials` when there are none
 */
export async function defaultCredentials(): Promise<Source> {
  const auth = new GoogleAuth({ scopes: [CLOUD_PLATFORM] });
  try {
    const client = await auth.getClient();
    redirectTokenRequests(client);
    const file = process.env.GOOGLE_APPLICATION_CREDENTIALS;
    return {
      client,
      description: `Application Default Credentials${file ? ` (${file})` : ''}`,
      projectId: (await auth.getProjectId().catch(() => undefined)) ?? undefined,
    };
  } catch (cause) {
    throw new ActionError(
      'There are no Google credentials: workload_identity_provider and credentials_json are empty, and no Application Default Credentials were found.',
      {
        code: 'no-credentials',
        hint: 'set workload_identity_provider (best: no key at all); if it is set from a secret or variable, that one is empty here, as secrets are in pull requests from forks',
        cause,
      },
    );
  }
}
