import { ActionError } from '@gangway/action/error';
import { GoogleError } from './error.ts';

/** Who acts in which project, as far as it is known before anything is asked. */
export interface Actor {
  readonly projectId: string;
  /** E-mail address of the account that is acted as. */
  readonly serviceAccount?: string | undefined;
  /** Full name of the provider through which the job's own identity acts, where there is no account. */
  readonly workloadIdentityProvider?: string | undefined;
}

/**
 * Does some work; an error in which Google names a missing permission gets the command that grants it.
 *
 * @throws ActionError with the permission, the principal and the command in its hint; any other error as it came
 */
export async function explaining<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, actor);
  }
}

/** The least of the predefined roles that hold what the actions need, by how the permission begins. */
const ROLES: readonly (readonly [permission: RegExp, role: string])[] = [
  [/^apigateway\./, 'roles/apigateway.admin'],
  [/^apikeys\./, 'roles/serviceusage.apiKeysAdmin'],
  [
    /^artifactregistry\.repositories\.(create|update|delete|[gs]etIamPolicy)$/,
    'roles/artifactregistry.admin',
  ],
  [/^artifactregistry\.(repositories\.uploadArtifacts|tags\.)/, 'roles/artifactregistry.writer'],
  [/^artifactregistry\./, 'roles/artifactregistry.reader'],
  [/^secretmanager\.versions\.access$/, 'roles/secretmanager.secretAccessor'],
  [/^secretmanager\.versions\.add$/, 'roles/secretmanager.secretVersionAdder'],
  [/^secretmanager\./, 'roles/secretmanager.admin'],
  [/^serviceusage\.services\.(get|list)$/, 'roles/serviceusage.serviceUsageConsumer'],
  [/^serviceusage\./, 'roles/serviceusage.serviceUsageAdmin'],
  [/^servicemanagement\.services\.bind$/, 'roles/servicemanagement.serviceConsumer'],
];

function explain(error: unknown, actor: Actor): unknown {
  if (!(error instanceof ActionError)) return error;
  // An action may have said more about what Google said.
  const google = error instanceof GoogleError ? error : error.cause;
  if (!(google instanceof GoogleError)) return error;
  const permission = permissionIn(google.detail);
  const hint = permission ? grant(permission, google.detail, actor) : cure(google.detail, actor);
  if (!hint) return error;
  return new ActionError(error.message, { code: error.code, hint, cause: error });
}

function permissionIn(detail: string): string | undefined {
  const named = /\b[Pp]ermission ['"]([\w.]+)['"]|does not have ([\w.]+) access/.exec(detail);
  if (named) return named[1] ?? named[2];
  if (/Permission denied to enable service/i.test(detail)) return 'serviceusage.services.enable';
  if (/Permission denied to get service/i.test(detail)) return 'serviceusage.services.get';
  // The API does not tell a service that is not there from one that the caller may not consume.
  if (/not found or permission denied for service/i.test(detail)) return 'servicemanagement.services.bind';
  return undefined;
}

function grant(permission: string, detail: string, actor: Actor): string {
  const { who, member } = principalOf(actor);
  if (permission === 'iam.serviceAccounts.actAs') {
    const account = /serviceAccounts\/([^'"\s]+)/.exec(detail)?.[1] ?? 'SERVICE_ACCOUNT';
    return `let ${who} act as ${account}: gcloud iam service-accounts add-iam-policy-binding ${account} --project=${actor.projectId} --member="${member}" --role=roles/iam.serviceAccountUser`;
  }
  const role = ROLES.find(([pattern]) => pattern.test(permission))?.[1];
  const what = `grant a role with the permission ${permission} to ${who}`;
  if (!role) return what;
  return `${what}: gcloud projects add-iam-policy-binding ${actor.projectId} --member="${member}" --role=${role}`;
}

function cure(detail: string, { projectId }: Actor): string | undefined {
  const account = /Service Account "(?:[^"]*\/)?([^"/]+)" does not exist/i.exec(detail)?.[1];
  if (!account) return undefined;
  const [name = '', domain = ''] = account.split('@');
  if (domain === `${projectId}.iam.gserviceaccount.com`)
    return `check gateway_service_account, or make the account: gcloud iam service-accounts create ${name} --project=${projectId}`;
  return 'set gateway_service_account to a service account that exists; API Gateway takes the default account of Compute Engine where none is named';
}

function principalOf({ serviceAccount, workloadIdentityProvider }: Actor): { who: string; member: string } {
  if (serviceAccount) return { who: serviceAccount, member: `serviceAccount:${serviceAccount}` };
  const pool = workloadIdentityProvider?.replace(/\/providers\/[^/]+$/, '');
  const repository = process.env.GITHUB_REPOSITORY;
  if (pool) {
    const member = `principalSet://iam.googleapis.com/${pool}/attribute.repository/${repository ?? 'OWNER/REPOSITORY'}`;
    return { who: `the jobs of ${repository ?? 'this repository'}`, member };
  }
  return { who: 'the account that deploys', member: 'serviceAccount:ACCOUNT' };
}
