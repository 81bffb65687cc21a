import { ActionError } from '@gangway/action/error';
import { pageText, parseRetryAfter } from '@gangway/http';

/** One of the reasons that a Status gives, such as a field and who owns it. */
export interface Cause {
  /** e.g. `FieldManagerConflict`, `FieldValueInvalid`. */
  readonly reason: string;
  readonly message: string;
  /** e.g. `.spec.replicas`. */
  readonly field: string;
}

/** A Status by which an API server refuses (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
export class KubernetesError extends ActionError {
  readonly httpStatus: number;
  /** e.g. `NotFound`, `Forbidden`, `Conflict`. */
  readonly reason: string;
  /** The server's own message. */
  readonly detail: string;
  readonly causes: readonly Cause[];
  /** What Retry-After asked for, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(httpStatus: number, body: string, request: string, headers?: Headers) {
    const status = parse(body);
    const page = body.slice(0, 4096);
    const detail =
      status.message ||
      (/^\s*</.test(page) ? pageText(page).slice(1, -1) : page.replace(/\s+/g, ' ').trim().slice(0, 300)) ||
      'no message';
    super(`${request}: ${httpStatus}: ${detail}`, {
      code: 'kubernetes-api',
      hint: hintFor(httpStatus, detail),
    });
    this.name = 'KubernetesError';
    this.httpStatus = httpStatus;
    this.reason = status.reason ?? `HTTP ${httpStatus}`;
    this.detail = detail;
    this.causes = status.causes;
    this.retryAfter = parseRetryAfter(headers?.get('retry-after')) ?? status.retryAfter;
  }
}

/** Whether an error is an API server's answer with this HTTP status. */
export function isKubernetesError(error: unknown, httpStatus: number): error is KubernetesError {
  return error instanceof KubernetesError && error.httpStatus === httpStatus;
}

interface Status {
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly causes: readonly Cause[];
  readonly retryAfter?: number | undefined;
}

function parse(body: string): Status {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // A page of a front end: its text is the message.
  }
  const { message, reason, details, error } = Object(value) as Record<string, unknown>;
  const { causes, retryAfterSeconds } = Object(details) as Record<string, unknown>;
  return {
    // The Connect gateway is an API of Google's, and says what it refuses as those do.
    message: textOf(message) ?? textOf(Object(error).message),
    reason: textOf(reason),
    causes: Array.isArray(causes) ? causes.map(causeOf) : [],
    retryAfter: typeof retryAfterSeconds === 'number' ? retryAfterSeconds * 1000 : undefined,
  };
}

function causeOf(value: unknown): Cause {
  const { reason, message, field } = Object(value) as Record<string, unknown>;
  return { reason: textOf(reason) ?? '', message: textOf(message) ?? '', field: textOf(field) ?? '' };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function hintFor(status: number, detail: string): string | undefined {
  if (status === 401)
    return "the API server doesn't accept the token: check that it is the API server of this cluster";
  // Of the Connect gateway, which is an API that a project enables.
  const disabled = /has not been used in project .*\/apis\/api\/([\w.]+)\/overview/.exec(detail)?.[1];
  if (disabled)
    return `enable ${disabled} first, with the enable-service action or "gcloud services enable ${disabled}"`;
  const [, user, verb, resource, group = '', namespace] =
    /User "([^"]*)" cannot (\w+) resource "([^"]*)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]*)")?/.exec(
      detail,
    ) ?? [];
  if (status !== 403 || !user) return undefined;
  const where = namespace ? `the namespace ${namespace}` : 'the whole cluster';
  return `allow ${user} to ${verb} ${group ? `${resource}.${group}` : resource} in ${where}, with a ${namespace ? 'Role and a RoleBinding' : 'ClusterRole and a ClusterRoleBinding'} for the User "${user}"`;
}
