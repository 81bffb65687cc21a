import { getIDToken } from '@actions/core';
import { ActionError } from './error.ts';
import { withheld } from './withheld.ts';

/**
 * GitHub's OIDC token of this job for an audience, masked
 * (https://docs.github.com/en/actions/concepts/security/openid-connect).
 *
 * @throws ActionError `oidc-unavailable`, `fork-pull-request` or `dependabot` when the job may not ask for one,
 *   `oidc-refused` when GitHub refuses it, `oidc-failed` when another try may succeed
 */
export async function githubIdToken(audience: string): Promise<string> {
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL || !process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) {
    const reason = withheld();
    throw new ActionError(
      `This job cannot ask GitHub for an OIDC token, which workload_identity_provider needs. ${reason?.what ?? 'Its permissions lack "id-token: write".'}`,
      {
        code: reason?.code ?? 'oidc-unavailable',
        hint:
          reason?.cure ??
          'add to the job, and to the job that calls it if it is a reusable workflow:\n  permissions:\n    contents: read\n    id-token: write',
      },
    );
  }
  try {
    return await getIDToken(audience);
  } catch (cause) {
    const status = /Error Code : (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    if (status && /^4(?!08|25|29)/.test(status)) {
      throw new ActionError(`GitHub refuses this job an OIDC token (HTTP ${status}).`, {
        code: 'oidc-refused',
        hint: 'run the job again: what it asks with ends with the job, and after six hours at the latest',
        cause,
      });
    }
    throw new ActionError(`GitHub did not answer with an OIDC token${status ? ` (HTTP ${status})` : ''}.`, {
      code: 'oidc-failed',
      hint: 'run the job again; if it keeps failing, look at www.githubstatus.com',
      cause,
    });
  }
}
