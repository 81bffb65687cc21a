import type { GoogleCloud } from '@gangway/google-cloud';
import { object } from '@gangway/http';
import type { ImageName } from '../names/image.ts';
import { packagePath } from './package-path.ts';

/**
 * Removes a tag of an image; what it named stays. Needs `artifactregistry.tags.delete`, and a repository whose tags are not
 * immutable.
 *
 * @throws GoogleError
 * @see https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.packages.tags/delete
 */
export async function deleteTag(cloud: GoogleCloud, image: ImageName, tag: string): Promise<void> {
  const path = `v1/${packagePath(image)}/tags/${tag}`;
  await cloud.request({ service: 'artifactregistry', method: 'DELETE', path, answer: object });
}
