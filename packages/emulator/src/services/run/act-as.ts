import type { Cloud } from '../../cloud.ts';
import { ApiError } from '../../errors.ts';
import type { Call } from '../../handler.ts';
import { accountResource } from '../../identity/account-access.ts';

/** @throws ApiError PERMISSION_DENIED unless the caller may deploy what runs as this service account */
export function requireActAs(call: Call, cloud: Cloud, email: string): void {
  const known = cloud.iamAdmin.accounts.find(email);
  if (known && cloud.iam.allows(call.principal, 'iam.serviceAccounts.actAs', accountResource(cloud, email)))
    return;
  throw new ApiError(
    'PERMISSION_DENIED',
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`,
  );
}
