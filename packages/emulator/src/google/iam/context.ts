import type { Context as ContextOf } from '../../contracts.ts';
import type { ServiceAccounts } from './accounts/service-accounts.ts';
import type { Iam } from './policy/policies.ts';
import type { WorkloadIdentityPools } from './pools/workload-identity-pools.ts';
import type { Permissions } from './roles/permissions.ts';
import type { Roles } from './roles/roles.ts';

/** What IAM keeps. */
export interface IamState {
  /** Allow policies and custom roles. */
  readonly iam: Iam;
  readonly iamAdmin: {
    readonly accounts: ServiceAccounts;
    readonly pools: WorkloadIdentityPools;
    readonly roles: Roles;
    readonly permissions: Permissions;
  };
}

/** What the handlers of IAM work with. */
export type Context = ContextOf<IamState, 'apis'>;
