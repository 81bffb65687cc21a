import type { Principal } from '../kernel/principal.ts';

/** The allow policies of all resources (https://cloud.google.com/iam/docs/reference/rest/v1/Policy). */
export interface Policies {
  get(resource: string): Policy;
  /** Replaces a policy. @throws ApiError ABORTED for a stale etag, INVALID_ARGUMENT */
  set(resource: string, policy: Partial<Pick<Policy, 'etag' | 'bindings'>>): Policy;
  /**
   * Replaces a policy as a caller asks for it.
   *
   * @param kind of the resource, as permissions spell it: `run.services`
   * @throws ApiError as `set`, and INVALID_ARGUMENT for what IAM refuses
   */
  replace(resource: string, kind: string, policy: Partial<Policy>): Policy;
  /** A policy for a client that knows policies up to this version; below 3 it sees no conditions. @throws ApiError INVALID_ARGUMENT */
  shown(resource: string, version: number): Policy;
  /** Those of some permissions that a caller holds, also on what is not there. @throws ApiError INVALID_ARGUMENT for what is no permission */
  test(
    principal: Principal | undefined,
    permissions: readonly string[],
    resource: string,
    named?: string,
  ): string[];
  grant(resource: string, role: string, member: string): void;
  /**
   * Whether a policy on the resource, or on anything it lies in, grants the permission.
   * @param named what conditions see as `resource.name`, where that is not by the project's id
   */
  allows(principal: Principal | undefined, permission: string, resource: string, named?: string): boolean;
  /** @throws ApiError PERMISSION_DENIED */
  require(principal: Principal | undefined, permission: string, resource: string): void;
}

export interface Policy {
  version: number;
  etag: string;
  bindings: Binding[];
}

export interface Binding {
  role: string;
  members: string[];
  /** CEL over `resource.name` (https://cloud.google.com/iam/docs/conditions-overview). */
  condition?: { expression: string; title?: string; description?: string };
}

/** A service account, as others see it. */
export interface Account {
  readonly email: string;
  /** The number that outlives renames; the `sub` of its ID tokens. */
  readonly uniqueId: string;
  readonly disabled: boolean;
  /** Exempt from the hour's limit by the constraint iam.allowServiceAccountCredentialLifetimeExtension. */
  readonly extendedLifetime?: boolean;
  readonly keys: readonly PublicKey[];
}

interface PublicKey {
  readonly id: string;
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string;
}

/** The service accounts of the project. */
export interface Accounts {
  ofEmail(email: string): Account | undefined;
  /** @param id an e-mail or a unique id */
  find(id: string): Account | undefined;
  /** @throws ApiError NOT_FOUND in the words of the IAM API */
  get(id: string): Account;
  /** Whether the account of that e-mail was deleted, and no other has it. */
  isDeleted(email: string): boolean;
  /** The keys by which an account can sign in: its own, and the one that Google holds. */
  usableKeys(account: Account): readonly PublicKey[];
  /** Signs as `signBlob` does, by the account's Google-managed key. */
  signBytes(account: Account, bytes: Buffer): { keyId: string; signature: Buffer };
  /** Signs as `signJwt` does. */
  signClaims(account: Account, claims: Readonly<Record<string, unknown>>): { keyId: string; jwt: string };
  /** Whether a caller has a permission on an account, e.g. `iam.serviceAccounts.actAs`. */
  allows(principal: Principal | undefined, permission: string, email: string): boolean;
  /** @param id an e-mail or a unique id. @throws ApiError PERMISSION_DENIED, which does not tell whether there is such an account */
  require(principal: Principal, permission: string, id: string): void;
  grant(email: string, role: string, member: string): void;
}

/** A provider of a workload identity pool, as others see it. */
export interface Provider {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly name: string;
  readonly issuer: string;
  /** Audiences a token may be for; none means the provider's own name, with or without `https:`. */
  readonly allowedAudiences: readonly string[];
  /** From `google.subject` or `attribute.NAME` to CEL over `assertion`. */
  readonly attributeMapping: Readonly<Record<string, string>>;
  /** CEL over `assertion`, `google` and `attribute`; without it every token of the issuer is taken. */
  readonly attributeCondition?: string;
}

export interface Pools {
  /** The provider of that name while it and its pool take tokens. */
  active(name: string): Provider | undefined;
  /** A pool, whether or not it takes tokens. */
  findPool(name: string): { readonly disabled?: boolean; readonly deleted?: boolean } | undefined;
  /** Adds a provider, and its pool where it is not there. */
  add(provider: Provider): void;
}

/** Google's access tokens. */
export interface Tokens {
  /** @param lifetime seconds. @param scopes default: all of Google Cloud */
  issue(
    principal: Principal,
    lifetime: number,
    scopes?: readonly string[],
  ): { readonly token: string; readonly expires: number };
  /** The principal of a token that is good. */
  verify(token: string): Principal | undefined;
  /** OAuth scopes of a known token. */
  scopes(token: string): readonly string[] | undefined;
}

/** Google's ID tokens. */
export interface IdTokens {
  /** Signs one for an account, good for an hour. @param includeEmail default true */
  sign(email: string, audience: string, includeEmail?: boolean): Promise<string>;
  /** The account a token stands for; undefined unless it is good, and for one of these audiences. */
  verify(token: string, audience: string | readonly string[]): Promise<{ email: string } | undefined>;
}
