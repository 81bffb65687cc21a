import { insufficientScopes, serviceDisabled } from '../../kernel/errors.ts';
import { type Action, type Bearer, type ImageHome, RegistryError, type Target } from '../../oci/index.ts';
import { allowsRegistry } from '../tokens/api-scopes.ts';
import type { Context } from './context.ts';
import { checkPassword } from './docker-credentials.ts';
import { gcrLocation } from './gcr.ts';
import type { StoredRepository } from './state.ts';

const API = 'artifactregistry.googleapis.com';

const PERMISSION: Readonly<Record<Action, string>> = {
  pull: 'artifactregistry.repositories.downloadArtifacts',
  push: 'artifactregistry.repositories.uploadArtifacts',
  delete: 'artifactregistry.repositories.deleteArtifacts',
  tag: 'artifactregistry.tags.create',
  retag: 'artifactregistry.tags.update',
};

const LONG = /^(?<location>[a-z][a-z0-9-]*)-docker\.pkg\.dev\//;

/** The Docker repositories of Artifact Registry, as the OCI registry sees them. */
export function dockerRepositories(cloud: Context): ImageHome {
  return {
    signIn: (user, password) => checkPassword(user, password, cloud),
    // A self-signed JWT may be for another API.
    ofCredential: (credential) =>
      credential.api === undefined || credential.api === API ? credential : undefined,
    find: (name, whole = false) => (name.includes('/') ? parseTarget(cloud, name, whole) : undefined),
    catalog: (bearer, host) => catalog(cloud, bearer, host),
  };
}

/**
 * Takes `LOCATION-docker.pkg.dev/P/R/IMAGE`, `gcr.io/P/IMAGE` or `P/R/IMAGE`, of which the first two are how the local registry tells
 * locations apart and the last is enough where only one location has that repository.
 *
 * @throws RegistryError NAME_INVALID
 */
function parseTarget(cloud: Context, name: string, whole: boolean): Target {
  const { location, path } = locate(name);
  const [project = '', repositoryId = '', ...image] = path;
  if (image.length === 0 && !whole) {
    throw new RegistryError(
      'NAME_INVALID',
      'Missing image name. Pushes should be of the form docker push HOST-NAME/PROJECT-ID/REPOSITORY/IMAGE',
    );
  }
  const repository = location
    ? cloud.artifactRegistry.find(`projects/${project}/locations/${location}/repositories/${repositoryId}`)
    : anywhere(cloud, project, repositoryId);
  const resource =
    repository?.resource.name ??
    `projects/${project}/locations/${location ?? '-'}/repositories/${repositoryId}`;
  return {
    name,
    resource,
    repositoryId,
    image: image.join('/'),
    images: repository?.images,
    immutableTags: repository?.resource.dockerConfig?.immutableTags ?? false,
    keepsReferenced: true,
    demand: (bearer, action) => demand(cloud, bearer, action, resource),
  };
}

/** By its host's name, an image is called `PROJECT/REPOSITORY/IMAGE`; elsewhere, as it is known to the world. */
function catalog(cloud: Context, bearer: Bearer, host: string | undefined): string[] {
  return cloud.artifactRegistry.list('projects/').flatMap(({ resource: { name }, images }) => {
    if (!cloud.iam.allows(bearer.principal, PERMISSION.pull, name)) return [];
    const [, project = '', , location = '', , repository = ''] = name.split('/');
    const isOld = gcrLocation(repository) !== undefined;
    const own = isOld ? repository : `${location}-docker.pkg.dev`;
    if (host !== undefined && host !== own) return [];
    const prefix = [...(host ? [] : [own]), project, ...(isOld ? [] : [repository])].join('/');
    return images.list().map((image) => `${prefix}/${image.name}`);
  });
}

/** The location that the host in a name stands for, and project, repository and image. */
function locate(name: string): { location: string | undefined; path: string[] } {
  const [host = '', project = '', ...image] = name.split('/');
  const gcr = gcrLocation(host);
  if (gcr) return { location: gcr, path: [project, host, ...image] };
  return { location: LONG.exec(name)?.groups?.location, path: name.replace(LONG, '').split('/') };
}

function anywhere(cloud: Context, project: string, repositoryId: string): StoredRepository | undefined {
  const found = cloud.artifactRegistry
    .list(`projects/${project}/locations/`)
    .filter(({ resource }) => resource.name.endsWith(`/repositories/${repositoryId}`));
  if (found.length < 2) return found[0];
  const locations = found.map(({ resource }) => resource.name.split('/')[3]);
  throw new RegistryError(
    'NAME_INVALID',
    `Repository "${repositoryId}" exists in ${locations.join(' and ')}: name it ${locations[0]}-docker.pkg.dev/${project}/${repositoryId}/IMAGE`,
  );
}

/** @throws RegistryError DENIED in the words of Artifact Registry */
function demand(cloud: Context, { principal, scopes }: Bearer, action: Action, resource: string): void {
  if (scopes && !allowsRegistry(scopes, action === 'pull' ? 'read' : 'write'))
    throw new RegistryError('DENIED', insufficientScopes(API).message);
  if (!cloud.apis.isEnabled(API))
    throw new RegistryError(
      'DENIED',
      serviceDisabled(API, cloud.apis.titleOf(API), cloud.project.number).message,
    );
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
