import { ApiError } from '../../../../kernel/errors.ts';

/** What a request is about. */
export type Subject = 'service' | 'job' | 'workerPool';

const REQUESTS = {
  service: 'CreateServiceRequest',
  job: 'CreateJobRequest',
  workerPool: 'CreateWorkerPoolRequest',
} as const;

/** The refusal of a field's value. @param field e.g. `template.containers[0].image` */
export function violation(field: string, description: string, of: Subject = 'service'): ApiError {
  const path = /_id$/.test(field) ? field : `${fieldOf(of)}.${field}`;
  const request = REQUESTS[of];
  return new ApiError('INVALID_ARGUMENT', `Violation in ${request}.${path}: ${description}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: path, description }] },
  ]);
}

/** The field of the request that holds the resource. */
export function fieldOf(of: Subject): string {
  return of === 'workerPool' ? 'worker_pool' : of;
}
