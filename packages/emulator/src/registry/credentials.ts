import { createPublicKey } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { serviceAccount } from '../identity/principal.ts';
import { usableKeys } from '../identity/service-accounts.ts';
import type { Bearer } from './tokens.ts';

/** Proven credentials: who they stand for, asked again whenever it matters. */
export interface Credentials {
  readonly bearer: () => Bearer | undefined;
}

/** The user names that say their password is an access token. */
const ACCESS_TOKEN_USERS = new Set(['oauth2accesstoken', '_dcgcloud_token']);

/** The user name that flyctl and `docker login registry.fly.io` give with a token. */
const FLY_USER = 'x';

/**
 * Reads an `Authorization: Basic` header; undefined unless it holds good credentials
 * (https://cloud.google.com/artifact-registry/docs/docker/authentication).
 */
export function basicBearer(authorization: string | undefined, cloud: Cloud): Credentials | undefined {
  const encoded = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1];
  const [user = '', ...password] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return checkPassword(user, password.join(':'), cloud);
}

/** Checks a user name and its password: an access token, a service account's key file, or a token of Fly.io. */
export function checkPassword(user: string, password: string, cloud: Cloud): Credentials | undefined {
  if (ACCESS_TOKEN_USERS.has(user)) return accessToken(password, cloud);
  if (user === FLY_USER) return flyToken(password, cloud);
  if (user === '_json_key') return keyFile(password, cloud);
  if (user === '_json_key_base64') return keyFile(Buffer.from(password, 'base64').toString('utf8'), cloud);
  return undefined;
}

function accessToken(token: string, cloud: Cloud): Credentials | undefined {
  const bearer = () => {
    const principal = cloud.tokens.verify(token);
    return principal && { principal, scopes: cloud.tokens.scopes(token) };
  };
  return bearer() && { bearer };
}

function flyToken(text: string, cloud: Cloud): Credentials | undefined {
  const bearer = () => {
    const fly = cloud.fly.tokens.ofHeader(text);
    return fly && { principal: undefined, fly };
  };
  return bearer() && { bearer };
}

/** A key file is good while its account is enabled and still has that key. */
function keyFile(text: string, cloud: Cloud): Credentials | undefined {
  const key = parseKeyFile(text);
  if (!key) return undefined;
  const bearer = () => {
    const account = cloud.iamAdmin.accounts.ofEmail(key.email);
    const known =
      account &&
      !account.disabled &&
      usableKeys(account).some(({ publicKey }) => publicKey === key.publicKey);
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
