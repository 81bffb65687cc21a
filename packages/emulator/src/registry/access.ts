import { bearerOf as tokenOf } from '../kernel/access.ts';
import type { Call } from '../kernel/http/call.ts';
import {
  type Action,
  type Bearer,
  type Credentials,
  type Images,
  RegistryError,
  type Target,
} from '../oci/index.ts';
import type { Context } from './context.ts';
import { parseTarget, registryHost } from './target.ts';

/** A target that is there and that the caller may use. */
export interface Granted extends Target {
  readonly images: Images;
}

/**
 * The repository a call is about, once its caller has proved who they are and that they may do this.
 * @param whole whether it may be a repository without an image
 * @throws RegistryError UNAUTHORIZED, DENIED, NAME_INVALID or NAME_UNKNOWN
 */
export function enter(call: Call, cloud: Context, action: Action, whole = false): Granted {
  const name = call.params.name ?? '';
  const bearer = bearerOf(call, cloud, `repository:${name}:${action === 'push' ? 'pull,push' : action}`);
  const target = parseTarget(cloud, name, { host: registryHost(call), whole });
  target.demand(bearer, action);
  const { images } = target;
  if (!images) throw new RegistryError('NAME_UNKNOWN', `Repository "${target.repositoryId}" not found`);
  return { ...target, images };
}

/**
 * Who calls the registry: bearer of a registry token, of an access token, or with Basic credentials.
 * @param scope what the challenge of a 401 asks the client to get a token for
 * @throws RegistryError UNAUTHORIZED
 */
export function bearerOf(call: Call, cloud: Context, scope?: string): Bearer {
  const { authorization } = call.headers;
  const token = tokenOf(authorization);
  const bearer = token
    ? (cloud.registryTokens.verify(token, cloud.clock.now()) ?? signedIn(call, cloud))
    : basicBearer(authorization, cloud)?.bearer();
  if (bearer) return bearer;
  throw new RegistryError('UNAUTHORIZED', authorization ? 'authentication failed' : 'Unauthorized access.', {
    'www-authenticate': challenge(call, scope),
  });
}

/** Who shows an access token itself, or a self-signed JWT. */
function signedIn({ credential }: Call, { imageHomes }: Context): Bearer | undefined {
  if (!credential) return undefined;
  return imageHomes.map((home) => home.ofCredential?.(credential)).find((bearer) => bearer !== undefined);
}

/** Reads an `Authorization: Basic` header; undefined unless it holds good credentials. */
export function basicBearer(authorization: string | undefined, cloud: Context): Credentials | undefined {
  const encoded = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1];
  const [user = '', ...password] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return checkPassword(user, password.join(':'), cloud);
}

/** Asks whose images there are whether a user name and its password are good. */
export function checkPassword(
  user: string,
  password: string,
  { imageHomes }: Context,
): Credentials | undefined {
  for (const home of imageHomes) {
    const credentials = home.signIn(user, password);
    if (credentials) return credentials;
  }
  return undefined;
}

function challenge({ url: { host, protocol }, headers }: Call, scope: string | undefined): string {
  // Behind something that ends TLS, the way back is by TLS too.
  const scheme = protocol === 'https:' || headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `Bearer realm="${scheme}://${host}/v2/token",service="${host}"${scope ? `,scope="${scope}"` : ''}`;
}
