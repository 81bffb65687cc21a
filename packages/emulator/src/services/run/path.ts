import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../cloud.ts';
import { ApiError } from '../../errors.ts';
import type { Call } from '../../handler.ts';
import type { StoredService } from './state.ts';

/** The service of a request's path. @throws ApiError NOT_FOUND in the words of Cloud Run */
export function serviceOf(call: Call, cloud: Cloud): StoredService {
  const stored = cloud.run.find(nameOf(call));
  if (!stored) throw missing(call);
  return stored;
}

export function missing(call: Call): ApiError {
  const { project, location, service } = call.params;
  return new ApiError(
    'NOT_FOUND',
    `Resource '${service}' of kind 'SERVICE' in region '${location}' in project '${project}' does not exist.`,
  );
}

/** Full resource name of the service in the path. */
export function nameOf(call: Call): string {
  return `${parentOf(call)}/services/${call.params.service}`;
}

/** `projects/P/locations/L` of the path. */
export function parentOf({ params: { project, location } }: Call): string {
  return `projects/${project}/locations/${location}`;
}

/** A new name, as Cloud Run makes them: a UUID in the location. */
export function operationName(call: Call): string {
  return `${parentOf(call)}/operations/${randomUUID()}`;
}
