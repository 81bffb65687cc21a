import type { GoogleCloud } from '@gangway/google-cloud';
import { object } from '@gangway/http';
import type { ImageName } from './image.ts';
import { repositoryName } from './repository-name.ts';

/**
 * Removes a tag of an image; what it named stays. Needs `artifactregistry.tags.delete`, and a repository whose tags are not
 * immutable.
 *
 * @throws GoogleError
 * @see https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.packages.tags/delete
 */
export async function deleteTag(cloud: GoogleCloud, image: ImageName, tag: string): Promise<void> {
  // The slashes of a name are escaped within the id of the package, and once more in the path.
  const id = encodeURIComponent(encodeURIComponent(image.name));
  const path = `v1/${repositoryName(image)}/packages/${id}/tags/${tag}`;
  await cloud.request({ service: 'artifactregistry', method: 'DELETE', path, answer: object });
}
