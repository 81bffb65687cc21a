import type { Account } from '../../contracts.ts';
import { requireCaller } from '../../kernel/access.ts';
import { ApiError, type Detail } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
import { serviceAccount } from '../../kernel/principal.ts';
import { invalidScopes } from '../tokens/oauth-scopes.ts';
import type { Context } from './context.ts';

const ACCOUNT = '/v1/projects/{project}/serviceAccounts/{account}';
const LONGEST = 3600;
const LONGEST_EXTENDED = 12 * 3600;
/** An e-mail, or a unique id. */
const IDENTIFIER = /^(?:[a-z0-9._-]+@[a-z0-9.-]+\.[a-z]+|\d{15,25})$/;

type Body = Readonly<Record<string, unknown>>;

/**
 * The IAM Service Account Credentials API v1 (https://cloud.google.com/iam/docs/reference/credentials/rest).
 *
 * | Rule | Source |
 * |---|---|
 * | the project is `-`: "The - wildcard character is required; replacing it with a project ID is invalid." | each method's `name` |
 * | delegates are named the same way | each method's `delegates` |
 * | `scope`: "At least one value required.", of scopes that there are | generateAccessToken |
 * | `lifetime`: a Duration of at most an hour, or of twelve where a constraint of the organization lists the account | generateAccessToken |
 * | `exp` of a payload: "an integer timestamp that is not in the past and at most 12 hours in the future" | signJwt |
 */
export const iamCredentialsRoutes: readonly Route<Context>[] = [
  method('generateAccessToken', 'getAccessToken', generateAccessToken),
  method('generateIdToken', 'getOpenIdToken', generateIdToken),
  method('signBlob', 'signBlob', (body, account, { accounts }) => {
    const payload = textOf(body, 'payload');
    const bytes = Buffer.from(payload, 'base64');
    if (bytes.length === 0) throw invalid('payload', 'The payload is required, as base64.');
    const { keyId, signature } = accounts.signBytes(account, bytes);
    return { body: { keyId, signedBlob: signature.toString('base64') } };
  }),
  method('signJwt', 'signJwt', signJwt),
];

/** @param permission on the account, the last part of its name */
function method(
  verb: string,
  permission: string,
  handler: (body: Body, account: Account, cloud: Context) => Reply | Promise<Reply>,
): Route<Context> {
  return route('POST', `${ACCOUNT}:${verb}`, undefined, (call, cloud) => {
    const body = bodyOf(call);
    const account = impersonated(
      call,
      cloud,
      `iam.serviceAccounts.${permission}`,
      textsOf(body, 'delegates'),
    );
    return handler(body, account, cloud);
  });
}

function generateAccessToken(body: Body, account: Account, cloud: Context): Reply {
  const scope = textsOf(body, 'scope');
  const lifetime = textOf(body, 'lifetime') || `${LONGEST}s`;
  if (scope.length === 0) throw invalid('scope', 'The scope is required.');
  const junk = invalidScopes(scope);
  if (junk) throw invalid('scope', junk);
  const seconds = Number(/^(\d{1,12})(?:\.\d{1,9})?s$/.exec(lifetime)?.[1] ?? Number.NaN);
  const longest = account.extendedLifetime ? LONGEST_EXTENDED : LONGEST;
  if (!(seconds > 0 && Number(lifetime.slice(0, -1)) <= longest))
    throw invalid('lifetime', `The lifetime must be from 1 to ${longest} seconds.`);
  const { token, expires } = cloud.tokens.issue(serviceAccount(account.email), seconds, scope);
  return {
    body: { accessToken: token, expireTime: new Date(expires).toISOString().replace(/\.\d+Z$/, 'Z') },
  };
}

async function generateIdToken(body: Body, { email }: Account, cloud: Context): Promise<Reply> {
  const audience = textOf(body, 'audience');
  if (!audience) throw invalid('audience', 'The audience is required.');
  const { includeEmail = false } = body;
  if (typeof includeEmail !== 'boolean')
    throw invalid(
      'include_email',
      `Invalid value at 'include_email' (TYPE_BOOL), ${JSON.stringify(includeEmail)}`,
    );
  return { body: { token: await cloud.idTokens.sign(email, audience, includeEmail) } };
}

function signJwt(body: Body, account: Account, cloud: Context): Reply {
  const claims = claimsOf(textOf(body, 'payload'));
  const now = cloud.clock.now() / 1000;
  const { exp } = claims;
  const inTime = Number.isSafeInteger(exp) && Number(exp) > now && Number(exp) <= now + LONGEST_EXTENDED;
  if (exp !== undefined && !inTime)
    throw invalid('payload', 'exp must be an integer timestamp that is at most 12 hours in the future.');
  const { keyId, jwt } = cloud.accounts.signClaims(account, claims);
  return { body: { keyId, signedJwt: jwt } };
}

function claimsOf(payload: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(payload);
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return { ...claims };
  } catch {
    // Refused below.
  }
  throw invalid('payload', 'The payload must be a JSON object that holds a JWT Claims Set.');
}

/** The account of the path, once the caller, or the last of the delegates it goes through, may act as it. */
function impersonated(call: Call, cloud: Context, permission: string, delegates: readonly string[]): Account {
  let actor = requireCaller(call, cloud, 'iamcredentials.googleapis.com');
  const id = identifierOf('name', `projects/${call.params.project}/serviceAccounts/${call.params.account}`);
  const chain = delegates.map((delegate) => identifierOf('delegates', delegate));
  for (const delegate of chain) {
    cloud.accounts.require(actor, 'iam.serviceAccounts.implicitDelegation', delegate);
    actor = serviceAccount(active(cloud, delegate).email);
  }
  cloud.accounts.require(actor, permission, id);
  return active(cloud, id);
}

/** @throws ApiError INVALID_ARGUMENT; of an identifier in Google's words, of the project in ours */
function identifierOf(field: string, name: string): string {
  const [, project, id = ''] = /^projects\/([^/]+)\/serviceAccounts\/([^/]*)$/.exec(name) ?? [];
  if (project !== '-')
    throw invalid(
      field,
      `The name must be projects/-/serviceAccounts/ACCOUNT, the - wildcard character included, and is ${name}.`,
    );
  if (!IDENTIFIER.test(id))
    throw invalid(
      field,
      `Invalid form of account ID ${id}. Should be [Gaia ID |Email |Unique ID |] of the account`,
    );
  return id;
}

function active(cloud: Context, id: string): Account {
  const account = cloud.accounts.find(id);
  if (!account) throw new ApiError('NOT_FOUND', `Not found; Gaia id not found for email ${id}`);
  if (account.disabled)
    throw new ApiError('FAILED_PRECONDITION', `Service account ${account.email} is disabled.`);
  return account;
}

function bodyOf(call: Call): Body {
  const body: unknown = json(call);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  throw invalid('', 'Invalid JSON payload received. Root element must be a message.');
}

function textOf(body: Body, field: string): string {
  const value = body[field] ?? '';
  if (typeof value === 'string') return value;
  throw invalid(field, `Invalid value at '${field}' (TYPE_STRING), ${JSON.stringify(value)}`);
}

function textsOf(body: Body, field: string): string[] {
  const value = body[field] ?? [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw invalid(field, `Invalid value at '${field}' (TYPE_STRING), ${JSON.stringify(value)}`);
}

function invalid(field: string, description: string): ApiError {
  const details: Detail[] = [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ];
  return new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.', details);
}
