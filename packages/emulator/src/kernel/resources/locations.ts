import type { Reply } from '../http/call.ts';
import type { Platform } from '../service/platform.ts';

/** The regions of Google Cloud (https://cloud.google.com/about/locations). */
export const REGIONS: readonly string[] = [
  'africa-south1',
  'asia-east1',
  'asia-east2',
  'asia-northeast1',
  'asia-northeast2',
  'asia-northeast3',
  'asia-south1',
  'asia-south2',
  'asia-southeast1',
  'asia-southeast2',
  'australia-southeast1',
  'australia-southeast2',
  'europe-central2',
  'europe-north1',
  'europe-north2',
  'europe-southwest1',
  'europe-west1',
  'europe-west10',
  'europe-west12',
  'europe-west2',
  'europe-west3',
  'europe-west4',
  'europe-west6',
  'europe-west8',
  'europe-west9',
  'me-central1',
  'me-central2',
  'me-west1',
  'northamerica-northeast1',
  'northamerica-northeast2',
  'northamerica-south1',
  'southamerica-east1',
  'southamerica-west1',
  'us-central1',
  'us-east1',
  'us-east4',
  'us-east5',
  'us-south1',
  'us-west1',
  'us-west2',
  'us-west3',
  'us-west4',
];

/** Answers a list of places, as every API does (https://github.com/googleapis/googleapis/blob/master/google/cloud/location/locations.proto). */
export function locationsReply(
  { project: { id } }: Pick<Platform, 'project'>,
  locations: readonly string[],
): Reply {
  return { body: { locations: locations.map((location) => shownLocation(id, location)) } };
}

/** A place as every API shows it. */
export function shownLocation(project: string, locationId: string): Record<string, unknown> {
  return { name: `projects/${project}/locations/${locationId}`, locationId };
}
