import { service } from '../../contracts.ts';
import type { Platform } from '../../kernel/service/platform.ts';
import { OWNER, seededAccounts } from '../../seeded.ts';
import { accountsOf } from './accounts/accounts.ts';
import { accountRoutes } from './accounts/routes.ts';
import { ServiceAccounts } from './accounts/service-accounts.ts';
import type { IamState } from './context.ts';
import { Iam } from './policy/policies.ts';
import { workloadIdentityRoutes } from './pools/routes.ts';
import { WorkloadIdentityPools } from './pools/workload-identity-pools.ts';
import { CustomRoles } from './roles/custom-roles.ts';
import { Permissions } from './roles/permissions.ts';
import { Roles } from './roles/roles.ts';
import { iamRoleRoutes } from './roles/routes.ts';

/** The IAM API v1 (https://cloud.google.com/iam/docs/reference/rest). */
export const iam = service({
  name: 'iam.googleapis.com',
  title: 'Identity and Access Management (IAM) API',
  enabled: true,
  // Its reference pages add the scope to those of its discovery document; gcloud asks for it alone where it goes on to impersonate.
  scopes: { full: ['iam'] },
  permissions: {
    'iam.roles': 'create delete get list undelete update',
    'iam.serviceAccountKeys': 'create delete disable enable get list',
    'iam.serviceAccounts':
      'actAs create delete disable enable get getAccessToken getOpenIdToken implicitDelegation list signBlob signJwt undelete update getIamPolicy setIamPolicy',
    'iam.workloadIdentityPoolProviders': 'create delete get list undelete update',
    'iam.workloadIdentityPools': 'create delete get list undelete update',
  },
  deployerRoles: ['roles/iam.serviceAccountUser'],
  needs: ['apis'],
  state: ({ catalogue, project, clock }: Platform): IamState => {
    const roles = new Roles(catalogue);
    const permissions = new Permissions(catalogue);
    const accounts = new ServiceAccounts();
    const pools = new WorkloadIdentityPools();
    const customRoles = new CustomRoles();
    const now = () => clock.now();
    return {
      iam: new Iam({ project, roles, permissions, customRoles, accounts, pools, now }),
      iamAdmin: { accounts, pools, roles, permissions },
    };
  },
  provides: (context) => ({
    iam: context.iam,
    accounts: accountsOf(context),
    pools: context.iamAdmin.pools,
  }),
  routes: [...accountRoutes, ...iamRoleRoutes, ...workloadIdentityRoutes],
  seed({ project: { id }, project, iam, iamAdmin, catalogue }, bare) {
    iam.grant(`projects/${id}`, 'roles/owner', `user:${OWNER}`);
    if (bare) return;
    const { deployer, gateway, runtime } = seededAccounts(project);
    iamAdmin.accounts.add(id, deployer, { displayName: 'Deploys from CI' });
    iamAdmin.accounts.add(id, gateway, { displayName: 'Calls backends for gateways' });
    iamAdmin.accounts.add(id, runtime, { displayName: 'Compute Engine default service account' });
    for (const { deployerRoles = [] } of catalogue)
      for (const role of deployerRoles) iam.grant(`projects/${id}`, role, `serviceAccount:${deployer}`);
  },
  save: ({ iam, iamAdmin: { accounts, pools } }) => ({
    policies: iam.save(),
    customRoles: iam.customRoles.list(),
    accounts: accounts.save(),
    pools: pools.save(),
  }),
  restore({ iam, iamAdmin: { accounts, pools } }, saved) {
    iam.restore(saved.policies);
    iam.customRoles.restore(saved.customRoles);
    accounts.restore(saved.accounts);
    pools.restore(saved.pools);
  },
  env: ({ project }) => {
    const { deployer, gateway } = seededAccounts(project);
    return { GANGWAY_SERVICE_ACCOUNT: deployer, GANGWAY_GATEWAY_SERVICE_ACCOUNT: gateway };
  },
});
