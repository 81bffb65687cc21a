import { ApiError } from '../../../../kernel/errors.ts';

/** The refusal of a field's value. @param field e.g. `template.containers[0].image` */
export function violation(field: string, description: string, of: 'service' | 'job' = 'service'): ApiError {
  const path = /_id$/.test(field) ? field : `${of}.${field}`;
  const request = of === 'service' ? 'CreateServiceRequest' : 'CreateJobRequest';
  return new ApiError('INVALID_ARGUMENT', `Violation in ${request}.${path}: ${description}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: path, description }] },
  ]);
}
