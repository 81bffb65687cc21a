import type { Accounts, Pools } from '../../contracts.ts';
import type { Principal } from '../../kernel/principal.ts';

/** Whether tokens that were given out are still good: asked at every use. */
export interface Standing {
  /** The unique id of a principal's service account; undefined for anybody else. */
  accountOf(principal: Principal): string | undefined;
  /**
   * Whether a principal may sign in.
   * @param account what `accountOf` said when the token was given out
   */
  maySignIn(principal: Principal, account: string | undefined): boolean;
}

/**
 * The tokens of a disabled account are rejected, and accepted again once it is enabled
 * (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/disable); those of a deleted account too, also when another
 * has taken its e-mail. A disabled or deleted pool makes its tokens useless as long as it is so, which a provider does not
 * (https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools#WorkloadIdentityPool).
 */
export function standingOf(cloud: { readonly accounts: Accounts; readonly pools: Pools }): Standing {
  return {
    accountOf: ({ email }) => (email === undefined ? undefined : cloud.accounts.ofEmail(email)?.uniqueId),
    maySignIn({ email, member }, account) {
      const { accounts, pools } = cloud;
      const now = email === undefined ? undefined : accounts.ofEmail(email);
      if (now?.disabled || (email !== undefined && accounts.isDeleted(email))) return false;
      if (account !== undefined) return now?.uniqueId === account;
      const [, name] = /^principal:\/\/iam\.googleapis\.com\/(.*)\/subject\//.exec(member) ?? [];
      const pool = name === undefined ? undefined : pools.findPool(name);
      return !pool?.disabled && !pool?.deleted;
    },
  };
}
