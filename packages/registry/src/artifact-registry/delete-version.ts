import type { GoogleCloud } from '@gangway/google-cloud';
import { object } from '@gangway/http';
import type { ImageName } from '../names/image.ts';
import { repositoryName } from './repository-name.ts';

/**
 * Removes an image by digest that no tag names. Needs `artifactregistry.versions.delete`.
 *
 * @throws GoogleError
 * @see https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.packages.versions/delete
 */
export async function deleteVersion(cloud: GoogleCloud, image: ImageName, digest: string): Promise<void> {
  // The slashes of a name are escaped within the id of the package, and once more in the path.
  const id = encodeURIComponent(encodeURIComponent(image.name));
  const path = `v1/${repositoryName(image)}/packages/${id}/versions/${digest}`;
  await cloud.request({ service: 'artifactregistry', method: 'DELETE', path, answer: object });
}
