import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Context } from '../context.ts';

const generateRsa = promisify(generateKeyPair);

/** The key file a person downloads (https://cloud.google.com/iam/docs/keys-create-delete). */
export interface KeyFile {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

/**
 * Creates a key of a service account and returns the key file, whose private half the cloud does not keep.
 *
 * @throws ApiError NOT_FOUND for an unknown account
 */
export async function createServiceAccountKey(
  cloud: Pick<Context, 'iamAdmin' | 'clock'>,
  email: string,
): Promise<KeyFile> {
  const account = cloud.iamAdmin.accounts.get(email);
  const { privateKey, publicKey } = await generateRsa('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const id = randomBytes(20).toString('hex');
  account.keys.push({ id, publicKey, created: cloud.clock.now() });
  return {
    type: 'service_account',
    project_id: account.projectId,
    private_key_id: id,
    private_key: privateKey,
    client_email: account.email,
    client_id: account.uniqueId,
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(account.email)}`,
    universe_domain: 'googleapis.com',
  };
}
