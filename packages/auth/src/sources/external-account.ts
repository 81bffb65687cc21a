import {
  AwsClient,
  type BaseExternalAccountClient,
  IdentityPoolClient,
  PluggableAuthClient,
} from 'google-auth-library';
import { redirected } from '../tokens/token-request.ts';
import { asked, byDoor, librarySource } from './library-source.ts';
import type { CredentialsFile } from './parse-credentials.ts';
import type { Identity, Source, Surroundings } from './source.ts';
import { workloadIdentity } from './workload-identity.ts';

/**
 * A configuration of type `external_account`, which google-github-actions/auth leaves too. The library gets the
 * subject token, from wherever the configuration says; the exchange is ours.
 *
 * @see https://google.aip.dev/auth/4117
 */
export function externalAccount(
  file: CredentialsFile,
  { description, serviceAccount }: Identity,
  projectId: string | undefined,
  surroundings: Surroundings,
): Source {
  const client = byDoor(subjectTokens(file));
  const provider = /^\/\/iam\.googleapis\.com\/(projects\/.*)$/.exec(file.audience ?? '')?.[1];
  // A workforce pool has a billing project to name and more; the library knows how.
  if (!provider) return librarySource({ client }, { description, serviceAccount }, projectId, surroundings);
  const { service_account_impersonation_url: impersonation } = file;
  const { universeDomain } = surroundings;
  const source = workloadIdentity(
    {
      provider,
      serviceAccount,
      subjectTokenType: String(file.subject_token_type),
      tokenUrl: redirected(new URL(String(file.token_url)), universeDomain),
      impersonationUrl: impersonation ? redirected(new URL(impersonation), universeDomain) : undefined,
    },
    {
      ...surroundings,
      async idToken() {
        const token = await asked(() => client.retrieveSubjectToken());
        surroundings.mask(token);
        return token;
      },
    },
  );
  return { ...source, description, projectId };
}

/** Which client a credential source asks for; the library's own choice of it warns in the log at every use. */
function subjectTokens(file: CredentialsFile): BaseExternalAccountClient {
  const { credential_source: source } = file as { credential_source?: Record<string, unknown> };
  // Each checks by itself the fields that it needs.
  const options: unknown = file;
  if (source?.environment_id) return new AwsClient(options as ConstructorParameters<typeof AwsClient>[0]);
  if (source?.executable)
    return new PluggableAuthClient(options as ConstructorParameters<typeof PluggableAuthClient>[0]);
  return new IdentityPoolClient(options as ConstructorParameters<typeof IdentityPoolClient>[0]);
}
