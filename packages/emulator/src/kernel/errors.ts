/** The canonical codes of google.rpc.Code and the HTTP status each maps to (google/rpc/code.proto). */
const HTTP_STATUS = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
} as const;

const RPC_CODE: Record<Canonical, number> = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};

export type Canonical = keyof typeof HTTP_STATUS;
export type Detail = { '@type': string } & Record<string, unknown>;

/** An error a Google API answers with: `{"error":{"code","message","status","details"}}` (https://google.aip.dev/193). */
export class ApiError extends Error {
  readonly status: Canonical;
  readonly details: readonly Detail[];

  constructor(status: Canonical, message: string, details: readonly Detail[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }

  get httpStatus(): number {
    return HTTP_STATUS[this.status];
  }

  /** The HTTP body. */
  get body(): { error: Record<string, unknown> } {
    const { httpStatus: code, message, status, details } = this;
    return { error: { code, message, status, ...(details.length > 0 && { details }) } };
  }

  /** The google.rpc.Status of a failed operation. */
  get rpcStatus(): { code: number; message: string; details?: readonly Detail[] } {
    const { message, details } = this;
    return { code: RPC_CODE[this.status], message, ...(details.length > 0 && { details }) };
  }
}

export function notFound(resource: string): ApiError {
  return new ApiError('NOT_FOUND', `Resource '${resource}' was not found`, [resourceInfo(resource)]);
}

export function alreadyExists(resource: string): ApiError {
  return new ApiError('ALREADY_EXISTS', `Resource '${resource}' already exists`, [resourceInfo(resource)]);
}

export function permissionDenied(permission: string, resource: string): ApiError {
  return new ApiError('PERMISSION_DENIED', `Permission '${permission}' denied on '${resource}'`);
}

export function unauthenticated(reason = 'ACCESS_TOKEN_TYPE_UNSUPPORTED'): ApiError {
  const what =
    reason === 'CREDENTIALS_MISSING'
      ? 'Request is missing required authentication credential.'
      : 'Request had invalid authentication credentials.';
  return new ApiError(
    'UNAUTHENTICATED',
    `${what} Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.`,
    [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }],
  );
}

/** What a token answers whose OAuth scopes leave the API out. */
export function insufficientScopes(service: string | undefined): ApiError {
  return new ApiError('PERMISSION_DENIED', 'Request had insufficient authentication scopes.', [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      domain: 'googleapis.com',
      ...(service && { metadata: { service } }),
    },
  ]);
}

/** What a call answers when its API is off: the body gcloud turns into its "enable it" prompt. */
export function serviceDisabled(service: string, title: string, projectNumber: string): ApiError {
  const url = `https://console.developers.google.com/apis/api/${service}/overview?project=${projectNumber}`;
  return new ApiError(
    'PERMISSION_DENIED',
    `${title} has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Google developers console API activation', url }],
      },
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        domain: 'googleapis.com',
        metadata: { service, consumer: `projects/${projectNumber}` },
      },
    ],
  );
}

function resourceInfo(resourceName: string): Detail {
  return { '@type': 'type.googleapis.com/google.rpc.ResourceInfo', resourceName };
}
