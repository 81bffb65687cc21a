import { ApiError, type Canonical, type Detail } from '../../kernel/errors.ts';

/** What an older API of Google's says of an error besides its message (https://cloud.google.com/compute/docs/reference/rest/v1/errors). */
interface Told {
  /** e.g. `notFound` */
  readonly reason: string;
  /** How an operation names it, e.g. `RESOURCE_NOT_FOUND`. */
  readonly code: string;
  /** The HTTP status, where it is not that of the canonical code. */
  readonly http?: number;
}

/** An error of Compute Engine's, which has a reason where today's APIs have a status. */
export class ComputeError extends ApiError {
  readonly reason: string;
  readonly code: string;
  readonly #http: number | undefined;

  constructor(status: Canonical, message: string, { reason, code, http }: Told) {
    super(status, message);
    this.reason = reason;
    this.code = code;
    this.#http = http;
  }

  override get httpStatus(): number {
    return this.#http ?? super.httpStatus;
  }
}

/** @param path e.g. `projects/p/zones/z/instances/i` */
export function notFound(path: string): ComputeError {
  const told = { reason: 'notFound', code: 'RESOURCE_NOT_FOUND' };
  return new ComputeError('NOT_FOUND', `The resource '${path}' was not found`, told);
}

export function alreadyExists(path: string): ComputeError {
  const told = { reason: 'alreadyExists', code: 'RESOURCE_ALREADY_EXISTS' };
  return new ComputeError('ALREADY_EXISTS', `The resource '${path}' already exists`, told);
}

/** @param field e.g. `resource.name` */
export function invalid(field: string, value: unknown, why: string): ComputeError {
  const shown = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return badRequest(
    `Invalid value for field '${field}': '${shown}'. ${why}`,
    'invalid',
    'INVALID_FIELD_VALUE',
  );
}

export function required(field: string): ComputeError {
  return badRequest(`Required field '${field}' not specified`, 'required', 'REQUIRED_FIELD_MISSING');
}

export function badRequest(message: string, reason: string, code: string): ComputeError {
  return new ComputeError('INVALID_ARGUMENT', message, { reason, code });
}

/** @param what e.g. `metadata`, whose fingerprint is stale */
export function staleFingerprint(what: string): ComputeError {
  const message = `Supplied fingerprint does not match current ${what} fingerprint.`;
  return new ComputeError('FAILED_PRECONDITION', message, {
    reason: 'conditionNotMet',
    code: 'CONDITION_NOT_MET',
    http: 412,
  });
}

/** A resource that something else is being done with. */
export function notReady(path: string): ComputeError {
  return badRequest(`The resource '${path}' is not ready`, 'resourceNotReady', 'RESOURCE_NOT_READY');
}

/** @param kind e.g. `instance_template`. @param by the path of what uses it */
export function inUse(kind: string, path: string, by: string): ComputeError {
  return badRequest(
    `The ${kind} resource '${path}' is already being used by '${by}'`,
    'resourceInUseByAnotherResource',
    'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE',
  );
}

export function quotaExceeded(metric: string, limit: number, where: string): ComputeError {
  const message = `Quota '${metric}' exceeded.  Limit: ${limit.toFixed(1)} ${where}.`;
  return new ComputeError('PERMISSION_DENIED', message, { reason: 'quotaExceeded', code: 'QUOTA_EXCEEDED' });
}

export function denied(permission: string, path: string): ComputeError {
  const message = `Required '${permission}' permission for '${path}'`;
  return new ComputeError('PERMISSION_DENIED', message, { reason: 'forbidden', code: 'PERMISSIONS_ERROR' });
}

/** The HTTP body of an error: its own as Compute Engine says it, that of Google's front end with both forms. */
export function errorBody(error: ApiError): object {
  const { httpStatus: code, message, status, details } = error;
  const { reason = reasonOf(error) } = error as Partial<ComputeError>;
  const domain = isDisabled(details) ? 'usageLimits' : 'global';
  const errors = [{ message, domain, reason }];
  if (error instanceof ComputeError) return { error: { code, message, errors } };
  return { error: { code, message, errors, status, ...(details.length > 0 && { details }) } };
}

function reasonOf({ status, details }: ApiError): string {
  if (isDisabled(details)) return 'accessNotConfigured';
  const reasons: Partial<Record<Canonical, string>> = {
    UNAUTHENTICATED: 'required',
    PERMISSION_DENIED: 'forbidden',
    NOT_FOUND: 'notFound',
    ALREADY_EXISTS: 'alreadyExists',
    RESOURCE_EXHAUSTED: 'rateLimitExceeded',
    UNAVAILABLE: 'backendError',
    INTERNAL: 'backendError',
  };
  return reasons[status] ?? 'badRequest';
}

function isDisabled(details: readonly Detail[]): boolean {
  return details.some(({ reason }) => reason === 'SERVICE_DISABLED');
}
