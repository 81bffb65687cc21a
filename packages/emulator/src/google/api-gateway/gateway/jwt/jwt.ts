import type { IncomingHttpHeaders } from 'node:http';
import { compactVerify, importJWK, type JWK } from 'jose';
import type { JwtLocation, JwtProvider } from '../../import/compiled.ts';
import { Rejection } from '../rejection.ts';
import { JwtError, MISSING, UNKNOWN_ISSUER } from './error.ts';
import type { JwksCache } from './jwks.ts';
import { type JwtParts, parseJwt } from './parts.ts';

/** What of a request the token check looks at. */
export interface Bearer {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  /** The URL the client asked for, shown in `WWW-Authenticate`. */
  readonly url: string;
}

/** What tokens are checked against besides the provider. */
export interface JwtContext {
  readonly jwks: JwksCache;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly managedService: string;
}

const DEFAULT_LOCATIONS: readonly JwtLocation[] = [
  { in: 'header', name: 'authorization', valuePrefix: 'Bearer ' },
  { in: 'header', name: 'x-goog-iap-jwt-assertion', valuePrefix: '' },
  { in: 'query', name: 'access_token', valuePrefix: '' },
];
const CLOCK_SKEW = 60;
/** Tokens that are known to be signed well: those of the callers of a while. */
const KNOWN = 1000;

/** A caller sends the same token many times: its signature is looked at once, its times and audiences each time. */
const verified = new WeakMap<readonly JWK[], Set<string>>();

/**
 * Checks a request's token as Envoy's jwt_authn filter does: any one of the providers must accept it.
 *
 * @returns the payload, base64url without padding, for `X-Apigateway-Api-Userinfo`
 * @throws Rejection 401, or 403 for a wrong audience, with Envoy's text
 */
export async function checkJwt(
  providers: readonly JwtProvider[],
  bearer: Bearer,
  context: JwtContext,
): Promise<string> {
  const errors: JwtError[] = [];
  for (const provider of providers) {
    try {
      return await accept(provider, bearer, context);
    } catch (error) {
      if (!(error instanceof JwtError)) throw error;
      errors.push(error);
    }
  }
  throw rejection(mostTelling(errors), bearer.url);
}

async function accept(
  provider: JwtProvider,
  bearer: Bearer,
  { jwks, now, managedService }: JwtContext,
): Promise<string> {
  const token = tokenOf(provider, bearer);
  if (token === undefined) throw new JwtError(MISSING);
  const jwt = parseJwt(token);
  // A provider without an issuer accepts nothing, lest an unfinished document open an API.
  if (!provider.issuer || jwt.issuer !== provider.issuer) throw new JwtError(UNKNOWN_ISSUER);
  const seconds = Math.floor(now / 1000);
  if (jwt.notBefore !== undefined && seconds + CLOCK_SKEW < jwt.notBefore)
    throw new JwtError('Jwt not yet valid');
  if (jwt.expires !== undefined && seconds - CLOCK_SKEW > jwt.expires) throw new JwtError('Jwt is expired');
  const allowed = provider.audiences.length > 0 ? provider.audiences : [`https://${managedService}`];
  if (!jwt.audiences.some((audience) => allowed.some((other) => plain(other) === plain(audience)))) {
    throw new JwtError('Audiences in Jwt are not allowed', 403);
  }
  await verifySignature(token, jwt, await jwks.keysOf(provider));
  return jwt.payload;
}

function tokenOf({ locations }: JwtProvider, { headers, query }: Bearer): string | undefined {
  for (const { in: place, name, valuePrefix } of locations.length > 0 ? locations : DEFAULT_LOCATIONS) {
    const value = place === 'query' ? query.get(name) : [headers[name.toLowerCase()]].flat()[0];
    if (!value) continue;
    const start = value.indexOf(valuePrefix);
    if (start >= 0) return value.slice(start + valuePrefix.length).trim();
  }
  return undefined;
}

/** Scheme and last slash of an audience do not count. */
function plain(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

async function verifySignature(token: string, { alg, kid }: JwtParts, keys: readonly JWK[]): Promise<void> {
  const candidates = keys.filter(
    (key) => (kid === undefined || key.kid === undefined || key.kid === kid) && fits(key, alg),
  );
  if (candidates.length === 0) throw new JwtError("Jwks doesn't have key to match kid or alg from Jwt");
  const good = verifiedBy(keys);
  if (good.has(token)) return;
  for (const key of candidates) {
    try {
      await compactVerify(token, await importJWK({ ...key }, alg), { algorithms: [alg] });
      if (good.size >= KNOWN) good.clear();
      good.add(token);
      return;
    } catch {
      // Another key of the set may be the one.
    }
  }
  throw new JwtError('Jwt verification fails');
}

/** The tokens whose signature holds by a set of keys, as long as that set is the provider's. */
function verifiedBy(keys: readonly JWK[]): Set<string> {
  const tokens = verified.get(keys) ?? new Set();
  verified.set(keys, tokens);
  return tokens;
}

function fits({ kty, alg: only }: JWK, alg: string): boolean {
  if (only !== undefined && only !== alg) return false;
  if (alg.startsWith('ES')) return kty === 'EC';
  if (alg.startsWith('HS')) return kty === 'oct';
  return kty === (alg === 'EdDSA' ? 'OKP' : 'RSA');
}

/** A token that was there and failed says more than one that was not meant for the provider, or not there. */
function mostTelling(errors: readonly JwtError[]): JwtError {
  const telling = errors.find(({ message }) => message !== MISSING && message !== UNKNOWN_ISSUER);
  return telling ?? errors.find(({ message }) => message === UNKNOWN_ISSUER) ?? new JwtError(MISSING);
}

function rejection({ status, message }: JwtError, url: string): Rejection {
  if (status === 403) return new Rejection(403, message);
  const error = message === MISSING ? '' : ', error="invalid_token"';
  return new Rejection(401, message, { 'www-authenticate': `Bearer realm="${url}"${error}` });
}
