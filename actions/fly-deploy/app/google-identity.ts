import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ActionError, input, invalid } from '@gangway/action';
import { isProviderName, isServiceAccount } from '@gangway/auth';
import { type GoogleIdentity, identityParts } from '@gangway/fly';

/** What of an identity flyctl puts into the machines. */
export interface Identity {
  /** Files on this runner by their path in a machine. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** All of it, for telling whether anything changed. */
  readonly text: string;
}

/** Reads as whom the machines act at Google; undefined when they are not to. */
export function readGoogleIdentity(): GoogleIdentity | undefined {
  const provider = input
    .optional('google_workload_identity_provider')
    ?.replace(/^(https:)?\/\/iam\.googleapis\.com\//, '');
  const serviceAccount = input.optional('google_service_account');
  const source = input.choice('google_credential_source', ['executable', 'file']);
  if (serviceAccount && !isServiceAccount(serviceAccount))
    throw invalid('google_service_account', serviceAccount, 'write NAME@PROJECT.iam.gserviceaccount.com');
  if (provider && !isProviderName(provider)) {
    throw invalid(
      'google_workload_identity_provider',
      provider,
      'write it in full, with the project number: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER',
    );
  }
  if (serviceAccount && !provider) {
    throw new ActionError(
      `Input "google_service_account" is "${serviceAccount}", but "google_workload_identity_provider" is empty.`,
      {
        code: 'input-conflict',
        hint: 'set it to the provider that takes the OIDC tokens of your Fly.io organization; if it comes from a variable, that one is empty here',
      },
    );
  }
  return provider ? { provider, serviceAccount, source } : undefined;
}

/** Writes what the machines get where flyctl can read it. */
export async function writeIdentity(
  identity: GoogleIdentity | undefined,
  scratch: string,
): Promise<Identity | undefined> {
  if (!identity) return undefined;
  const { files, env } = await identityParts(identity);
  const folder = join(scratch, 'google');
  await mkdir(folder, { recursive: true });
  const local: Record<string, string> = {};
  for (const [path, text] of Object.entries(files)) {
    local[path] = join(folder, basename(path));
    await writeFile(join(folder, basename(path)), text);
  }
  return { files: local, env, text: JSON.stringify([files, env]) };
}
