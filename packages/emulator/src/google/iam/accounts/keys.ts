import { X509Certificate } from 'node:crypto';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { type AccountAccess, type AccountHandler, accountRoute } from './access.ts';
import { createServiceAccountKey } from './key-file.ts';
import type { ServiceAccount, ServiceAccountKey } from './service-account.ts';

const KEYS = '/v1/projects/{project}/serviceAccounts/{account}/keys';

/** The keys of service accounts (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys). */
export const accountKeyRoutes: readonly Route<Context>[] = [
  accountRoute('GET', KEYS, key('list'), listKeys),
  accountRoute('POST', KEYS, key('create'), createKey),
  accountRoute('POST', `${KEYS}:upload`, key('create'), uploadKey),
  accountRoute('GET', `${KEYS}/{key}`, key('get'), (call, _, account) => ({
    body: shownKey(account, findKey(account, call)),
  })),
  accountRoute('DELETE', `${KEYS}/{key}`, key('delete'), (call, _, account) => {
    account.keys.splice(account.keys.indexOf(findKey(account, call)), 1);
    return { body: {} };
  }),
  accountRoute('POST', `${KEYS}/{key}:disable`, key('disable'), switchKey(true)),
  accountRoute('POST', `${KEYS}/{key}:enable`, key('enable'), switchKey(false)),
];

function key(verb: string): AccountAccess {
  return { api: 'iam.googleapis.com', permission: `iam.serviceAccountKeys.${verb}` };
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
