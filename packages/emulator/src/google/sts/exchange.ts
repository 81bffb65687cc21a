import type { Provider } from '../../contracts.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { openRoute, type Route } from '../../kernel/http/route.ts';
import type { Principal } from '../../kernel/principal.ts';
import { OAuthError, type OAuthFields, oauthFields } from '../tokens/oauth-form.ts';
import { invalidScopes, wordsOf } from '../tokens/oauth-scopes.ts';
import { type Attributes, mapAttributes, Rejected, requireCondition } from './attribute-condition.ts';
import type { Context } from './context.ts';
import { verifyIdToken } from './federated-token.ts';
import { type Identified, noTarget, workloadOf } from './workload.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SUBJECT_TYPES = ['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token'];
const FIELDS = [
  'grant_type',
  'audience',
  'scope',
  'requested_token_type',
  'subject_token',
  'subject_token_type',
  'options',
];
const AUDIENCE =
  /^\/\/iam\.googleapis\.com\/(projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+)$/;
const LONGEST = 3600;

/** The Security Token Service v1 (https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token, RFC 8693). */
export const stsRoutes: readonly Route<Context>[] = [openRoute('POST', '/v1/token', exchange)];

async function exchange(call: Call, cloud: Context): Promise<Reply> {
  try {
    const fields = oauthFields(call, FIELDS);
    checkForm(fields);
    const scopes = scopesOf(fields);
    checkOptions(fields);
    const { principal, lifetime } = await identified(fields, cloud);
    const { token } = cloud.tokens.issue(principal, lifetime, scopes);
    return {
      body: {
        access_token: token,
        issued_token_type: ACCESS_TOKEN,
        token_type: 'Bearer',
        expires_in: lifetime,
      },
    };
  } catch (error) {
    if (error instanceof OAuthError) return error.reply;
    if (error instanceof Rejected) return new OAuthError(error.code, error.message).reply;
    throw error;
  }
}

/** Who a token stands for, and how many seconds it is good for. */
async function identified(fields: OAuthFields, cloud: Context): Promise<Identified> {
  const { audience = '', subject_token: token = '' } = fields;
  const workload = await workloadOf(audience, token, cloud);
  if (workload) return { ...workload, lifetime: Math.min(LONGEST, workload.lifetime) };
  const provider = providerOf(audience, cloud);
  const claims = await verifyIdToken(token, provider, cloud);
  const attributes = mapAttributes(provider.attributeMapping, claims);
  if (provider.attributeCondition) requireCondition(provider.attributeCondition, claims, attributes);
  const lifetime = Math.min(LONGEST, claims.exp - Math.floor(cloud.clock.now() / 1000));
  return { principal: federated(provider, attributes), lifetime };
}

/**
 * Checks what every exchange has to say.
 *
 * @throws OAuthError; what it says of requested_token_type are the service's own words, the others are after their pattern
 */
function checkForm(fields: OAuthFields): void {
  if (fields.grant_type !== GRANT)
    throw fields.grant_type
      ? new OAuthError('unsupported_grant_type', `Unsupported grant_type: ${fields.grant_type}`)
      : invalid('grant_type');
  if (fields.requested_token_type !== ACCESS_TOKEN) throw invalid('requested_token_type');
  if (!SUBJECT_TYPES.includes(fields.subject_token_type ?? '')) throw invalid('subject_token_type');
  if (!fields.subject_token) throw invalid('subject_token');
}

/**
 * The provider that is to take the token.
 *
 * @throws OAuthError in the service's own words
 */
function providerOf(audience: string, cloud: Context): Provider {
  const name = AUDIENCE.exec(audience)?.[1];
  if (!name) {
    throw new OAuthError(
      'invalid_request',
      'Invalid value for "audience". This value should be the full resource name of the Identity Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats.',
    );
  }
  const provider = cloud.pools.active(name);
  if (!provider) throw noTarget();
  return provider;
}

/** @throws OAuthError; for scopes that Google does not have, in the words of its other token endpoint */
function scopesOf({ scope = '' }: OAuthFields): string[] {
  const scopes = wordsOf(scope);
  if (scopes.length === 0) throw new OAuthError('invalid_request', 'Scope(s) must be provided.');
  const junk = invalidScopes(scopes);
  if (junk) throw new OAuthError('invalid_scope', junk);
  return scopes;
}

/**
 * `options` is JSON, which client libraries percent-encode once more. The two options that there are, `userProject` and
 * `accessBoundary`, are for workforce pools and for Google's own access tokens.
 *
 * @throws OAuthError; the words are ours
 */
function checkOptions({ options }: OAuthFields): void {
  if (options === undefined) return;
  try {
    const value: unknown = JSON.parse(options.startsWith('%') ? decodeURIComponent(options) : options);
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return;
  } catch {
    // Refused below.
  }
  throw invalid('options');
}

function invalid(field: string): OAuthError {
  return new OAuthError('invalid_request', `Invalid value of ${field} in request.`);
}

/** The IAM identity of a credential (https://cloud.google.com/iam/docs/principal-identifiers). */
function federated({ name }: Provider, { subject, groups, custom }: Attributes): Principal {
  const pool = `iam.googleapis.com/${name.replace(/\/providers\/.*$/, '')}`;
  const sets = Object.entries(custom).map(
    ([attribute, value]) => `principalSet://${pool}/attribute.${attribute}/${value}`,
  );
  const members = groups.map((group) => `principalSet://${pool}/group/${group}`);
  return {
    member: `principal://${pool}/subject/${subject}`,
    memberOf: [...sets, ...members, `principalSet://${pool}/*`],
  };
}
