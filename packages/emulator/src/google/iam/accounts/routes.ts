import { X509Certificate } from 'node:crypto';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { type Route, route } from '../../../kernel/http/route.ts';
import { fieldsToChange, topOf } from '../../../kernel/resources/mask.ts';
import { page } from '../../../kernel/resources/page.ts';
import { hostOfProject } from '../../../kernel/resources/project-id.ts';
import { policyRoutes } from '../../allow-policies/routes.ts';
import type { Context } from '../context.ts';
import { type AccountAccess, type AccountHandler, accountResource, accountRoute } from './access.ts';
import { createServiceAccountKey } from './key-file.ts';
import type { ServiceAccount, ServiceAccountKey } from './service-account.ts';

const API = 'iam.googleapis.com';
const ACCOUNTS = '/v1/projects/{project}/serviceAccounts';
const ACCOUNT = `${ACCOUNTS}/{account}`;

/** Service accounts and their keys (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts). */
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
  accountRoute('GET', `${ACCOUNT}/keys`, key('list'), listKeys),
  accountRoute('POST', `${ACCOUNT}/keys`, key('create'), createKey),
  accountRoute('POST', `${ACCOUNT}/keys:upload`, key('create'), uploadKey),
  accountRoute('GET', `${ACCOUNT}/keys/{key}`, key('get'), (call, _, account) => ({
    body: shownKey(account, findKey(account, call)),
  })),
  accountRoute('DELETE', `${ACCOUNT}/keys/{key}`, key('delete'), (call, _, account) => {
    account.keys.splice(account.keys.indexOf(findKey(account, call)), 1);
    return { body: {} };
  }),
  accountRoute('POST', `${ACCOUNT}/keys/{key}:disable`, key('disable'), switchKey(true)),
  accountRoute('POST', `${ACCOUNT}/keys/{key}:enable`, key('enable'), switchKey(false)),
];

function may(verb: string): AccountAccess {
  return { api: API, permission: `iam.serviceAccounts.${verb}` };
}

function key(verb: string): AccountAccess {
  return { api: API, permission: `iam.serviceAccountKeys.${verb}` };
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

function listKeys(call: Call, _: Context, account: ServiceAccount): Reply {
  // The keys that Google holds are not here; those of people are.
  const types = call.query.getAll('keyTypes');
  const keys = types.length === 0 || types.includes('USER_MANAGED') ? account.keys : [];
  return { body: keys.length > 0 ? { keys: keys.map((each) => shownKey(account, each)) } : {} };
}

/** Takes the public half of a key in an X.509 certificate, as base64 of PEM. */
function uploadKey(call: Call, cloud: Context, account: ServiceAccount): Reply {
  const { publicKeyData = '' } = json<{ publicKeyData?: string }>(call);
  const certificate = certificateIn(Buffer.from(publicKeyData, 'base64').toString('utf8'));
  const publicKey = certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const id = certificate.fingerprint.replaceAll(':', '').toLowerCase();
  if (account.keys.some((each) => each.id === id))
    throw new ApiError('ALREADY_EXISTS', 'The key already exists.');
  const created = {
    id,
    publicKey,
    created: Date.parse(certificate.validFrom),
    uploaded: true,
    expires: Date.parse(certificate.validTo),
  };
  if (created.expires <= cloud.clock.now())
    throw new ApiError('INVALID_ARGUMENT', 'The certificate has expired.');
  account.keys.push(created);
  return { body: shownKey(account, created) };
}

function certificateIn(pem: string): X509Certificate {
  try {
    const certificate = new X509Certificate(pem);
    if (certificate.publicKey.asymmetricKeyType === 'rsa') return certificate;
  } catch {
    // Refused below.
  }
  throw new ApiError(
    'INVALID_ARGUMENT',
    'The public key must be RSA, in an X.509 certificate in PEM format.',
  );
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

function switchKey(disabled: boolean): AccountHandler {
  return (call, _, account) => {
    findKey(account, call).disabled = disabled;
    return { body: {} };
  };
}

async function createKey(_: Call, cloud: Context, account: ServiceAccount): Promise<Reply> {
  const file = await createServiceAccountKey(cloud, account.email);
  const created = account.keys.find(({ id }) => id === file.private_key_id);
  const privateKeyData = Buffer.from(JSON.stringify(file, null, 2)).toString('base64');
  return {
    body: {
      ...(created && shownKey(account, created)),
      privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE',
      privateKeyData,
    },
  };
}

function findKey(account: ServiceAccount, call: Call): ServiceAccountKey {
  const found = account.keys.find(({ id }) => id === call.params.key);
  if (!found) throw new ApiError('NOT_FOUND', `Service account key ${call.params.key} does not exist.`);
  return found;
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

function shownKey(
  { projectId, email }: ServiceAccount,
  { id, created, disabled, uploaded, expires }: ServiceAccountKey,
): Record<string, unknown> {
  return {
    name: `projects/${projectId}/serviceAccounts/${email}/keys/${id}`,
    validAfterTime: timestamp(created),
    validBeforeTime: expires === undefined ? '9999-12-31T23:59:59Z' : timestamp(expires),
    keyAlgorithm: 'KEY_ALG_RSA_2048',
    keyOrigin: uploaded ? 'USER_PROVIDED' : 'GOOGLE_PROVIDED',
    keyType: 'USER_MANAGED',
    ...(disabled && { disabled }),
  };
}
