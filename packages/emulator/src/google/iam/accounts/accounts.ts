import type { Account, Accounts } from '../../../contracts.ts';
import type { Context } from '../context.ts';
import { accountResource, requireOnAccount } from './access.ts';
import type { ServiceAccount } from './service-account.ts';
import { signBytes, signClaims, usableKeys } from './system-key.ts';

/** The service accounts as other services see them. */
export function accountsOf(context: Context): Accounts {
  const { accounts } = context.iamAdmin;
  const known = ({ email }: Account): ServiceAccount => accounts.get(email);
  return {
    ofEmail: (email) => accounts.ofEmail(email),
    find: (id) => accounts.find(id),
    get: (id) => accounts.get(id),
    isDeleted: (email) => accounts.isDeleted(email),
    usableKeys: (account) => usableKeys(known(account)),
    signBytes: (account, bytes) => signBytes(known(account), bytes),
    signClaims: (account, claims) => signClaims(known(account), claims),
    allows: (principal, permission, email) =>
      context.iam.allows(principal, permission, accountResource(context, email)),
    require: (principal, permission, id) => requireOnAccount(context, principal, permission, id),
    grant: (email, role, member) => context.iam.grant(accountResource(context, email), role, member),
  };
}
