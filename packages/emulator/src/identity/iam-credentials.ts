import type { Cloud } from '../cloud.ts';
import { ApiError, type Detail } from '../errors.ts';
import { type Call, json, type Reply, type Route, route } from '../handler.ts';
import { requireCaller, requireOnAccount } from './account-access.ts';
import { idToken } from './id-token.ts';
import { serviceAccount } from './principal.ts';
import type { ServiceAccount } from './service-accounts.ts';

const ACCOUNT = '/v1/projects/{project}/serviceAccounts/{account}';
const LONGEST = 3600;
const LONGEST_EXTENDED = 12 * 3600;

/** The IAM Service Account Credentials API v1 (https://cloud.google.com/iam/docs/reference/credentials/rest). */
export const iamCredentialsRoutes: readonly Route[] = [
  route('POST', `${ACCOUNT}:generateAccessToken`, undefined, generateAccessToken),
  route('POST', `${ACCOUNT}:generateIdToken`, undefined, generateIdToken),
];

function generateAccessToken(call: Call, cloud: Cloud): Reply {
  const {
    scope = [],
    lifetime = `${LONGEST}s`,
    delegates,
  } = json<{ scope?: string[]; lifetime?: string; delegates?: string[] }>(call);
  const account = impersonated(call, cloud, 'iam.serviceAccounts.getAccessToken', delegates);
  if (scope.length === 0) throw invalid('scope', 'The scope is required.');
  const seconds = Number(/^(\d+)(?:\.\d+)?s$/.exec(lifetime)?.[1] ?? Number.NaN);
  const longest = account.extendedLifetime ? LONGEST_EXTENDED : LONGEST;
  if (!(seconds > 0 && seconds <= longest))
    throw invalid('lifetime', `The lifetime must be from 1 to ${longest} seconds.`);
  const { token, expires } = cloud.tokens.issue(serviceAccount(account.email), seconds, scope);
  return {
    body: { accessToken: token, expireTime: new Date(expires).toISOString().replace(/\.\d+Z$/, 'Z') },
  };
}

async function generateIdToken(call: Call, cloud: Cloud): Promise<Reply> {
  const { audience, includeEmail, delegates } = json<{
    audience?: string;
    includeEmail?: boolean;
    delegates?: string[];
  }>(call);
  const account = impersonated(call, cloud, 'iam.serviceAccounts.getOpenIdToken', delegates);
  if (!audience) throw invalid('audience', 'The audience is required.');
  return { body: { token: await idToken(cloud, account.email, audience, includeEmail ?? false) } };
}

/** The account of the path, once the caller, or the last of the delegates it goes through, may act as it. */
function impersonated(
  call: Call,
  cloud: Cloud,
  permission: string,
  delegates: readonly string[] = [],
): ServiceAccount {
  let actor = requireCaller(call, cloud, 'iamcredentials.googleapis.com');
  for (const delegate of delegates) {
    const email = delegate.replace(/^projects\/-\/serviceAccounts\//, '');
    requireOnAccount(cloud, actor, 'iam.serviceAccounts.implicitDelegation', email);
    actor = serviceAccount(active(cloud, email).email);
  }
  const id = call.params.account ?? '';
  requireOnAccount(cloud, actor, permission, id);
  return active(cloud, id);
}

function active(cloud: Cloud, id: string): ServiceAccount {
  const account = cloud.iamAdmin.accounts.find(id);
  if (!account) throw new ApiError('NOT_FOUND', `Not found; Gaia id not found for email ${id}`);
  if (account.disabled)
    throw new ApiError('FAILED_PRECONDITION', `Service account ${account.email} is disabled.`);
  return account;
}

function invalid(field: string, description: string): ApiError {
  const details: Detail[] = [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ];
  return new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.', details);
}
