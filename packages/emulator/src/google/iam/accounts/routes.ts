import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { type Route, route } from '../../../kernel/http/route.ts';
import { fieldsToChange, topOf } from '../../../kernel/resources/mask.ts';
import { page } from '../../../kernel/resources/page.ts';
import { hostOfProject } from '../../../kernel/resources/project-id.ts';
import { policyRoutes } from '../../allow-policies/routes.ts';
import type { Context } from '../context.ts';
import { type AccountAccess, accountResource, accountRoute } from './access.ts';
import { accountKeyRoutes } from './keys.ts';
import type { ServiceAccount } from './service-account.ts';

const API = 'iam.googleapis.com';
const ACCOUNTS = '/v1/projects/{project}/serviceAccounts';
const ACCOUNT = `${ACCOUNTS}/{account}`;

/** Service accounts (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts). */
export const accountRoutes: readonly Route<Context>[] = [
  route(
    'GET',
    ACCOUNTS,
    { api: API, permission: 'iam.serviceAccounts.list', on: 'projects/{project}' },
    listAccounts,
  ),
  route(
    'POST',
    ACCOUNTS,
    { api: API, permission: 'iam.serviceAccounts.create', on: 'projects/{project}' },
    createAccount,
  ),
  accountRoute('GET', ACCOUNT, may('get'), (_, __, account) => ({ body: shown(account) })),
  accountRoute('PATCH', ACCOUNT, may('update'), patchAccount),
  accountRoute('PUT', ACCOUNT, may('update'), replaceAccount),
  accountRoute('DELETE', ACCOUNT, may('delete'), deleteAccount),
  route(
    'POST',
    `${ACCOUNT}:undelete`,
    { api: API, permission: 'iam.serviceAccounts.undelete', on: 'projects/{project}' },
    undeleteAccount,
  ),
  accountRoute('POST', `${ACCOUNT}:disable`, may('disable'), (_, __, account) =>
    switchAccount(account, true),
  ),
  accountRoute('POST', `${ACCOUNT}:enable`, may('enable'), (_, __, account) => switchAccount(account, false)),
  ...policyRoutes<Context>(ACCOUNT, {
    api: API,
    kind: 'iam.serviceAccounts',
    get: 'POST',
    guarded: (method, template, permission, handler) =>
      accountRoute(method, template, { api: API, permission }, handler),
    nameOf: ({ params: { account = '' } }, cloud) =>
      accountResource(cloud, cloud.iamAdmin.accounts.find(account)?.email ?? account),
    requireThere: () => undefined,
  }),
  ...accountKeyRoutes,
];

function may(verb: string): AccountAccess {
  return { api: API, permission: `iam.serviceAccounts.${verb}` };
}

function listAccounts(call: Call, cloud: Context): Reply {
  const { items, nextPageToken } = page(call, cloud.iamAdmin.accounts.list().map(shown), 100);
  return { body: { ...(items.length > 0 && { accounts: items }), ...(nextPageToken && { nextPageToken }) } };
}

function createAccount(call: Call, cloud: Context): Reply {
  const { accountId = '', serviceAccount = {} } = json<{
    accountId?: string;
    serviceAccount?: { displayName?: string; description?: string };
  }>(call);
  if (!/^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$/.test(accountId)) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      'The account ID "' +
        accountId +
        '" does not have a length between 6 and 30, or has characters other than lowercase letters, digits and dashes.',
    );
  }
  const { id } = cloud.project;
  return {
    body: shown(
      cloud.iamAdmin.accounts.add(
        id,
        `${accountId}@${hostOfProject(id)}.iam.gserviceaccount.com`,
        serviceAccount,
      ),
    ),
  };
}

/** PATCH has a message of its own: the account and the mask are in it. */
function patchAccount(call: Call, _: Context, account: ServiceAccount): Reply {
  const { serviceAccount = {}, updateMask = '' } = json<{
    serviceAccount?: Partial<ServiceAccount>;
    updateMask?: string;
  }>(call);
  // Those of a request's body are as the caller wrote them.
  const mask = updateMask.replaceAll('display_name', 'displayName');
  if (mask === '') throw new ApiError('INVALID_ARGUMENT', 'The update_mask is required.');
  for (const field of fieldsToChange(mask, serviceAccount, ['displayName', 'description'] as const).map(
    topOf,
  ))
    account[field] = serviceAccount[field] ?? '';
  return { body: shown(account) };
}

/** PUT, which later versions of the API keep for old clients: the display name and the description. */
function replaceAccount(call: Call, _: Context, account: ServiceAccount): Reply {
  const { displayName = '', description = account.description } = json<Partial<ServiceAccount>>(call);
  account.displayName = displayName;
  account.description = description;
  return { body: shown(account) };
}

function switchAccount(account: ServiceAccount, disabled: boolean): Reply {
  account.disabled = disabled;
  return { body: {} };
}

function deleteAccount(_: Call, cloud: Context, account: ServiceAccount): Reply {
  cloud.iamAdmin.accounts.delete(account);
  cloud.iam.rename(memberOf(account), deletedMember(account));
  return { body: {} };
}

/** A deleted account is named by its unique id: its e-mail may be another's by now. */
function undeleteAccount(call: Call, cloud: Context): Reply {
  const account = cloud.iamAdmin.accounts.undelete(call.params.account ?? '');
  cloud.iam.rename(deletedMember(account), memberOf(account));
  return { body: { restoredAccount: shown(account) } };
}

function memberOf({ email }: ServiceAccount): string {
  return `serviceAccount:${email}`;
}

function deletedMember({ email, uniqueId }: ServiceAccount): string {
  return `deleted:serviceAccount:${email}?uid=${uniqueId}`;
}

function shown({
  email,
  uniqueId,
  projectId,
  displayName,
  description,
  disabled,
}: ServiceAccount): Record<string, unknown> {
  return {
    name: `projects/${projectId}/serviceAccounts/${email}`,
    projectId,
    uniqueId,
    email,
    ...(displayName && { displayName }),
    ...(description && { description }),
    ...(disabled && { disabled }),
    etag: 'MDEwMjE5MjA=',
    oauth2ClientId: uniqueId,
  };
}
