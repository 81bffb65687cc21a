import { type GoogleCloud, GoogleError } from '@gangway/google-cloud';
import { object } from '@gangway/http';
import { gcrLocation, type ImageName } from '../names/image.ts';
import { repositoryName } from './repository-name.ts';

/**
 * Where Artifact Registry had repositories when this was written; a new region is not refused for not being here.
 * @see https://cloud.google.com/artifact-registry/docs/repositories/repo-locations
 */
const LOCATIONS: readonly string[] = [
  ...['asia', 'europe', 'us'],
  ...regions('africa-south', 1),
  ...regions('asia-east', 1, 2),
  ...regions('asia-northeast', 1, 2, 3),
  ...regions('asia-south', 1, 2),
  ...regions('asia-southeast', 1, 2),
  ...regions('australia-southeast', 1, 2),
  ...regions('europe-central', 2),
  ...regions('europe-north', 1, 2),
  ...regions('europe-southwest', 1),
  ...regions('europe-west', 1, 2, 3, 4, 6, 8, 9, 10, 12),
  ...regions('me-central', 1, 2),
  ...regions('me-west', 1),
  ...regions('northamerica-northeast', 1, 2),
  ...regions('northamerica-south', 1),
  ...regions('southamerica-east', 1),
  ...regions('southamerica-west', 1),
  ...regions('us-central', 1),
  ...regions('us-east', 1, 4, 5),
  ...regions('us-south', 1),
  ...regions('us-west', 1, 2, 3, 4),
];

/** Whether a location is known to exist. */
export function isLocation(location: string): boolean {
  return LOCATIONS.includes(location);
}

/**
 * The other locations where the project has a repository of that name, for when it is not where it was looked for. gcloud
 * too asks location by location; the API lists no more than one at a time.
 */
export async function elsewhere(cloud: GoogleCloud, image: ImageName): Promise<string[]> {
  if (gcrLocation(image.repository)) return [];
  const others = LOCATIONS.filter((location) => location !== image.location);
  const found = await Promise.all(
    others.map(async (location) => {
      const path = `v1/${repositoryName({ ...image, location })}`;
      try {
        await cloud.request({ service: 'artifactregistry', method: 'GET', path, answer: object });
        return true;
      } catch (error) {
        if (error instanceof GoogleError) return false;
        throw error;
      }
    }),
  );
  return others.filter((_, index) => found[index]);
}

function regions(name: string, ...numbers: readonly number[]): string[] {
  return numbers.map((number) => `${name}${number}`);
}
