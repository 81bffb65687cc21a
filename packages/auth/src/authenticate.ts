import { ActionError } from '@gangway/action/error';
import type { AuthClient } from 'google-auth-library';
import { credentialsFromJson } from './credentials-json.ts';
import { defaultCredentials } from './default-credentials.ts';
import type { GoogleInputs } from './inputs.ts';
import { TokenClient } from './token-client.ts';
import { workloadIdentity } from './workload-identity.ts';

export interface Surroundings {
  /** GitHub's OIDC token of the job for an audience. */
  readonly idToken: (audience: string) => Promise<string>;
  /** Called with every token the moment it exists. */
  readonly mask: (secret: string) => void;
  readonly signal?: AbortSignal;
}

export interface Credentials {
  /** Adds a fresh access token to every request. */
  readonly client: TokenClient;
  /** Who is acting and by what means, for the log. */
  readonly source: string;
  readonly projectId: string;
}

/** A way to tokens: a client of google-auth-library, and what it is. */
export interface Source {
  readonly client: AuthClient;
  readonly description: string;
  readonly projectId: string | undefined;
}

/**
 * Finds the credentials: workload_identity_provider, else credentials_json, else Application Default Credentials.
 * Asks for no token yet.
 *
 * @throws ActionError when no credentials or no project are found
 */
export async function authenticate(inputs: GoogleInputs, surroundings: Surroundings): Promise<Credentials> {
  const source = await find(inputs, surroundings);
  const projectId =
    inputs.projectId ??
    source.projectId ??
    process.env.GOOGLE_CLOUD_PROJECT ??
    process.env.CLOUDSDK_CORE_PROJECT;
  if (!projectId) {
    throw new ActionError('Input "project_id" is empty, and the credentials do not tell a project.', {
      code: 'input-missing',
      hint: 'set project_id under "with:"',
    });
  }
  return { client: new TokenClient(source, surroundings), source: source.description, projectId };
}

function find(
  { workloadIdentityProvider, serviceAccount, credentialsJson }: GoogleInputs,
  surroundings: Surroundings,
): Source | Promise<Source> {
  if (workloadIdentityProvider)
    return workloadIdentity(workloadIdentityProvider, serviceAccount, surroundings.idToken);
  if (credentialsJson) return credentialsFromJson(credentialsJson, surroundings.mask);
  return defaultCredentials();
}
