import { getIDToken } from '@actions/core';
import { ActionError } from './error.ts';

/**
 * GitHub's OIDC token of this job for an audience
 * (https://docs.github.com/en/actions/concepts/security/openid-connect).
 *
 * @throws ActionError `oidc-unavailable` when the job may not ask for one
 */
export async function githubIdToken(audience: string): Promise<string> {
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL || !process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) {
    throw new ActionError(
      'This job cannot ask GitHub for an OIDC token, which workload_identity_provider needs.',
      {
        code: 'oidc-unavailable',
        hint: 'add "permissions: id-token: write" (and "contents: read") to the job; a pull request from a fork never gets one',
      },
    );
  }
  try {
    return await getIDToken(audience);
  } catch (cause) {
    throw new ActionError('GitHub did not answer with an OIDC token.', {
      code: 'oidc-failed',
      hint: 'run the job again; if it keeps failing, look at www.githubstatus.com',
      cause,
    });
  }
}
