import type { Cloud } from '../cloud.ts';
import { GOOGLE_ISSUER } from './keys.ts';

const LIFETIME = 3600;

/**
 * Signs a Google ID token for an account, good for an hour
 * (https://cloud.google.com/docs/authentication/token-types#id).
 *
 * @param audience who is to accept it, e.g. a Cloud Run service's URL
 * @param includeEmail whether it carries `email`; services that authorise by e-mail need it
 */
export function idToken(cloud: Cloud, email: string, audience: string, includeEmail = true): Promise<string> {
  const iat = Math.floor(cloud.clock.now() / 1000);
  const subject = cloud.iamAdmin.accounts.ofEmail(email)?.uniqueId ?? email;
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
export async function verifyIdToken(
  cloud: Cloud,
  token: string,
  audience: string | string[],
): Promise<{ email: string } | undefined> {
  try {
    const claims = await cloud.keys.verify(token, {
      issuer: GOOGLE_ISSUER,
      audience,
      now: cloud.clock.now(),
    });
    const { email, sub } = claims;
    if (typeof email !== 'string' || cloud.iamAdmin.accounts.isDeleted(email)) return undefined;
    const account = cloud.iamAdmin.accounts.ofEmail(email);
    return account && (account.disabled || account.uniqueId !== sub) ? undefined : { email };
  } catch {
    return undefined;
  }
}
