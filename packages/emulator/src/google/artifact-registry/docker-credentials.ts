import { createPublicKey } from 'node:crypto';
import { serviceAccount } from '../../kernel/principal.ts';
import type { Credentials } from '../../oci/index.ts';
import type { Context } from './context.ts';

/** The user names that say their password is an access token. */
const ACCESS_TOKEN_USERS = /^(?:oauth2accesstoken|_dcgcloud_token|_dcgcr_(?:\d+_)*token)$/;

/**
 * Checks a user name and its password: an access token, or a service account's key file
 * (https://cloud.google.com/artifact-registry/docs/docker/authentication).
 */
export function checkPassword(user: string, password: string, cloud: Context): Credentials | undefined {
  if (ACCESS_TOKEN_USERS.test(user)) return accessToken(password, cloud);
  if (user === '_json_key') return keyFile(password, cloud);
  if (user === '_json_key_base64') return keyFile(Buffer.from(password, 'base64').toString('utf8'), cloud);
  return undefined;
}

function accessToken(token: string, cloud: Context): Credentials | undefined {
  const bearer = () => {
    const principal = cloud.tokens.verify(token);
    return principal && { principal, scopes: cloud.tokens.scopes(token) };
  };
  return bearer() && { bearer };
}

/** A key file is good while its account is enabled and still has that key. */
function keyFile(text: string, cloud: Context): Credentials | undefined {
  const key = parseKeyFile(text);
  if (!key) return undefined;
  const bearer = () => {
    const account = cloud.accounts.ofEmail(key.email);
    const known =
      account &&
      !account.disabled &&
      cloud.accounts.usableKeys(account).some(({ publicKey }) => publicKey === key.publicKey);
    return known ? { principal: serviceAccount(account.email) } : undefined;
  };
  return bearer() && { bearer };
}

function parseKeyFile(text: string): { email: string; publicKey: string } | undefined {
  try {
    const { client_email, private_key } = JSON.parse(text) as Record<string, unknown>;
    if (typeof client_email !== 'string' || typeof private_key !== 'string') return undefined;
    const publicKey = createPublicKey(private_key).export({ type: 'spki', format: 'pem' });
    return { email: client_email, publicKey: publicKey.toString() };
  } catch {
    // Neither JSON nor a key: no credentials.
    return undefined;
  }
}
