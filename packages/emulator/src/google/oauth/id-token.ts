import type { Context as ContextOf, IdTokens } from '../../contracts.ts';
import { GOOGLE_ISSUER } from './issuer.ts';

type Context = ContextOf<object, 'accounts'>;

const LIFETIME = 3600;

/** Google's ID tokens as other services see them. */
export function idTokensOf(cloud: Context): IdTokens {
  return {
    sign: (email, audience, includeEmail) => idToken(cloud, email, audience, includeEmail),
    verify: (token, audience) => verifyIdToken(cloud, token, audience),
  };
}

/**
 * Signs a Google ID token for an account, good for an hour
 * (https://cloud.google.com/docs/authentication/token-types#id).
 *
 * @param audience who is to accept it, e.g. a Cloud Run service's URL
 * @param includeEmail whether it carries `email`; services that authorise by e-mail need it
 */
export function idToken(
  cloud: Context,
  email: string,
  audience: string,
  includeEmail = true,
): Promise<string> {
  const iat = Math.floor(cloud.clock.now() / 1000);
  const subject = cloud.accounts.ofEmail(email)?.uniqueId ?? email;
  return cloud.keys.sign({
    iss: GOOGLE_ISSUER,
    aud: audience,
    azp: subject,
    sub: subject,
    ...(includeEmail && { email, email_verified: true }),
    iat,
    exp: iat + LIFETIME,
  });
}

/**
 * The account a Google ID token stands for; undefined unless Google signed it, it is for one of these
 * audiences, it has not expired, and it names an e-mail. That of a service account which is disabled or deleted by now stands
 * for nobody.
 */
async function verifyIdToken(
  cloud: Context,
  token: string,
  audience: string | readonly string[],
): Promise<{ email: string } | undefined> {
  try {
    const claims = await cloud.keys.verify(token, {
      issuer: GOOGLE_ISSUER,
      audience,
      now: cloud.clock.now(),
    });
    const { email, sub } = claims;
    if (typeof email !== 'string' || cloud.accounts.isDeleted(email)) return undefined;
    const account = cloud.accounts.ofEmail(email);
    return account && (account.disabled || account.uniqueId !== sub) ? undefined : { email };
  } catch {
    return undefined;
  }
}
