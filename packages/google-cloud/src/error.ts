import { ActionError } from '@gangway/action/error';
import { pageText, parseRetryAfter } from '@gangway/http';

interface Status {
  readonly message?: string | undefined;
  readonly status?: string | undefined;
  readonly details: readonly Detail[];
}

interface Detail {
  readonly type: string;
  readonly reason: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Subjects of violated preconditions. */
  readonly subjects: readonly string[];
}

/** An error that a Google API answered with (https://google.aip.dev/193). */
export class GoogleError extends ActionError {
  /** HTTP status. */
  readonly httpStatus: number;
  /** Canonical status, e.g. `PERMISSION_DENIED`. */
  readonly status: string;
  /** ErrorInfo.reason, e.g. `SERVICE_DISABLED`. */
  readonly reason: string | undefined;
  /** The permission that the error's details name, where they do. */
  readonly permission: string | undefined;
  /** Google's own message, as it came. */
  readonly detail: string;
  /** What Retry-After asked for, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(httpStatus: number, body: string, request: string, headers?: Headers) {
    const error = parse(body);
    const page = body.slice(0, 4096);
    const detail =
      error.message ||
      (/^\s*</.test(page) ? pageText(page).slice(1, -1) : page.replace(/\s+/g, ' ').trim().slice(0, 300)) ||
      'no message';
    const status = error.status || `HTTP ${httpStatus}`;
    const info = error.details.find(({ type }) => type.endsWith('google.rpc.ErrorInfo'));
    super(`${request}: ${status}: ${detail}`, { code: 'google-api', hint: cure(status, detail, info) });
    this.name = 'GoogleError';
    this.httpStatus = httpStatus;
    this.status = status;
    this.reason = info?.reason;
    this.permission = permissionIn(error.details);
    this.detail = detail;
    this.retryAfter = parseRetryAfter(headers?.get('retry-after'));
  }
}

/** Whether an error is a Google API's answer with this HTTP status. */
export function isGoogleError(error: unknown, httpStatus: number): error is GoogleError {
  return error instanceof GoogleError && error.httpStatus === httpStatus;
}

/** Whether an error is a Google API's answer, or a failed operation's, with this canonical status. */
export function hasStatus(error: unknown, status: string): error is GoogleError {
  return error instanceof GoogleError && error.status === status;
}

/** What ErrorInfo names, or the subject of a violated precondition: `?error_code=110002&…&permission=P&resource=R`. */
function permissionIn(details: readonly Detail[]): string | undefined {
  for (const { metadata, subjects } of details) {
    if (typeof metadata.permission === 'string') return metadata.permission;
    for (const subject of subjects) {
      const named = /[?&]permission=([\w.]+)/.exec(subject)?.[1];
      if (named) return named;
    }
  }
  return undefined;
}

/** The error in a body: AIP-193's object, or OAuth's word with its description (RFC 6749, section 5.2). What has another type is not there. */
function parse(body: string): Status {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // An HTML page of a front end: its text is the message.
  }
  const { error, error_description: description } = Object(value) as Record<string, unknown>;
  if (typeof error === 'string')
    return { message: typeof description === 'string' ? `${error}: ${description}` : error, details: [] };
  const { message, status, details } = Object(error) as Record<string, unknown>;
  return {
    message: textOf(message),
    status: textOf(status),
    details: Array.isArray(details) ? details.map(detailOf) : [],
  };
}

function detailOf(value: unknown): Detail {
  const { '@type': type, reason, metadata, violations } = Object(value) as Record<string, unknown>;
  const subjects = Array.isArray(violations)
    ? violations.map((one) => textOf(Object(one).subject) ?? '')
    : [];
  return { type: textOf(type) ?? '', reason: textOf(reason), metadata: Object(metadata), subjects };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function cure(status: string, detail: string, info: Detail | undefined): string | undefined {
  if (info?.reason === 'SERVICE_DISABLED') {
    const service = textOf(info.metadata.service) ?? 'the API';
    return `enable ${service} first, with the enable-service action or "gcloud services enable ${service}"`;
  }
  const permission = /Permission '([\w.]+)' denied|does not have ([\w.]+) access|Permission "([\w.]+)"/i.exec(
    detail,
  );
  if (permission) {
    return `grant a role with the permission ${permission[1] ?? permission[2] ?? permission[3]} to the account that deploys`;
  }
  if (/Permission denied to enable service/i.test(detail)) {
    return 'grant a role with the permission serviceusage.services.enable, such as roles/serviceusage.serviceUsageAdmin, to the account that deploys; or have its owner enable the service';
  }
  if (status === 'UNAUTHENTICATED') return 'check the credentials: the access token was refused';
  if (status === 'RESOURCE_EXHAUSTED')
    return 'wait for the quota to refill and run the job again, or ask for a higher quota';
  return undefined;
}
