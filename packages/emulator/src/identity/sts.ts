import { decodeJwt, errors, type JWTPayload } from 'jose';
import type { Cloud } from '../cloud.ts';
import { type Call, type Reply, type Route, route } from '../handler.ts';
import { type Attributes, mapAttributes, Rejected, requireCondition } from './attribute-condition.ts';
import { oauthFields, refuse } from './oauth-form.ts';
import type { Principal } from './principal.ts';
import { audiencesOf, type Provider } from './workload-identity-pools.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SUBJECT_TYPES = ['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token'];
const AUDIENCE =
  /^\/\/iam\.googleapis\.com\/(projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+)$/;
const LONGEST = 3600;
const OLDEST = 24 * 3600;

/** The Security Token Service v1 (https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token, RFC 8693). */
export const stsRoutes: readonly Route[] = [route('POST', '/v1/token', undefined, exchange)];

async function exchange(call: Call, cloud: Cloud): Promise<Reply> {
  const fields = oauthFields(call);
  if (fields.grant_type !== GRANT)
    return refuse('unsupported_grant_type', `Unsupported grant_type: ${fields.grant_type ?? ''}`);
  if (fields.requested_token_type !== ACCESS_TOKEN)
    return refuse('invalid_request', 'Invalid value for "requested_token_type".');
  if (!SUBJECT_TYPES.includes(fields.subject_token_type ?? ''))
    return refuse('invalid_request', 'Invalid value for "subject_token_type".');
  const name = AUDIENCE.exec(fields.audience ?? '')?.[1];
  if (!name) {
    return refuse(
      'invalid_request',
      'Invalid value for "audience". This value should be the full resource name of the Identity Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats.',
    );
  }
  const provider = cloud.iamAdmin.pools.active(name);
  if (!provider) {
    return refuse(
      'invalid_target',
      'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
    );
  }
  try {
    const claims = await verified(fields.subject_token ?? '', provider, cloud);
    const attributes = mapAttributes(provider.attributeMapping, claims);
    if (provider.attributeCondition) requireCondition(provider.attributeCondition, claims, attributes);
    const lifetime = Math.min(LONGEST, claims.exp - Math.floor(cloud.clock.now() / 1000));
    const { token } = cloud.tokens.issue(federated(provider, attributes), lifetime, fields.scope?.split(' '));
    return {
      body: {
        access_token: token,
        issued_token_type: ACCESS_TOKEN,
        token_type: 'Bearer',
        expires_in: lifetime,
      },
    };
  } catch (error) {
    if (error instanceof Rejected) return refuse(error.code, error.message);
    throw error;
  }
}

/** The IAM identity of a credential (https://cloud.google.com/iam/docs/principal-identifiers). */
function federated({ name }: Provider, { subject, custom }: Attributes): Principal {
  const pool = `iam.googleapis.com/${name.replace(/\/providers\/.*$/, '')}`;
  const sets = Object.entries(custom).map(
    ([attribute, value]) => `principalSet://${pool}/attribute.${attribute}/${value}`,
  );
  return {
    member: `principal://${pool}/subject/${subject}`,
    memberOf: [...sets, `principalSet://${pool}/*`],
  };
}

/** The claims of an ID token that this provider takes: by issuer, audience, age and signature. */
async function verified(
  token: string,
  provider: Provider,
  cloud: Cloud,
): Promise<JWTPayload & { exp: number }> {
  const now = cloud.clock.now();
  const claims = decoded(token);
  const { iss, aud, exp, iat } = claims;
  if (iss !== provider.issuer) {
    throw new Rejected(
      'invalid_grant',
      `The issuer in ID Token ${iss} does not match the expected ones: ${provider.issuer}.`,
    );
  }
  const given = typeof aud === 'string' ? [aud] : (aud ?? []);
  const expected = audiencesOf(provider);
  if (!given.some((audience) => expected.includes(audience))) {
    throw new Rejected(
      'invalid_grant',
      `The audience in ID Token [${given.join(', ')}] does not match the expected audience ${expected[0]}.`,
    );
  }
  if (!cloud.keys.jwks(provider.issuer))
    throw new Rejected('invalid_grant', "Error connecting to the given credential's issuer.");
  if (typeof exp !== 'number' || typeof iat !== 'number') {
    throw new Rejected('invalid_grant', 'The ID Token must have the claims "iat" and "exp".');
  }
  if (exp * 1000 <= now || (iat + OLDEST) * 1000 <= now) {
    throw new Rejected('invalid_grant', `ID Token issued at ${iat} is stale to sign-in.`);
  }
  if (iat * 1000 > now) throw new Rejected('invalid_grant', `ID Token issued at ${iat} is from the future.`);
  try {
    await cloud.keys.verify(token, { issuer: provider.issuer, now });
  } catch (error) {
    if (error instanceof errors.JOSEError)
      throw new Rejected('invalid_grant', 'Unable to verify the ID Token signature.');
    throw error;
  }
  return { ...claims, exp };
}

function decoded(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw new Rejected('invalid_grant', 'Unable to parse the ID Token.');
  }
}
