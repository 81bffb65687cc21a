import type { ApiError } from './errors.ts';
import type { Call, Credential } from './http/call.ts';
import type { Access } from './http/route.ts';
import { fill } from './http/router.ts';
import type { Principal } from './principal.ts';

/** Who signs callers in, and says what they may do: the services of identity, as the kernel and every other service see them. */
export interface Authorizer {
  /** What the bearer token of a request proves; undefined when there is none, or none that is good. */
  credentialOf(authorization: string | undefined): Credential | undefined;
  /** What the caller of an API method is told who has not signed in. */
  whyNot(call: Call): ApiError;
  /** @throws ApiError unless the token is good for that API */
  checkToken(call: Call, api: string): void;
  /** @throws ApiError SERVICE_DISABLED while the API is off */
  checkEnabled(api: string): void;
  /** Whether a policy grants the permission on the resource, or on what it lies in. */
  allows(principal: Principal | undefined, permission: string, resource: string): boolean;
  /** @throws ApiError PERMISSION_DENIED unless a policy grants the permission on the resource, or on what it lies in */
  require(principal: Principal, permission: string, resource: string): void;
}

interface Signing {
  readonly authorizer: Authorizer;
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(authorization = ''): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization)?.[1];
}

/**
 * The caller of an API method, whatever it may do there.
 *
 * @throws ApiError UNAUTHENTICATED without a good token
 */
export function requireSignedIn(call: Call, { authorizer }: Signing): Principal {
  if (!call.credential) throw authorizer.whyNot(call);
  return call.credential.principal;
}

/**
 * The caller of a method of this API, whether or not the API is on.
 *
 * @throws ApiError UNAUTHENTICATED without a token that is good for the API, PERMISSION_DENIED for one whose scopes leave it out
 */
export function requireToken(call: Call, signing: Signing, api: string): Principal {
  const principal = requireSignedIn(call, signing);
  signing.authorizer.checkToken(call, api);
  return principal;
}

/**
 * The caller of a method of this API.
 *
 * @throws ApiError as `requireToken`, and SERVICE_DISABLED while the API is off
 */
export function requireCaller(call: Call, signing: Signing, api: string): Principal {
  const principal = requireToken(call, signing, api);
  signing.authorizer.checkEnabled(api);
  return principal;
}

/** What a route declares of its caller, checked. @throws ApiError as `requireCaller`, and PERMISSION_DENIED */
export function authorise(
  call: Call,
  { api, permission, on }: Access,
  platform: Signing & { readonly project: { readonly id: string; readonly number: string } },
): void {
  const caller = requireCaller(call, platform, api);
  const named = on ? fill(on, call.params) : resourceOf(call.url.pathname);
  const { id, number } = platform.project;
  // Policies hang on the project's id; its number, and `-` where there is one project, mean the same.
  const resource = named.replace(/^projects\/(-|\d+)(?=\/|$)/, (name, project) =>
    project === '-' || project === number ? `projects/${id}` : name,
  );
  platform.authorizer.require(caller, permission, resource);
}

/** `/v1/projects/p/x:verb` is about `projects/p/x`. */
function resourceOf(path: string): string {
  return decodeURIComponent(path.replace(/^\/v\d[^/]*\//, '').replace(/:[A-Za-z]+$/, ''));
}
