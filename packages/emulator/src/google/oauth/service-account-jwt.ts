import { createPublicKey, verify } from 'node:crypto';
import type { JWK } from 'jose';
import type { Account, Accounts } from '../../contracts.ts';
import type { Credential } from '../../kernel/http/call.ts';
import { serviceAccount } from '../../kernel/principal.ts';
import {
  audiencesIn,
  type CompactJwt,
  MalformedJwt,
  parseCompactJwt,
  timeOf,
} from '../tokens/compact-jwt.ts';
import { invalidScopes, wordsOf } from '../tokens/oauth-scopes.ts';
import type { Context } from './context.ts';

/** Why a JWT that a service account signed is refused, in the words of Google's token endpoint. */
export class InvalidJwt extends Error {}

/** Claims of a JWT whose signature and times hold. */
type Claims = CompactJwt['claims'];

const ALL_OF_GOOGLE_CLOUD = 'https://www.googleapis.com/auth/cloud-platform';
const LONGEST = 3600;
const SKEW = 300;
const TIMES =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

/**
 * Reads a JWT that a service account signed with one of its keys.
 *
 * | Rule | Source |
 * |---|---|
 * | RS256, three parts | https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth |
 * | `iss` is the e-mail of an account that is there and enabled | the same |
 * | a key of the account, enabled; a `kid`, where there is one, is that key's | the same: "Google reserves the right to reject tokens with incorrect key IDs" |
 * | `iat` and `exp`, at most an hour between, now within | the same |
 *
 * @throws InvalidJwt
 */
export function readServiceAccountJwt(
  cloud: Context,
  token: string,
): { account: Account; claims: Claims; kid: string | undefined } {
  const { header, claims, signed, signature } = parse(token);
  const account = typeof claims.iss === 'string' ? cloud.accounts.ofEmail(claims.iss) : undefined;
  if (!account) throw new InvalidJwt('Invalid grant: account not found');
  if (account.disabled) throw new InvalidJwt('Robot is disabled.');
  const keys = cloud.accounts
    .usableKeys(account)
    .filter(({ id }) => header.kid === undefined || id === header.kid);
  if (!keys.some(({ publicKey }) => verify('RSA-SHA256', Buffer.from(signed), publicKey, signature)))
    throw new InvalidJwt('Invalid JWT Signature.');
  checkTimes(claims, cloud.clock.now() / 1000);
  return { account, claims, kid: header.kid };
}

/**
 * What a self-signed JWT proves that is used as a bearer token, which Google's client libraries prefer to an access token when they
 * hold a key file; undefined when it is not a good one.
 *
 * Besides what every JWT of an account must be, it names its key, its `iss` and `sub` are the same, and it is for one API
 * (`aud`: `https://SERVICE.googleapis.com/`) or limited by scopes (`scope`), or both.
 *
 * @see https://google.aip.dev/auth/4111
 */
export function selfSigned(cloud: Context, token: string): Credential | undefined {
  try {
    const { account, claims, kid } = readServiceAccountJwt(cloud, token);
    if (kid === undefined || claims.sub !== account.email) return undefined;
    const { aud, scope } = claims;
    // Clients that were told where an API answers, as google-github-actions/auth is, sign for that host.
    if (aud === `${cloud.origin}/` && scope === undefined)
      return { principal: serviceAccount(account.email), scopes: [ALL_OF_GOOGLE_CLOUD], api: undefined };
    const api = aud === undefined ? undefined : apiOf(claims);
    const scopes = typeof scope === 'string' ? wordsOf(scope) : undefined;
    if (aud !== undefined && api === undefined) return undefined;
    if (scope !== undefined && (!scopes?.length || invalidScopes(scopes))) return undefined;
    return api === undefined && scopes === undefined
      ? undefined
      : { principal: serviceAccount(account.email), scopes, api };
  } catch (error) {
    if (error instanceof InvalidJwt) return undefined;
    throw error;
  }
}

/** An account's public keys, as `https://www.googleapis.com/service_accounts/v1/jwk/EMAIL` publishes them. */
export function serviceAccountJwks(accounts: Accounts, account: Account): { keys: JWK[] } {
  return {
    keys: accounts.usableKeys(account).map(({ id, publicKey }) => ({
      ...createPublicKey(publicKey).export({ format: 'jwk' }),
      kid: id,
      alg: 'RS256',
      use: 'sig',
    })),
  };
}

/** The API whose address the one audience is; what comes after the host names an interface of it. */
function apiOf(claims: Claims): string | undefined {
  const [audience = '', ...more] = audiencesIn(claims) ?? [];
  return more.length === 0 ? /^https:\/\/([a-z]+\.googleapis\.com)\//.exec(audience)?.[1] : undefined;
}

function checkTimes(claims: Claims, now: number): void {
  const iat = timeOf(claims, 'iat');
  const exp = timeOf(claims, 'exp');
  const nbf = claims.nbf === undefined ? 0 : timeOf(claims, 'nbf');
  const known = iat !== undefined && exp !== undefined && nbf !== undefined;
  if (!known || exp <= now || exp <= iat || exp - iat > LONGEST || Math.max(iat, nbf) > now + SKEW)
    throw new InvalidJwt(TIMES);
}

/** The words for what is no JWT are ours. */
function parse(token: string): CompactJwt {
  try {
    const jwt = parseCompactJwt(token);
    if (jwt.header.alg !== 'RS256') throw new MalformedJwt(jwt.header.alg);
    return jwt;
  } catch (error) {
    if (error instanceof MalformedJwt) throw new InvalidJwt('Invalid JWT: Failed to parse the JWT.');
    throw error;
  }
}
