import { randomUUID } from 'node:crypto';
import { ApiError } from '../../../kernel/errors.ts';
import type { Call } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import type { StoredService } from './state.ts';

/** The service of a request's path. @throws ApiError NOT_FOUND in the words of Cloud Run */
export function serviceOf(call: Call, cloud: Context): StoredService {
  const stored = cloud.run.find(nameOf(call));
  if (!stored) throw missing(call);
  return stored;
}

export function missing(call: Call): ApiError {
  return absent(call, 'SERVICE', call.params.service ?? '');
}

/** The error for what is not there. @param kind as the message names it */
export function absent(
  { params: { project, location } }: Call,
  kind: 'SERVICE' | 'REVISION' | 'JOB' | 'WORKER_POOL' | 'EXECUTION' | 'TASK',
  id: string,
): ApiError {
  return new ApiError(
    'NOT_FOUND',
    `Resource '${id}' of kind '${kind}' in region '${location}' in project '${project}' does not exist.`,
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
