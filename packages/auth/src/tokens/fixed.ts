import { ActionError } from '@gangway/action/error';

const INSTEAD =
  'let the step act as a service account, through workload_identity_provider and service_account';

/** The error for a lifetime that these credentials can't give a token. */
export function lifetimeFixed(reason: string): ActionError {
  return new ActionError(
    `The lifetime of an access token can't be chosen with these credentials: ${reason}.`,
    { code: 'lifetime-fixed', hint: `leave the lifetime out, or ${INSTEAD}` },
  );
}

/** The error for scopes that these credentials can't give a token. */
export function scopesFixed(description: string): ActionError {
  return new ActionError(
    `The scopes of an access token can't be chosen with these credentials, ${description}: they were fixed when somebody signed in.`,
    { code: 'scopes-fixed', hint: INSTEAD },
  );
}

/** The error for an ID token that these credentials can't give. */
export function noIdToken(description: string): ActionError {
  return new ActionError(
    `Google gives ID tokens for an audience to service accounts only, and this step acts by ${description}.`,
    { code: 'no-id-token', hint: INSTEAD },
  );
}
