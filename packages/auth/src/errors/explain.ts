import { ActionError } from '@gangway/action/error';
import { RequestFailure } from '@gangway/http';
import type { Identity } from '../sources/source.ts';
import { CAUSES } from './causes.ts';

const GRANT_MISSING = /iam\.serviceAccounts\.(getAccessToken|getOpenIdToken|implicitDelegation)/;

/**
 * Turns the failure of a token exchange into an error a person can act on: what happened, to whom, and the command
 * that mends it. Never quotes a token.
 */
export function explain(error: unknown, identity: Identity): ActionError {
  if (error instanceof RequestFailure) {
    const { message, code, hint } = error;
    return new ActionError(`No access token for ${identity.description}: ${message}`, {
      code,
      hint,
      cause: error,
    });
  }
  if (error instanceof ActionError) return error;
  const said = saying(error);
  const cause = CAUSES.find(({ when }) => when.test(said));
  if (!cause) {
    return new ActionError(`No access token for ${identity.description}: ${said}`, {
      code: 'authentication',
      cause: error,
    });
  }
  const at = { ...identity, serverTime: serverTime(error) };
  return new ActionError(
    `No access token for ${identity.description}: ${cause.message(at)}\nGoogle says: ${said}`,
    { code: cause.code, hint: cause.hint(at), cause: error },
  );
}

/** Whether a token was refused for a grant that is missing, or too new to be known everywhere. */
export function isGrantMissing(error: unknown): boolean {
  return (
    (error as { response?: { status?: number } }).response?.status === 403 &&
    GRANT_MISSING.test(saying(error))
  );
}

/** The service's own words, from an OAuth error, a Google API error or a network error. */
function saying(error: unknown): string {
  const data = (error as { response?: { data?: unknown } }).response?.data;
  if (typeof data === 'object' && data !== null) {
    const { error: inner, error_description: description } = data as Record<string, unknown>;
    if (typeof description === 'string' && description) return `${inner}: ${description}`;
    const { message } = Object(inner) as { message?: unknown };
    if (typeof message === 'string') return [message, ...violations(Object(inner))].join(' ');
  }
  return error instanceof Error ? error.message : String(error);
}

/** What google.rpc.BadRequest says of each field: the message alone may be "Request contains an invalid argument." */
function violations(error: object): string[] {
  const { details } = error as { details?: unknown };
  if (!Array.isArray(details)) return [];
  const fields = details.flatMap((detail) => Object(detail).fieldViolations ?? []) as unknown[];
  return fields.map((field) => Object(field).description).filter((said) => typeof said === 'string');
}

/** What the answer's Date header says the time is, in milliseconds. */
function serverTime(error: unknown): number | undefined {
  const { response } = error as { response?: { headers?: Headers } };
  const time = Date.parse(response?.headers?.get?.('date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}
