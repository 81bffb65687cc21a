import { decodeJwt } from 'jose';
import { bearerOf } from '../../kernel/access.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { openRoute, type Route } from '../../kernel/http/route.ts';
import { serviceAccount, user } from '../../kernel/principal.ts';
import { OWNER } from '../../seeded.ts';
import { OAuthError, type OAuthFields, oauthFields, refuse } from '../tokens/oauth-form.ts';
import { CLOUD_PLATFORM, invalidScopes, wordsOf } from '../tokens/oauth-scopes.ts';
import { authorizedUser } from './authorized-user.ts';
import type { Context } from './context.ts';
import { idToken } from './id-token.ts';
import { GOOGLE_ISSUER } from './issuer.ts';
import { InvalidJwt, readServiceAccountJwt, serviceAccountJwks } from './service-account-jwt.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const LIFETIME = 3599;

/** Google's OAuth 2.0 endpoints (https://developers.google.com/identity/protocols/oauth2/service-account). */
export const oauthRoutes: readonly Route<Context>[] = [
  openRoute('POST', '/token', token),
  openRoute('GET', '/tokeninfo', tokenInfo),
  openRoute('POST', '/tokeninfo', tokenInfo),
  openRoute('GET', '/oauth2/v3/tokeninfo', tokenInfo),
  openRoute('POST', '/oauth2/v3/tokeninfo', tokenInfo),
  openRoute('GET', '/oauth2/v3/certs', async (_, cloud) => ({ body: await cloud.keys.jwks(GOOGLE_ISSUER) })),
  openRoute('GET', '/service_accounts/v1/jwk/{account}', accountKeys),
];

async function token(call: Call, cloud: Context): Promise<Reply> {
  try {
    const fields = oauthFields(call);
    if (fields.grant_type === JWT_BEARER) return await bearer(fields.assertion ?? '', cloud);
    if (fields.grant_type === 'refresh_token') return refresh(fields, cloud);
    return refuse('unsupported_grant_type', `Invalid grant_type: ${fields.grant_type ?? ''}`);
  } catch (error) {
    if (error instanceof InvalidJwt) return refuse('invalid_grant', error.message);
    if (error instanceof OAuthError) return error.reply;
    throw error;
  }
}

/**
 * RFC 7523: a JWT signed with a service account's key for an access token, or for an ID token of `target_audience`. One for another `sub`
 * asks for domain-wide delegation, which no account here has (https://developers.google.com/identity/protocols/oauth2/service-account#error-codes).
 *
 * @throws InvalidJwt
 */
async function bearer(assertion: string, cloud: Context): Promise<Reply> {
  const { account, claims } = readServiceAccountJwt(cloud, assertion);
  const { aud, sub = account.email, scope, target_audience: audience } = claims;
  if (aud !== TOKEN_URL && aud !== `${cloud.origin}/token`) {
    return refuse('invalid_grant', `Invalid JWT: Failed audience check. The right audience is ${TOKEN_URL}`);
  }
  if (sub !== account.email) {
    return refuse(
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      401,
    );
  }
  if (typeof audience === 'string' && audience !== '')
    return { body: { id_token: await idToken(cloud, account.email, audience) } };
  const scopes = typeof scope === 'string' ? wordsOf(scope) : [];
  if (scopes.length === 0 || invalidScopes(scopes))
    return refuse('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  const { token } = cloud.tokens.issue(serviceAccount(account.email), LIFETIME, scopes);
  return { body: { access_token: token, expires_in: LIFETIME, token_type: 'Bearer' } };
}

function refresh(fields: OAuthFields, cloud: Context): Reply {
  const known = authorizedUser(cloud);
  if (fields.client_id !== known.client_id)
    return refuse('invalid_client', 'The OAuth client was not found.', 401);
  if (fields.client_secret !== known.client_secret)
    return refuse('invalid_client', 'The provided client secret is invalid.', 401);
  if (fields.refresh_token !== known.refresh_token)
    return refuse('invalid_grant', 'Token has been expired or revoked.');
  // A refresh token is for what its person agreed to; a request may name less.
  const scopes = wordsOf(fields.scope ?? CLOUD_PLATFORM);
  const invalid = invalidScopes(scopes);
  if (invalid) return refuse('invalid_scope', invalid);
  const { token } = cloud.tokens.issue(user(OWNER), LIFETIME, scopes);
  const scope = scopes.join(' ');
  return { body: { access_token: token, expires_in: LIFETIME, scope, token_type: 'Bearer' } };
}

/** What a token is good for: an access token of this cloud or an ID token that it signed. */
async function tokenInfo(call: Call, cloud: Context): Promise<Reply> {
  const fields = oauthFields(call);
  const id = call.query.get('id_token') ?? fields.id_token;
  if (id) return idTokenInfo(id, cloud);
  const given = call.query.get('access_token') ?? fields.access_token ?? bearerOf(call.headers.authorization);
  const principal = given ? cloud.tokens.verify(given) : undefined;
  const expires = given ? cloud.tokens.expiry(given) : undefined;
  if (!principal || expires === undefined) return refuse('invalid_token', 'Invalid Value');
  return {
    body: {
      scope: (given ? cloud.tokens.scopes(given) : undefined)?.join(' '),
      exp: String(Math.floor(expires / 1000)),
      expires_in: String(Math.floor((expires - cloud.clock.now()) / 1000)),
      ...(principal.email && { email: principal.email, email_verified: 'true' }),
      access_type: 'online',
    },
  };
}

async function idTokenInfo(id: string, cloud: Context): Promise<Reply> {
  try {
    await cloud.keys.verify(id, { issuer: GOOGLE_ISSUER, now: cloud.clock.now() });
  } catch {
    return refuse('invalid_token', 'Invalid Value');
  }
  return {
    body: Object.fromEntries(Object.entries(decodeJwt(id)).map(([name, value]) => [name, String(value)])),
  };
}

function accountKeys(call: Call, cloud: Context): Reply {
  return { body: serviceAccountJwks(cloud.accounts, cloud.accounts.get(call.params.account ?? '')) };
}
