import type { Cloud } from '../cloud.ts';
import type { App } from '../fly/state.ts';
import type { StoredRepository } from '../services/artifact-registry/state.ts';
import { RegistryError } from './errors.ts';
import { gcrLocation } from './gcr.ts';

/** What a repository name of the OCI API means in Artifact Registry. */
export interface Target {
  /** The name as the client gave it, which is what it wants back in `Location`. */
  readonly name: string;
  /** `projects/P/locations/L/repositories/R`; the location is `-` where it could not be found out. */
  readonly resource: string;
  readonly repositoryId: string;
  /** The image within the repository; may hold slashes. */
  readonly image: string;
  readonly repository: StoredRepository | undefined;
  /** The Fly.io app whose images these are, where the name is one of registry.fly.io. */
  readonly app?: App;
}

const LONG = /^(?<location>[a-z][a-z0-9-]*)-docker\.pkg\.dev\//;
const COMPONENTS = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/**
 * Takes `APP` of registry.fly.io, and of Artifact Registry `LOCATION-docker.pkg.dev/P/R/IMAGE`, `gcr.io/P/IMAGE` or `P/R/IMAGE`, of
 * which the first two are how the local registry tells locations apart and the last is enough where only one location has
 * that repository.
 * @throws RegistryError NAME_INVALID
 */
export function parseTarget(cloud: Cloud, name: string): Target {
  if (!COMPONENTS.test(name) || name.length > 255)
    throw new RegistryError('NAME_INVALID', `Invalid repository name "${name}"`);
  if (!name.includes('/')) return flyTarget(cloud, name);
  const { location, path } = locate(name);
  const [project = '', repositoryId = '', ...image] = path;
  if (image.length === 0) {
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
  return { name, resource, repositoryId, image: image.join('/'), repository };
}

/** The location that the host in a name stands for, and project, repository and image. */
function locate(name: string): { location: string | undefined; path: string[] } {
  const [host = '', project = '', ...image] = name.split('/');
  const gcr = gcrLocation(host);
  if (gcr) return { location: gcr, path: [project, host, ...image] };
  return { location: LONG.exec(name)?.groups?.location, path: name.replace(LONG, '').split('/') };
}

/** registry.fly.io has names of one component, an app's; Artifact Registry has none of those. */
function flyTarget(cloud: Cloud, name: string): Target {
  const app = cloud.fly.findApp(name);
  const resource = {
    name: `apps/${name}`,
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    createTime: '',
    updateTime: '',
  };
  return {
    name,
    resource: resource.name,
    repositoryId: name,
    image: name,
    repository: app && { resource, images: app.images },
    ...(app && { app }),
  };
}

function anywhere(cloud: Cloud, project: string, repositoryId: string): StoredRepository | undefined {
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
