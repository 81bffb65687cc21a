import { errors } from 'jose';
import type { Provider } from '../../contracts.ts';
import {
  audiencesIn,
  type CompactJwt,
  MalformedJwt,
  parseCompactJwt,
  timeOf,
} from '../tokens/compact-jwt.ts';
import { Rejected } from './attribute-condition.ts';
import type { Context } from './context.ts';

/** What of a provider says which tokens it takes. */
type IdentityProvider = Pick<Provider, 'name' | 'issuer' | 'allowedAudiences'>;

/** By what signatures and times are verified. */
export interface Verifier {
  readonly clock: Pick<Context['clock'], 'now'>;
  readonly keys: Pick<Context['keys'], 'has' | 'verify'>;
}

/** Seconds after which a token is stale, whatever it says. */
const OLDEST = 24 * 3600;
/** Seconds from `iat` that `exp` must be below. */
const LONGEST = 48 * 3600;

/**
 * The claims of an ID token that a provider takes. What a token must be is in the description of `subject_token`
 * (https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token):
 *
 * | Part | Rule |
 * |---|---|
 * | `alg` | RS256; ES256 is for issuers that the local cloud has not |
 * | `kid` | there, and a key of the issuer |
 * | `iss` | the provider's |
 * | `aud` | one of the provider's |
 * | `iat` | in the past, and not stale |
 * | `exp` | in the future, less than 48 hours after `iat` |
 * | `sub` | there |
 *
 * What it says of staleness, audience, issuer and signature are the service's own words as people report them; the others are ours.
 *
 * @throws Rejected invalid_grant
 */
export async function verifyIdToken(
  token: string,
  provider: IdentityProvider,
  { keys, clock }: Verifier,
): Promise<Record<string, unknown> & { exp: number }> {
  const { header, claims } = parsed(token);
  checkIssuer(claims, provider, keys);
  checkAudience(claims, provider);
  const exp = checkTimes(claims, clock.now() / 1000);
  if (typeof claims.sub !== 'string' || claims.sub === '')
    throw rejected('The ID Token must have the claim "sub".');
  if (header.alg !== 'RS256')
    throw rejected(`The ID Token is signed with ${header.alg}, which is not supported.`);
  if (header.kid === undefined) throw rejected('The ID Token must have a "kid" in its header.');
  try {
    await keys.verify(token, { issuer: provider.issuer, now: clock.now() });
  } catch (error) {
    if (error instanceof errors.JOSEError) throw rejected('Unable to verify the ID Token signature.');
    throw error;
  }
  return { ...claims, exp };
}

function checkIssuer(
  { iss }: CompactJwt['claims'],
  { issuer }: IdentityProvider,
  keys: Verifier['keys'],
): void {
  if (iss !== issuer)
    throw rejected(`The issuer in ID Token ${iss} does not match the expected ones: ${issuer}.`);
  if (!keys.has(issuer)) throw rejected("Error connecting to the given credential's issuer.");
}

function checkAudience(claims: CompactJwt['claims'], provider: IdentityProvider): void {
  const given = audiencesIn(claims) ?? [];
  const expected = audiencesOf(provider);
  if (given.some((audience) => expected.includes(audience))) return;
  throw rejected(
    `The audience in ID Token [${given.join(', ')}] does not match the expected audience ${expected[0]}.`,
  );
}

/** @returns `exp` */
function checkTimes(claims: CompactJwt['claims'], now: number): number {
  const [iat, exp] = [timeOf(claims, 'iat'), timeOf(claims, 'exp')];
  if (iat === undefined || exp === undefined)
    throw rejected('The ID Token must have the claims "iat" and "exp", in whole seconds since the epoch.');
  const nbf = claims.nbf === undefined ? 0 : timeOf(claims, 'nbf');
  if (nbf === undefined) throw rejected('The claim "nbf" of the ID Token must be in whole seconds.');
  if (exp <= now || iat + OLDEST <= now) throw rejected(`ID Token issued at ${iat} is stale to sign-in.`);
  if (iat > now) throw rejected(`ID Token issued at ${iat} is from the future.`);
  if (nbf > now) throw rejected(`ID Token is not valid before ${nbf}.`);
  if (exp <= iat || exp - iat >= LONGEST)
    throw rejected('The ID Token must expire less than 48 hours after it was issued.');
  return exp;
}

function parsed(token: string): CompactJwt {
  try {
    return parseCompactJwt(token);
  } catch (error) {
    if (error instanceof MalformedJwt) throw rejected('Unable to parse the ID Token.');
    throw error;
  }
}

function rejected(message: string): Rejected {
  return new Rejected('invalid_grant', message);
}

/** The audiences a token for this provider may carry. */
function audiencesOf({ name, allowedAudiences }: IdentityProvider): readonly string[] {
  return allowedAudiences.length > 0
    ? allowedAudiences
    : [`https://iam.googleapis.com/${name}`, `//iam.googleapis.com/${name}`];
}
