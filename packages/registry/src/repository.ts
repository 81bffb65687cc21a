import { ActionError } from '@gangway/action/error';
import {
  type GoogleCloud,
  isGoogleError,
  type Operation,
  type WaitOptions,
  waitForOperation,
} from '@gangway/google-cloud';
import type { ImageName } from './image.ts';

/**
 * Makes sure that an image's repository is there, for Docker images.
 *
 * @param create whether to create it when it is missing
 * @returns whether it was created now
 * @throws ActionError when it is missing and may not be created, or holds another format
 * @see https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
 */
export async function ensureRepository(
  cloud: GoogleCloud,
  image: ImageName,
  create: boolean,
  wait: WaitOptions,
): Promise<boolean> {
  const parent = `v1/projects/${image.project.replace('/', ':')}/locations/${image.location}/repositories`;
  const path = `${parent}/${image.repository}`;
  const what = `the Artifact Registry repository ${image.repository} in ${image.location}`;
  try {
    const { format } = await cloud.request<{ format?: string }>({
      service: 'artifactregistry',
      method: 'GET',
      path,
    });
    if (format && format !== 'DOCKER') {
      throw new ActionError(
        `Input "image" names ${what}, which holds ${format} packages, not Docker images.`,
        {
          code: 'repository-format',
          hint: 'name a repository of the format Docker, or a new one',
        },
      );
    }
    return false;
  } catch (error) {
    if (!isGoogleError(error, 404)) throw error;
  }
  if (!create) {
    throw new ActionError(`Input "image" names ${what}, which does not exist in ${image.project}.`, {
      code: 'repository-missing',
      hint: 'create it, or set create_repository to true',
    });
  }
  try {
    const operation = await cloud.request<Operation>({
      service: 'artifactregistry',
      method: 'POST',
      path: parent,
      query: { repositoryId: image.repository },
      body: { format: 'DOCKER' },
    });
    await waitForOperation(cloud, 'artifactregistry', 'v1', operation, `creating ${what}`, wait);
    return true;
  } catch (error) {
    // Another run, or a retried request whose answer was lost, made it.
    if (isGoogleError(error, 409)) return false;
    throw error;
  }
}
