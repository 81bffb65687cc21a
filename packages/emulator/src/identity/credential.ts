import type { Cloud } from '../cloud.ts';
import { type ApiError, insufficientScopes, serviceDisabled, unauthenticated } from '../errors.ts';
import type { Call } from '../handler.ts';
import { isEnabled, titleOf } from '../services/service-usage.ts';
import { allowsApi } from './api-scopes.ts';
import type { Principal } from './principal.ts';
import { selfSigned } from './service-account-jwt.ts';

/** What a bearer token proves. */
export interface Credential {
  readonly principal: Principal;
  /** The OAuth scopes it is limited to; undefined for a self-signed JWT that is for one API. */
  readonly scopes: readonly string[] | undefined;
  /** The one API that a self-signed JWT is for, e.g. `run.googleapis.com`. */
  readonly api: string | undefined;
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(authorization = ''): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization)?.[1];
}

/** What the bearer token of a request proves; undefined when there is none, or none that is good. */
export function credentialOf(cloud: Cloud, authorization: string | undefined): Credential | undefined {
  const token = bearerOf(authorization);
  if (!token) return undefined;
  const principal = cloud.tokens.verify(token);
  if (principal) return { principal, scopes: cloud.tokens.scopes(token), api: undefined };
  return selfSigned(cloud, token);
}

/**
 * The caller of an API method, whatever it may do there.
 *
 * @throws ApiError UNAUTHENTICATED without a good token
 */
export function requireSignedIn(call: Call, cloud: Cloud): Principal {
  if (!call.credential) throw whyNot(call, cloud);
  return call.credential.principal;
}

/**
 * The caller of a method of this API, whether or not the API is on.
 *
 * @throws ApiError UNAUTHENTICATED without a token that is good for the API, PERMISSION_DENIED for one whose scopes leave it out
 */
export function requireToken(call: Call, cloud: Cloud, api: string): Principal {
  const principal = requireSignedIn(call, cloud);
  const { scopes, api: only } = call.credential ?? {};
  if (only !== undefined && only !== api) throw unauthenticated();
  if (scopes && !allowsApi(scopes, api, call)) throw insufficientScopes(api);
  return principal;
}

/**
 * The caller of a method of this API.
 *
 * @throws ApiError as `requireToken`, and SERVICE_DISABLED while the API is off
 */
export function requireCaller(call: Call, cloud: Cloud, api: string): Principal {
  const principal = requireToken(call, cloud, api);
  if (!isEnabled(cloud, api)) throw serviceDisabled(api, titleOf(api), cloud.project.number);
  return principal;
}

/** The reasons are those of https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto. */
function whyNot({ headers: { authorization } }: Call, cloud: Cloud): ApiError {
  if (!authorization) return unauthenticated('CREDENTIALS_MISSING');
  const token = bearerOf(authorization);
  return unauthenticated(token && cloud.tokens.whyRefused(token));
}
