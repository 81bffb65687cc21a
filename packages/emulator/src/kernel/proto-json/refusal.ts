import { ApiError } from '../errors.ts';

/**
 * How an API refuses a request without something that it requires.
 *
 * @param method its id, e.g. `run.projects.locations.services.create`
 * @param paths as protocol buffers name fields, e.g. `service.template`
 */
export type Refusal = (method: string, paths: readonly [string, ...string[]]) => ApiError;

/** Most APIs say nothing but that, and the fields in the details. */
export const refuseMissing: Refusal = (_, paths) =>
  new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.', [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: paths.map((field) => ({ field, description: 'Field is required' })),
    },
  ]);
