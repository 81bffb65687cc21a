import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { ServiceAccount, ServiceAccountKey } from './service-account.ts';

interface SystemKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

/** The same as it is kept: PKCS #8, PEM. */
export interface SavedKey {
  readonly id: string;
  readonly privateKey: string;
}

/** The keys of accounts that Google holds, and that nobody else ever sees, as long as the account is known. */
const KEYS = new WeakMap<ServiceAccount, SystemKey>();

/** The keys by which an account can sign in: its own, and the one that Google holds. */
export function usableKeys(account: ServiceAccount): Pick<ServiceAccountKey, 'id' | 'publicKey'>[] {
  const system = systemKeyOf(account);
  return [...account.keys.filter(({ disabled }) => !disabled), ...(system ? [system] : [])];
}

/** Signs bytes as `signBlob` does: RSASSA-PKCS1-v1_5 with SHA-256, by the account's Google-managed key. */
export function signBytes(account: ServiceAccount, bytes: Buffer): { keyId: string; signature: Buffer } {
  const { id, privateKey } = keyOf(account);
  return { keyId: id, signature: sign('RSA-SHA256', bytes, privateKey) };
}

/** Signs claims as `signJwt` does. */
export function signClaims(
  account: ServiceAccount,
  claims: Readonly<Record<string, unknown>>,
): { keyId: string; jwt: string } {
  const { id: keyId } = keyOf(account);
  const text = [{ alg: 'RS256', kid: keyId, typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const { signature } = signBytes(account, Buffer.from(text));
  return { keyId, jwt: `${text}.${signature.toString('base64url')}` };
}

/** The key of an account that Google holds, to be kept; undefined as long as nothing was signed with it. */
export function savedKeyOf(account: ServiceAccount): SavedKey | undefined {
  const key = KEYS.get(account);
  return (
    key && { id: key.id, privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  );
}

export function restoreKey(account: ServiceAccount, { id, privateKey }: SavedKey): void {
  KEYS.set(account, { id, privateKey: createPrivateKey(privateKey) });
}

/** The public half, as a key of the account; undefined as long as nothing was signed with it. */
function systemKeyOf(account: ServiceAccount): Pick<ServiceAccountKey, 'id' | 'publicKey'> | undefined {
  const key = KEYS.get(account);
  if (!key) return undefined;
  const publicKey = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { id: key.id, publicKey };
}

function keyOf(account: ServiceAccount): SystemKey {
  const known = KEYS.get(account);
  if (known) return known;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const made = { id: randomBytes(20).toString('hex'), privateKey: createPrivateKey(privateKey) };
  KEYS.set(account, made);
  return made;
}
