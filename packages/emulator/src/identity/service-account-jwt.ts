import { createPublicKey, verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, type JWK, type JWTPayload } from 'jose';
import type { Cloud } from '../cloud.ts';
import { type Principal, serviceAccount } from './principal.ts';
import type { ServiceAccount } from './service-accounts.ts';

/** Why a JWT that a service account signed is refused, in the words of Google's token endpoint. */
export class InvalidJwt extends Error {}

const LONGEST = 3600;
const SKEW = 300;
const TIMES =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

/**
 * Reads a JWT that a service account signed with one of its keys.
 *
 * @throws InvalidJwt for an unknown or disabled account, a signature that is not of its keys, or odd times
 */
export function readServiceAccountJwt(
  cloud: Cloud,
  token: string,
): { account: ServiceAccount; claims: JWTPayload } {
  const { claims, kid } = parse(token);
  const account = cloud.iamAdmin.accounts.find(claims.iss ?? '');
  if (!account) throw new InvalidJwt('Invalid grant: account not found');
  if (account.disabled) throw new InvalidJwt('Robot is disabled.');
  const keys = account.keys.filter(({ id }) => !kid || id === kid);
  if (!keys.some(({ publicKey }) => signedBy(token, publicKey)))
    throw new InvalidJwt('Invalid JWT Signature.');
  const { iat, exp } = claims;
  const now = cloud.clock.now() / 1000;
  if (iat === undefined || exp === undefined || exp <= now || iat > now + SKEW || exp - iat > LONGEST) {
    throw new InvalidJwt(TIMES);
  }
  return { account, claims };
}

/**
 * The account behind a self-signed JWT used as a bearer token, which Google's client libraries prefer to an
 * access token when they hold a key file (https://google.aip.dev/auth/4111); undefined when it is not a good one.
 */
export function selfSignedPrincipal(cloud: Cloud, token: string): Principal | undefined {
  try {
    const { account, claims } = readServiceAccountJwt(cloud, token);
    const meant =
      claims.scope !== undefined || /^https:\/\/[a-z]+\.googleapis\.com\//.test(String(claims.aud));
    return claims.sub === account.email && meant ? serviceAccount(account.email) : undefined;
  } catch (error) {
    if (error instanceof InvalidJwt) return undefined;
    throw error;
  }
}

/** An account's public keys, as `https://www.googleapis.com/service_accounts/v1/jwk/EMAIL` publishes them. */
export function serviceAccountJwks({ keys }: ServiceAccount): { keys: JWK[] } {
  return {
    keys: keys.map(({ id, publicKey }) => ({
      ...createPublicKey(publicKey).export({ format: 'jwk' }),
      kid: id,
      alg: 'RS256',
      use: 'sig',
    })),
  };
}

function parse(token: string): { claims: JWTPayload; kid: string | undefined } {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    if (alg !== 'RS256') throw new Error(alg);
    return { claims: decodeJwt(token), kid };
  } catch {
    throw new InvalidJwt('Invalid JWT: Failed to parse the JWT.');
  }
}

function signedBy(token: string, publicKey: string): boolean {
  const [header, payload, signature = ''] = token.split('.');
  return verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
}
