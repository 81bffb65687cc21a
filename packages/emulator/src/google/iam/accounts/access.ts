import { requireCaller } from '../../../kernel/access.ts';
import { ApiError } from '../../../kernel/errors.ts';
import type { Call, Reply } from '../../../kernel/http/call.ts';
import { type Route, route } from '../../../kernel/http/route.ts';
import type { Principal } from '../../../kernel/principal.ts';
import type { Context } from '../context.ts';
import type { ServiceAccount } from './service-account.ts';

/** A handler that is given the service account of its path, the caller's permission on it checked. */
export type AccountHandler = (call: Call, cloud: Context, account: ServiceAccount) => Reply | Promise<Reply>;

export interface AccountAccess {
  readonly api: 'iam.googleapis.com';
  readonly permission: string;
}

/**
 * Declares a route on one service account, `{account}` of the template being its e-mail or unique id and the
 * project an id, a number or `-`. The IAM services name no resource when they refuse, so that nobody learns
 * which accounts exist.
 */
export function accountRoute(
  method: string,
  template: string,
  access: AccountAccess,
  handler: AccountHandler,
): Route<Context> {
  return route(method, template, undefined, (call, cloud) => {
    const principal = requireCaller(call, cloud, access.api);
    const id = call.params.account ?? '';
    requireOnAccount(cloud, principal, access.permission, id);
    return handler(call, cloud, cloud.iamAdmin.accounts.get(id));
  });
}

/** @throws ApiError PERMISSION_DENIED with reason IAM_PERMISSION_DENIED */
export function requireOnAccount(cloud: Context, principal: Principal, permission: string, id: string): void {
  const email = cloud.iamAdmin.accounts.find(id)?.email ?? id;
  if (cloud.iam.allows(principal, permission, accountResource(cloud, email))) return;
  throw new ApiError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource (or it may not exist).`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission },
      },
    ],
  );
}

/** The resource that a service account's allow policy hangs on. */
export function accountResource(cloud: Pick<Context, 'project'>, email: string): string {
  return `projects/${cloud.project.id}/serviceAccounts/${email}`;
}
