import { ApiError } from '../../kernel/errors.ts';

const API = 'serviceusage.googleapis.com';

/**
 * What a caller without the permission is told.
 *
 * @param action e.g. `enable service [run.googleapis.com]`
 */
export function denied(action: string, permission: string, resource: string): ApiError {
  const subject = `?error_code=110002&service=${API}&permission=${permission}&resource=${resource}`;
  return refused(`Permission denied to ${action}`, 'AUTH_PERMISSION_DENIED', subject, {});
}

/** The API does not tell a service that is not there from one that the caller may not consume. */
export function unavailable(names: readonly string[]): ApiError {
  const services = names.join(',');
  return refused(
    `Not found or permission denied for service(s): ${names.join(', ')}.`,
    'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED',
    `?error_code=220002&services=${services}`,
    { services },
  );
}

function refused(
  message: string,
  reason: string,
  subject: string,
  metadata: Record<string, string>,
): ApiError {
  return new ApiError('PERMISSION_DENIED', message, [
    {
      '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
      violations: [{ type: 'googleapis.com', subject }],
    },
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason,
      domain: API,
      ...(Object.keys(metadata).length > 0 && { metadata }),
    },
  ]);
}
