import type { Identity } from '../sources/source.ts';
import { projectOf } from '../tokens/token-request.ts';

/** Who asked Google, as IAM writes members (https://cloud.google.com/iam/docs/principal-identifiers). */
export function principalOf({ provider, claims, description }: Identity): string {
  if (!provider) return description;
  return `principal://iam.googleapis.com/${poolOf(provider)}/subject/${claims?.sub ?? 'SUBJECT'}`;
}

/**
 * The commands that let a job act as its service account: workloadIdentityUser for all jobs of the repository on the
 * first account of the way, serviceAccountTokenCreator from each account to the next.
 */
export function grants({ provider, serviceAccount, delegates = [], claims }: Identity): string[] {
  const way = [...delegates, ...(serviceAccount ? [serviceAccount] : [])];
  const member =
    provider &&
    `principalSet://iam.googleapis.com/${poolOf(provider)}/attribute.repository/${claims?.repository ?? 'OWNER/REPOSITORY'}`;
  return way.flatMap((email, index) => {
    const from = index === 0 ? member : `serviceAccount:${way[index - 1]}`;
    if (!from) return [];
    // Going through an account takes more than signing in as it does.
    const role = way.length === 1 ? 'roles/iam.workloadIdentityUser' : 'roles/iam.serviceAccountTokenCreator';
    return [
      `gcloud iam service-accounts add-iam-policy-binding ${email}${projectFlag(email)} --role=${role} --member='${from}'`,
    ];
  });
}

/** `gcloud iam workload-identity-pools providers VERB …` for a provider. */
export function providerCommand(
  verb: 'describe' | 'list' | 'update-oidc',
  provider = '',
  flags: string,
): string {
  const [, project, , , , pool, , name] = provider.split('/');
  const at = `--project=${project} --location=global --workload-identity-pool=${pool}`;
  return `gcloud iam workload-identity-pools providers ${verb} ${verb === 'list' ? '' : `${name} `}${at} ${flags}`;
}

/** `gcloud iam service-accounts VERB …` for the account that is meant. */
export function accountCommand(
  verb: 'list' | 'enable' | 'keys list',
  { serviceAccount = 'ACCOUNT' }: Identity,
): string {
  const of = { list: '', enable: ` ${serviceAccount}`, 'keys list': ` --iam-account=${serviceAccount}` }[
    verb
  ];
  return `gcloud iam service-accounts ${verb}${of}${projectFlag(serviceAccount)}`;
}

function projectFlag(email: string): string {
  const project = projectOf(email);
  return project ? ` --project=${project}` : '';
}

function poolOf(provider: string): string {
  return provider.replace(/\/providers\/.*$/, '');
}
