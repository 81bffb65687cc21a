import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import type { Accounts } from '../../../../contracts.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import type { SigningKeys } from '../../../../kernel/signing-keys.ts';
import type { JwtProvider } from '../../import/compiled.ts';
import { JwtError } from './error.ts';

const CACHE_FOR = 300_000;
const TIMEOUT = 10_000;
const ROBOT =
  /^https:\/\/www\.googleapis\.com\/(?:service_accounts\/v1\/(?:jwk|metadata\/x509)|robot\/v1\/metadata\/(?:jwk|x509))\/([^/]+)$/;

/** Whose keys are the local cloud's own, and its time. */
interface Own {
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly accounts: Accounts;
}

/** The public keys of JWT providers, fetched when first needed and kept for five minutes. */
export class JwksCache {
  readonly #own: Own;
  readonly #kept = new Map<string, { readonly keys: readonly JWK[]; readonly until: number }>();

  constructor(own: Own) {
    this.#own = own;
  }

  /** @throws JwtError 401 when the keys cannot be had or read */
  async keysOf({ issuer, jwksUri }: JwtProvider): Promise<readonly JWK[]> {
    const id = jwksUri ?? issuer;
    const now = this.#own.clock.now();
    const kept = this.#kept.get(id);
    if (kept && kept.until > now) return kept.keys;
    const keys = keysIn(
      (await ownKeys(this.#own, id)) ?? (await fetchJson(jwksUri ?? (await discover(issuer)))),
    );
    this.#kept.set(id, { keys, until: now + CACHE_FOR });
    return keys;
  }
}

/** Keys of the local cloud itself: what it signs is not good by the keys that are public in the world. */
async function ownKeys({ keys, accounts }: Own, id: string): Promise<unknown> {
  const account = ROBOT.exec(id)?.[1];
  if (!account) return (await keys.jwksAt(id)) ?? keys.jwks(id);
  const published = accounts.find(decodeURIComponent(account))?.keys ?? [];
  return Object.fromEntries(published.map((key) => [key.id, key.publicKey]));
}

/** Finds a provider's keys by OpenID Connect discovery (https://openid.net/specs/openid-connect-discovery-1_0.html). */
async function discover(issuer: string): Promise<string> {
  const base = /^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`;
  const document = await fetchJson(`${base.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const uri =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'jwks_uri') : undefined;
  if (typeof uri !== 'string') throw fetchFailed();
  return uri;
}

async function fetchJson(uri: string): Promise<unknown> {
  const text = await fetch(uri, { signal: AbortSignal.timeout(TIMEOUT) }).then(
    (response) => (response.ok ? response.text() : undefined),
    () => undefined,
  );
  if (text === undefined) throw fetchFailed();
  try {
    return JSON.parse(text);
  } catch {
    throw new JwtError('Jwks is an invalid JSON');
  }
}

/** A JWKS (RFC 7517), or Google's older map of key ids to PEM. */
function keysIn(document: unknown): readonly JWK[] {
  if (typeof document !== 'object' || document === null) throw new JwtError('Jwks is an invalid JSON');
  const keys: unknown = Reflect.get(document, 'keys');
  const found = keys === undefined ? pemKeys(document) : keys;
  if (!Array.isArray(found)) throw new JwtError('Jwks does not have [keys] field');
  if (found.length === 0) throw new JwtError("Jwks doesn't have any valid public key");
  return found;
}

function pemKeys(document: object): JWK[] | undefined {
  const entries = Object.entries(document);
  if (
    entries.length === 0 ||
    !entries.every(([, pem]) => typeof pem === 'string' && pem.includes('-----BEGIN '))
  )
    return undefined;
  return entries.map(([kid, pem]) => ({ ...createPublicKey(pem).export({ format: 'jwk' }), kid }) as JWK);
}

function fetchFailed(): JwtError {
  return new JwtError('Jwks remote fetch is failed');
}
