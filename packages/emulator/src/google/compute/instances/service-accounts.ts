import type { Call } from '../../../kernel/http/call.ts';
import { seededAccounts } from '../../../seeded.ts';
import type { Context } from '../context.ts';
import { badRequest, invalid, notFound } from '../errors.ts';

export interface InstanceAccount {
  readonly email: string;
  readonly scopes: readonly string[];
}

/**
 * The service accounts of an instance: one at most, which the caller may act as.
 *
 * @throws ComputeError for one that there is not, or that the caller may not act as
 */
export function accountsFor(call: Call, cloud: Context, given: unknown): readonly InstanceAccount[] {
  const asked = (Array.isArray(given) ? given : []) as readonly Partial<InstanceAccount>[];
  if (asked.length > 1)
    throw invalid('resource.serviceAccounts', '', 'At most one service account can be specified.');
  return asked.map((one) => {
    const account = accountOf(cloud, one);
    if (cloud.accounts.allows(call.principal, 'iam.serviceAccounts.actAs', account.email)) return account;
    const who = call.principal?.email ?? call.principal?.member;
    throw badRequest(
      `The user does not have access to service account '${account.email}'.  User: '${who}'.  Ask a project owner to grant you the iam.serviceAccountUser role on the service account`,
      'serviceAccountAccessDenied',
      'SERVICE_ACCOUNT_ACCESS_DENIED',
    );
  });
}

function accountOf(
  cloud: Context,
  { email = 'default', scopes = [] }: Partial<InstanceAccount>,
): InstanceAccount {
  const { project, accounts } = cloud;
  const named = email === 'default' ? seededAccounts(project).runtime : email;
  if (!accounts.ofEmail(named)) throw notFound(`projects/${project.id}/serviceAccounts/${named}`);
  for (const [index, scope] of scopes.entries())
    if (!/^https:\/\/(?:www\.googleapis\.com\/auth\/|mail\.google\.com)/.test(scope))
      throw invalid(`resource.serviceAccounts[0].scopes[${index}]`, scope, 'The scope is not valid.');
  if (scopes.length === 0)
    throw invalid('resource.serviceAccounts[0].scopes', '', 'At least one scope must be specified.');
  return { email: named, scopes };
}
