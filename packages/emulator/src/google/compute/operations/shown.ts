import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { linkTo } from '../links.ts';
import { printed } from '../time.ts';

/**
 * An operation as it is now (https://cloud.google.com/compute/docs/reference/rest/v1/zoneOperations).
 *
 * @param path within the project, e.g. `zones/us-west1-a/operations/operation-1`
 * @throws ComputeError 404
 */
export function shownOperation(cloud: Context, path: string): Record<string, unknown> {
  const { compute, operations, project } = cloud;
  const record = compute.operations.get(path);
  if (!record) throw notFound(`projects/${project.id}/${path}`);
  const { id, name, place, operationType, target, targetId, user, begun, ended } = record;
  const { done, error: failed } = operations.get(path);
  const error = record.error ?? (failed && { code: 'INTERNAL_ERROR', message: failed.message, http: 503 });
  const [scope = '', where] = place.split('/');
  return {
    kind: 'compute#operation',
    id,
    name,
    ...(where && { [scope.replace(/s$/, '')]: linkTo(project.id, place) }),
    operationType,
    targetLink: linkTo(project.id, target),
    ...(targetId && { targetId }),
    status: done ? 'DONE' : 'RUNNING',
    user,
    progress: done ? 100 : 0,
    insertTime: printed(begun),
    startTime: printed(begun),
    ...(done && { endTime: printed(ended ?? cloud.clock.now()) }),
    selfLink: linkTo(project.id, path),
    ...(done &&
      error && {
        error: { errors: [{ code: error.code, message: error.message }] },
        httpErrorStatusCode: error.http,
        httpErrorMessage: HTTP_MESSAGES[error.http] ?? 'BAD REQUEST',
      }),
  };
}

const HTTP_MESSAGES: Readonly<Record<number, string>> = {
  400: 'BAD REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT FOUND',
  409: 'CONFLICT',
  412: 'PRECONDITION FAILED',
  500: 'INTERNAL SERVER ERROR',
  503: 'SERVICE UNAVAILABLE',
};
