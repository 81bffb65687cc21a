import type { Actor } from './actor.ts';

/** A permission that is missing, and where, as far as Google said. */
export interface Missing {
  readonly permission: string;
  /** Resource name, e.g. `projects/p/locations/l/repositories/r`. */
  readonly resource: string | undefined;
}

/** The least of the predefined roles that hold what the actions need, by how the permission begins. */
const ROLES: readonly (readonly [permission: RegExp, role: string])[] = [
  [/^apigateway\./, 'roles/apigateway.admin'],
  [/^apikeys\./, 'roles/serviceusage.apiKeysAdmin'],
  [
    /^artifactregistry\.(repositories\.(downloadArtifacts|get|list)|tags\.(get|list))$/,
    'roles/artifactregistry.reader',
  ],
  [
    /^artifactregistry\.(repositories\.uploadArtifacts|tags\.(create|update))$/,
    'roles/artifactregistry.writer',
  ],
  [/^artifactregistry\.repositories\.(create|update|delete|\w+IamPolicy)$/, 'roles/artifactregistry.admin'],
  [/^artifactregistry\./, 'roles/artifactregistry.repoAdmin'],
  [/^compute\.(firewalls\.(create|update|delete)|networks\.updatePolicy)$/, 'roles/compute.securityAdmin'],
  [/^compute\.(addresses|healthChecks)\.(create|delete|update)$/, 'roles/compute.networkAdmin'],
  [/^compute\./, 'roles/compute.instanceAdmin.v1'],
  [/^container\.clusters\.(connect|get|list)$/, 'roles/container.clusterViewer'],
  [/^container\./, 'roles/container.developer'],
  [/^gkehub\./, 'roles/gkehub.gatewayEditor'],
  [/^iam\.serviceAccounts\.getOpenIdToken$/, 'roles/iam.serviceAccountOpenIdTokenCreator'],
  [/^logging\./, 'roles/logging.viewer'],
  [/^run\.\w+\.setIamPolicy$/, 'roles/run.admin'],
  [/^run\.\w+\.(get|list)$/, 'roles/run.viewer'],
  [/^run\./, 'roles/run.developer'],
  [/^secretmanager\.versions\.access$/, 'roles/secretmanager.secretAccessor'],
  [/^secretmanager\.versions\.add$/, 'roles/secretmanager.secretVersionAdder'],
  [/^secretmanager\./, 'roles/secretmanager.admin'],
  [/^serviceusage\.services\.(get|list|use)$/, 'roles/serviceusage.serviceUsageConsumer'],
  [/^serviceusage\./, 'roles/serviceusage.serviceUsageAdmin'],
  [/^servicemanagement\.services\.bind$/, 'roles/servicemanagement.serviceConsumer'],
];

/** Where the roles are that hold no more than the actions need. */
const NARROWER = 'docs/set-up.md of Gangway has narrower roles for each action';

/**
 * Says what to grant to whom, with the command that does it on the smallest resource there is.
 *
 * @see https://cloud.google.com/iam/docs/roles-permissions
 */
export function grant({ permission, resource = '' }: Missing, actor: Actor): string {
  const { who, member } = principalOf(actor);
  const to = `--member="${member}"`;
  if (permission === 'iam.serviceAccounts.actAs') {
    const account = /serviceAccounts\/([^'"\s]+)/.exec(resource)?.[1] ?? 'SERVICE_ACCOUNT';
    return `let ${who} act as ${account}, which takes the permission ${permission} there: gcloud iam service-accounts add-iam-policy-binding ${account} --project=${actor.projectId} ${to} --role=roles/iam.serviceAccountUser`;
  }
  const role = ROLES.find(([pattern]) => pattern.test(permission))?.[1];
  const what = `${firstOf(permission, resource)}grant a role with the permission ${permission} to ${who}`;
  return role ? `${what}: ${binding(permission, resource, actor)} ${to} --role=${role} (${NARROWER})` : what;
}

/** Who may not read a secret is not told whether it is there, and nothing can be granted on one that is not. */
function firstOf(permission: string, resource: string): string {
  const [, project, secret] = /^projects\/([^/]+)\/secrets\/([^/]+)/.exec(resource) ?? [];
  if (!secret || permission !== 'secretmanager.versions.access') return '';
  return `create the secret if it doesn't exist, with "gcloud secrets create ${secret} --project=${project} --replication-policy=automatic", and `;
}

function binding(permission: string, resource: string, { projectId }: Actor): string {
  const repository = /^projects\/([^/]+)\/locations\/([^/]+)\/repositories\/([^/]+)/.exec(resource);
  if (repository && permission !== 'artifactregistry.repositories.create') {
    const [, project, location, id] = repository;
    return `gcloud artifacts repositories add-iam-policy-binding ${id} --location=${location} --project=${project}`;
  }
  const [, project, secret] = /^projects\/([^/]+)\/secrets\/([^/]+)/.exec(resource) ?? [];
  if (secret) return `gcloud secrets add-iam-policy-binding ${secret} --project=${project}`;
  return `gcloud projects add-iam-policy-binding ${/^projects\/([^/]+)/.exec(resource)?.[1] ?? projectId}`;
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
