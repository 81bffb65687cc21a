import type { Cloud } from '../cloud.ts';
import { insufficientScopes, serviceDisabled } from '../errors.ts';
import { allows } from '../fly/tokens.ts';
import type { Call } from '../handler.ts';
import { allowsRegistry } from '../identity/api-scopes.ts';
import { bearerOf as tokenOf } from '../identity/credential.ts';
import type { StoredRepository } from '../services/artifact-registry/state.ts';
import { isEnabled, titleOf } from '../services/service-usage.ts';
import { basicBearer } from './credentials.ts';
import { RegistryError } from './errors.ts';
import { parseTarget, type Target } from './target.ts';
import type { Bearer } from './tokens.ts';

/** What a caller wants of a repository: in the words of a token scope, and what a push does to a tag. */
export type Action = 'pull' | 'push' | 'delete' | 'tag' | 'retag';

const API = 'artifactregistry.googleapis.com';

const PERMISSION: Readonly<Record<Action, string>> = {
  pull: 'artifactregistry.repositories.downloadArtifacts',
  push: 'artifactregistry.repositories.uploadArtifacts',
  delete: 'artifactregistry.repositories.deleteArtifacts',
  tag: 'artifactregistry.tags.create',
  retag: 'artifactregistry.tags.update',
};

/** A target whose repository is there and that the caller may use. */
export interface Granted extends Target {
  readonly repository: StoredRepository;
}

/**
 * The repository a call is about, once its caller has proved who they are and that they may do this.
 * @throws RegistryError UNAUTHORIZED, DENIED, NAME_INVALID or NAME_UNKNOWN
 */
export function enter(call: Call, cloud: Cloud, action: Action): Granted {
  const name = call.params.name ?? '';
  const bearer = bearerOf(call, cloud, `repository:${name}:${action === 'push' ? 'pull,push' : action}`);
  const target = parseTarget(cloud, name);
  demand(cloud, bearer, action, target);
  const { repository } = target;
  if (!repository) throw new RegistryError('NAME_UNKNOWN', `Repository "${target.repositoryId}" not found`);
  return { ...target, repository };
}

/**
 * Who calls the registry: bearer of a registry token, of an access token, or with Basic credentials.
 * @param scope what the challenge of a 401 asks the client to get a token for
 * @throws RegistryError UNAUTHORIZED
 */
export function bearerOf(call: Call, cloud: Cloud, scope?: string): Bearer {
  const { authorization } = call.headers;
  const token = tokenOf(authorization);
  const bearer = token
    ? (cloud.artifactRegistry.tokens.verify(token, cloud.clock.now()) ?? signedIn(call))
    : basicBearer(authorization, cloud)?.bearer();
  if (bearer) return bearer;
  throw new RegistryError('UNAUTHORIZED', authorization ? 'authentication failed' : 'Unauthorized access.', {
    'www-authenticate': challenge(call, scope),
  });
}

/** Who shows an access token itself, or a self-signed JWT that is for this API. */
function signedIn({ credential }: Call): Bearer | undefined {
  if (!credential || (credential.api !== undefined && credential.api !== API)) return undefined;
  return credential;
}

/** @throws RegistryError DENIED in the words of Artifact Registry */
export function demand(cloud: Cloud, bearer: Bearer, action: Action, target: Target): void {
  const { principal, scopes } = bearer;
  const { resource } = target;
  if (resource.startsWith('apps/')) {
    demandFly(bearer, action, target);
    return;
  }
  if (scopes && !allowsRegistry(scopes, action === 'pull' ? 'read' : 'write'))
    throw new RegistryError('DENIED', insufficientScopes(API).message);
  if (!isEnabled(cloud, API))
    throw new RegistryError('DENIED', serviceDisabled(API, titleOf(API), cloud.project.number).message);
  const permission = PERMISSION[action];
  if (cloud.iam.allows(principal, permission, resource)) return;
  const on = `on resource "${resource}" (or it may not exist)`;
  throw new RegistryError(
    'DENIED',
    principal
      ? `Permission "${permission}" denied ${on}`
      : `Unauthenticated request. Unauthenticated requests do not have permission "${permission}" ${on}`,
  );
}

/** Every app of an organization may read every other's images; only who may change the app may push. */
function demandFly({ fly }: Bearer, action: Action, { app, name }: Target): void {
  if (!fly) throw new RegistryError('UNAUTHORIZED', 'authentication required');
  if (!app) throw new RegistryError('NAME_UNKNOWN', `app repository not found: ${name}`);
  const ofOrganization = !fly.organization || fly.organization === app.organization;
  const granted = action === 'pull' ? ofOrganization : allows(fly, app, 'write');
  if (!granted) throw new RegistryError('DENIED', 'requested access to the resource is denied');
}

function challenge({ url: { host }, headers }: Call, scope: string | undefined): string {
  // Behind something that ends TLS, the way back is by TLS too.
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `Bearer realm="${scheme}://${host}/v2/token",service="${host}"${scope ? `,scope="${scope}"` : ''}`;
}
