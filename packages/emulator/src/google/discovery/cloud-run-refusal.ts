import { ApiError } from '../../kernel/errors.ts';
import type { Refusal } from '../../kernel/proto-json/refusal.ts';

const VERBS: Readonly<Record<string, string>> = { create: 'Create', patch: 'Update', run: 'Run' };

/**
 * How Cloud Run's API v2 refuses a request without something that it requires: one thing at a time, e.g.
 * `Violation in CreateServiceRequest.service.template: required field not present.`
 * (https://github.com/googleapis/google-cloud-java/issues/11101)
 */
export const refuseAsCloudRun: Refusal = (method, [path]) => {
  const [verb = '', resources = ''] = method.split('.').reverse();
  const singular = resources.charAt(0).toUpperCase() + resources.slice(1).replace(/s$/, '');
  const field = `Violation in ${VERBS[verb] ?? ''}${singular}Request.${path}`;
  const description = 'required field not present.';
  return new ApiError('INVALID_ARGUMENT', `${field}: ${description}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]);
};
