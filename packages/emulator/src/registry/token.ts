import type { Call, Reply } from '../kernel/http/call.ts';
import { type Action, type Bearer, type Credentials, RegistryError } from '../oci/index.ts';
import { basicBearer, checkPassword } from './access.ts';
import type { Context } from './context.ts';
import { parseTarget, registryHost } from './target.ts';

/** Seconds a registry token lives, unless the access token behind it ends earlier. */
const LIFETIME = 3600;

/** GET /v2/token: trades Basic credentials for a registry token (https://distribution.github.io/distribution/spec/auth/token/). */
export function getToken(call: Call, cloud: Context): Reply {
  const { authorization } = call.headers;
  const credentials = authorization ? basicBearer(authorization, cloud) : nobody;
  return issue(call, cloud, credentials, call.query.getAll('scope'), 'token');
}

/** POST /v2/token: the same as an OAuth 2 password grant, as containerd asks (https://distribution.github.io/distribution/spec/auth/oauth/). */
export function postToken(call: Call, cloud: Context): Reply {
  const form = new URLSearchParams(call.body.toString('utf8'));
  const credentials = checkPassword(form.get('username') ?? '', form.get('password') ?? '', cloud);
  return issue(call, cloud, credentials, form.getAll('scope'), 'access_token');
}

function issue(
  call: Call,
  cloud: Context,
  credentials: Credentials | undefined,
  scopes: readonly string[],
  field: 'token' | 'access_token',
): Reply {
  const bearer = credentials?.bearer();
  if (!credentials || !bearer) throw new RegistryError('UNAUTHORIZED', 'authentication failed');
  const denials = scopes
    .flatMap((scope) => scope.split(' '))
    .map((scope) => denialOf(call, cloud, bearer, scope));
  // A push that mounts layers asks for the other repository too; not getting that one is no reason to fail.
  const denial =
    denials.find((found) => found?.decisive) ?? (denials.every(Boolean) ? denials[0] : undefined);
  if (denial) throw denial.error;
  const token = cloud.registryTokens.issue(credentials.bearer, cloud.clock.now() + LIFETIME * 1000);
  return {
    body: { [field]: token, expires_in: LIFETIME, issued_at: new Date(cloud.clock.now()).toISOString() },
  };
}

/** Why a scope like `repository:P/R/IMAGE:pull,push` is refused; a refused push is decisive. */
function denialOf(
  call: Call,
  cloud: Context,
  bearer: Bearer,
  scope: string,
): { error: RegistryError; decisive: boolean } | undefined {
  const [, name = '', wanted = ''] = /^repository:([^:]+):([\w*,]+)$/.exec(scope) ?? [];
  if (!name) return undefined;
  const asked = wanted.split(',');
  const actions: Action[] = (['push', 'pull', 'delete'] as const).filter(
    (action) => asked.includes(action) || asked.includes('*'),
  );
  for (const action of actions) {
    try {
      parseTarget(cloud, name, { host: registryHost(call) }).demand(bearer, action);
    } catch (error) {
      if (error instanceof RegistryError) return { error, decisive: action === 'push' };
      throw error;
    }
  }
  return undefined;
}

const nobody: Credentials = { bearer: () => ({ principal: undefined }) };
