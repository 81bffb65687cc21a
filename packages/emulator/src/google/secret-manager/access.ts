import { requireCaller } from '../../kernel/access.ts';
import { ApiError } from '../../kernel/errors.ts';
import type { Call } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import type { Context } from './context.ts';
import type { Secret } from './state.ts';

export const API = 'secretmanager.googleapis.com';
export const SECRETS = '/v1/projects/{project}/secrets';
export const SECRET = `${SECRETS}/{secret}`;

/**
 * Declares a route. A refusal does not tell whether there is such a secret.
 *
 * @param permission e.g. `secrets.get`
 */
export function guarded(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  return route(method, template, undefined, (call, cloud) => {
    const caller = requireCaller(call, cloud, API);
    const { id, number } = cloud.project;
    const { project = id, secret, version } = call.params;
    const below = `${secret ? `/secrets/${secret}` : ''}${version ? `/versions/${version}` : ''}`;
    const resource = `projects/${project === number ? id : project}${below}`;
    // Conditions see secrets by the project's number: https://cloud.google.com/secret-manager/docs/access-control
    const named = resource.replace(`projects/${id}`, `projects/${number}`);
    if (!cloud.iam.allows(caller, `secretmanager.${permission}`, resource, named))
      throw new ApiError(
        'PERMISSION_DENIED',
        `Permission 'secretmanager.${permission}' denied for resource '${resource}' (or it may not exist).`,
      );
    return handler(call, cloud);
  });
}

/** The secret of a call's path; one whose time is over is gone. @throws ApiError NOT_FOUND */
export function secretOf({ params: { secret: id = '' } }: Call, cloud: Context): Secret {
  const { project, secretManager, clock } = cloud;
  const secret = secretManager.secrets.get(id);
  const { expireTime } = secret?.settings ?? {};
  if (expireTime && Date.parse(expireTime) <= clock.now()) secretManager.secrets.delete(id);
  else if (secret) return secret;
  throw new ApiError('NOT_FOUND', `Secret [projects/${project.number}/secrets/${id}] not found.`);
}

/** @throws ApiError FAILED_PRECONDITION, as the API says it of an etag that is stale */
export function requireEtag(given: string | null | undefined, etag: string, name: string): void {
  if (given && given !== etag)
    throw new ApiError(
      'FAILED_PRECONDITION',
      `The etag provided in the request does not match the resource's current etag: ${name}`,
    );
}
