import type { IncomingHttpHeaders } from 'node:http';
import type { IdTokens, Policies } from '../../../contracts.ts';
import { serviceAccount, user } from '../../../kernel/principal.ts';

/** What a service asks of its callers. */
export interface Invocation {
  /** `projects/P/locations/L/services/S`, on which `run.routes.invoke` is needed. */
  readonly resource: string;
  /** The audiences that an ID token may have. */
  readonly audiences: readonly string[];
  /** Whether the service takes everyone, whatever its policy says. */
  readonly open: boolean;
}

/** A request that may pass, with the headers that the container sees in place of the caller's; or how it is turned away. */
export type Admission =
  | { readonly replaced: Readonly<Record<string, string>> }
  | { readonly status: 401 | 403; readonly challenge?: string };

const INVALID = 'Bearer error="invalid_token" error_description="The access token could not be verified"';

/**
 * Decides whether a request may invoke a service
 * (https://cloud.google.com/run/docs/authenticating/service-to-service). Of two tokens only that of
 * X-Serverless-Authorization is looked at; the container never sees the signature of the one that was.
 */
export async function admit(
  { iam, idTokens }: { readonly iam: Policies; readonly idTokens: IdTokens },
  headers: IncomingHttpHeaders,
  invocation: Invocation,
): Promise<Admission> {
  const { resource, audiences, open } = invocation;
  if (open || iam.allows(undefined, 'run.routes.invoke', resource)) return { replaced: {} };
  const name =
    headers['x-serverless-authorization'] === undefined ? 'authorization' : 'x-serverless-authorization';
  const value = String(headers[name] ?? '');
  if (!value) return { status: 403 };
  const token = /^Bearer (\S+)$/i.exec(value)?.[1] ?? '';
  const identity = await idTokens.verify(token, audiences);
  if (!identity) return { status: 401, challenge: INVALID };
  const caller = identity.email.endsWith('.gserviceaccount.com')
    ? serviceAccount(identity.email)
    : user(identity.email);
  if (!iam.allows(caller, 'run.routes.invoke', resource)) return { status: 403 };
  return { replaced: { [name]: value.replace(/\.[^.]*$/, '.SIGNATURE_REMOVED_BY_GOOGLE') } };
}
