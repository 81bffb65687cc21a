import type { Context } from './context.ts';
import type { Organization } from './organization.ts';
import { flyIssuer } from './sign-in/oidc.ts';

/** The organizations there are from the start. */
export function seedFly(cloud: Context): void {
  const personal = cloud.fly.addOrganization('personal', 'Owner', true);
  cloud.fly.addOrganization('example', 'Example', false);
  seedProvider(cloud, personal);
}

/** The provider that takes the ID tokens of an organization's machines. */
export function flyProvider(cloud: Pick<Context, 'project'>, { slug }: Pick<Organization, 'slug'>): string {
  return `projects/${cloud.project.number}/locations/global/workloadIdentityPools/fly-machines/providers/fly-${slug}`;
}

function seedProvider(cloud: Context, organization: Organization): void {
  cloud.pools.add({
    name: flyProvider(cloud, organization),
    issuer: flyIssuer(organization),
    allowedAudiences: [],
    attributeMapping: {
      'google.subject': 'assertion.sub',
      'attribute.app_name': 'assertion.app_name',
      'attribute.org_name': 'assertion.org_name',
    },
    attributeCondition: `assertion.org_name == '${organization.slug}'`,
  });
}
