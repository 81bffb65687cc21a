import { withheld } from '@gangway/action';
import { ActionError } from '@gangway/action/error';
import type { GoogleInputs } from './inputs.ts';
import { defaultCredentials, defaultProject } from './sources/default-credentials.ts';
import { fileCredentials } from './sources/file-credentials.ts';
import type { Identity, Source, Surroundings } from './sources/source.ts';
import { workloadIdentity } from './sources/workload-identity.ts';
import { TokenClient } from './tokens/token-client.ts';
import { meantUniverse } from './universe.ts';

export interface Credentials {
  /** Adds a fresh access token to every request. */
  readonly client: TokenClient;
  /** Who is acting and by what means, for the log. */
  readonly source: string;
  /** The same for who explains a refusal. */
  readonly identity: Identity;
  readonly projectId: string;
}

/**
 * Finds the credentials: workload_identity_provider, else credentials_json, else Application Default Credentials.
 * Asks for no token yet.
 *
 * @throws ActionError when no credentials or no project are found
 */
export async function authenticate(inputs: GoogleInputs, surroundings: Surroundings): Promise<Credentials> {
  const source = await find(inputs, {
    ...surroundings,
    universeDomain: meantUniverse(inputs.universeDomain),
  });
  const projectId = inputs.projectId ?? source.projectId ?? (await defaultProject());
  if (!projectId) {
    throw new ActionError(
      `Input "project_id" is empty, and neither the credentials (${source.description}) nor the environment name a project.`,
      { code: 'input-missing', hint: 'set project_id under "with:"' },
    );
  }
  return {
    client: new TokenClient(source, surroundings),
    source: source.description,
    identity: source.identity(),
    projectId,
  };
}

async function find(
  { workloadIdentityProvider: provider, serviceAccount, delegates, credentialsJson }: GoogleInputs,
  surroundings: Surroundings,
): Promise<Source> {
  if (provider) return workloadIdentity({ provider, serviceAccount, delegates }, surroundings);
  if (credentialsJson) return fileCredentials(credentialsJson, 'Input "credentials_json"', surroundings);
  const source = await defaultCredentials(surroundings);
  if (source) return source;
  const reason = withheld();
  throw new ActionError(
    `There are no Google credentials: the inputs "workload_identity_provider" and "credentials_json" are both empty, and neither GOOGLE_APPLICATION_CREDENTIALS, nor gcloud, nor a metadata server has any.${reason ? ` ${reason.what}` : ''}`,
    {
      code: 'no-credentials',
      hint: reason
        ? reason.cure
        : 'set workload_identity_provider, which needs no key. If the workflow sets it, or credentials_json, from a secret or a variable, that one is empty here: its name is misspelled, it belongs to an environment that the job does not name under "environment:", or a calling workflow does not pass it on',
    },
  );
}
