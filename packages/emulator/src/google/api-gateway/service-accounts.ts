import { ApiError, permissionDenied } from '../../kernel/errors.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Context } from './context.ts';

/**
 * The account gateways of a config are to call backends as; without one, Compute Engine's default account.
 * @param given e-mail, unique id, or either after `projects/…/serviceAccounts/` (or `/accounts/`)
 * @returns its e-mail
 * @throws ApiError FAILED_PRECONDITION when there is none, PERMISSION_DENIED when the caller may not act as it
 */
export function gatewayAccount(cloud: Context, caller: Principal | undefined, given: string): string {
  const id = given.split('/').at(-1) || `${cloud.project.number}-compute@developer.gserviceaccount.com`;
  const account = cloud.accounts.find(id);
  if (!account)
    throw new ApiError(
      'FAILED_PRECONDITION',
      `Service Account "projects/-/serviceAccounts/${id}" does not exist.`,
    );
  const actAs = 'iam.serviceAccounts.actAs';
  if (!cloud.accounts.allows(caller, actAs, account.email)) {
    throw permissionDenied(actAs, `projects/-/serviceAccounts/${account.email}`);
  }
  return account.email;
}
