import type { Cloud } from './cloud.ts';
import { seedFly } from './fly/seed.ts';
import { accountResource } from './identity/account-access.ts';
import { OWNER } from './identity/authorized-user.ts';
import { GITHUB_ISSUER } from './identity/keys.ts';
import { runAgent } from './services/run/instance.ts';

const ENABLED = [
  'apigateway',
  'servicemanagement',
  'servicecontrol',
  'apikeys',
  'artifactregistry',
  'run',
  'logging',
  'iam',
  'iamcredentials',
  'sts',
  'cloudresourcemanager',
  'serviceusage',
];

const DEPLOYER_ROLES = [
  'roles/run.admin',
  'roles/logging.viewer',
  'roles/apigateway.admin',
  'roles/artifactregistry.admin',
  'roles/serviceusage.serviceUsageAdmin',
  'roles/serviceusage.apiKeysAdmin',
  'roles/servicemanagement.serviceConsumer',
  'roles/iam.serviceAccountUser',
];

/** The one repository whose jobs may deploy. */
export const REPOSITORY = 'example/fastapi-on-cloud-run';

/** What is on in every new project, as far as it matters here (https://cloud.google.com/service-usage/docs/enabled-service). */
const ENABLED_BY_GOOGLE = [
  'cloudapis',
  'logging',
  'monitoring',
  'servicemanagement',
  'serviceusage',
  'storage',
];

/**
 * Fills a new cloud with what a project that is ready for CI has.
 *
 * @param bare leaves it as Google makes it: an owner, and nobody else
 */
export function seed(cloud: Cloud, bare: boolean): void {
  const { id } = cloud.project;
  for (const name of bare ? ENABLED_BY_GOOGLE : ENABLED)
    cloud.serviceUsage.enabled.add(`${name}.googleapis.com`);
  cloud.iam.grant(`projects/${id}`, 'roles/owner', `user:${OWNER}`);
  cloud.iam.grant(`projects/${id}`, 'roles/artifactregistry.reader', `serviceAccount:${runAgent(cloud)}`);
  if (bare) return;
  seedAccounts(cloud);
  seedFederation(cloud);
  seedFly(cloud);
}

/** What CI acts as, and what gateways call their backends as. */
export function seededAccounts(cloud: Cloud): { deployer: string; gateway: string; runtime: string } {
  const { id, number } = cloud.project;
  return {
    deployer: `deployer@${id}.iam.gserviceaccount.com`,
    gateway: `gateway@${id}.iam.gserviceaccount.com`,
    runtime: `${number}-compute@developer.gserviceaccount.com`,
  };
}

/** The provider that takes GitHub's tokens, as the `workload_identity_provider` of an action names it. */
export function seededProvider(cloud: Cloud): string {
  return `${pool(cloud)}/providers/gangway`;
}

function seedAccounts(cloud: Cloud): void {
  const { deployer, gateway, runtime } = seededAccounts(cloud);
  const { id } = cloud.project;
  cloud.iamAdmin.accounts.add(id, deployer, { displayName: 'Deploys from CI' });
  cloud.iamAdmin.accounts.add(id, gateway, { displayName: 'Calls backends for gateways' });
  cloud.iamAdmin.accounts.add(id, runtime, { displayName: 'Compute Engine default service account' });
  for (const role of DEPLOYER_ROLES) cloud.iam.grant(`projects/${id}`, role, `serviceAccount:${deployer}`);
}

/** Jobs of the repository may act as the deployer, and hold its roles themselves for direct federation. */
function seedFederation(cloud: Cloud): void {
  cloud.iamAdmin.pools.add({
    name: seededProvider(cloud),
    issuer: GITHUB_ISSUER,
    allowedAudiences: [],
    attributeMapping: {
      'google.subject': 'assertion.sub',
      'attribute.repository': 'assertion.repository',
      'attribute.repository_owner': 'assertion.repository_owner',
      'attribute.actor': 'assertion.actor',
      'attribute.ref': 'assertion.ref',
    },
    attributeCondition: "assertion.repository_owner == 'example'",
  });
  const jobs = `principalSet://iam.googleapis.com/${pool(cloud)}/attribute.repository/${REPOSITORY}`;
  cloud.iam.grant(
    accountResource(cloud, seededAccounts(cloud).deployer),
    'roles/iam.workloadIdentityUser',
    jobs,
  );
  for (const role of DEPLOYER_ROLES) cloud.iam.grant(`projects/${cloud.project.id}`, role, jobs);
}

function pool(cloud: Cloud): string {
  return `projects/${cloud.project.number}/locations/global/workloadIdentityPools/github`;
}
