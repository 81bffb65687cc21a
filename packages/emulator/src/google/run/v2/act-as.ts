import { ApiError } from '../../../kernel/errors.ts';
import type { Call } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';

/** @throws ApiError PERMISSION_DENIED unless the caller may deploy what runs as this service account */
export function requireActAs(call: Call, cloud: Context, email: string): void {
  const known = cloud.accounts.find(email);
  if (known && cloud.accounts.allows(call.principal, 'iam.serviceAccounts.actAs', email)) return;
  throw new ApiError(
    'PERMISSION_DENIED',
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`,
  );
}
