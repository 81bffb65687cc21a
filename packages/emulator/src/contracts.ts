import type { Authorizer } from './kernel/access.ts';
import type { Principal } from './kernel/principal.ts';
import type { Context as ContextOf, Service } from './kernel/service/service.ts';
import type { ImageHome, Images, StoredManifest } from './oci/index.ts';

/** What services need of each other: all of it, and no more. Whoever keeps a contract says so in its `service.ts`. */
export interface Contracts {
  readonly authorizer: Authorizer;
  readonly iam: Policies;
  readonly accounts: Accounts;
  readonly pools: Pools;
  readonly tokens: Tokens;
  readonly idTokens: IdTokens;
  readonly apis: Apis;
  readonly apiKeys: ApiKeys;
  readonly secrets: Secrets;
  readonly repositories: Repositories;
  readonly clusterAccess: ClusterAccess;
  /** Whose images the OCI registry has. */
  readonly imageHomes: readonly ImageHome[];
  /** Who answers by names of hosts besides those of APIs. */
  readonly webFronts: readonly WebFront[];
  /** Who writes logs. */
  readonly logSources: readonly LogSource[];
}

/** Where what was deployed answers by its own name. */
export interface WebFront {
  /**
   * The port on 127.0.0.1 behind which a host is; undefined for a host that is not there.
   * @param port that was asked for; undefined for that of http or https
   */
  find(host: string, port: number | undefined): number | undefined;
}

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
  verify(token: string, audience: string | string[]): Promise<{ email: string } | undefined>;
}

/** The APIs that the project may call. */
export interface Apis {
  isEnabled(api: string): boolean;
  /** The title of a Google API, e.g. `API Gateway API`; the name itself for one that is not known. */
  titleOf(api: string): string;
  /** Whether Google has an API of that name, whether or not the local cloud does. */
  isKnown(api: string): boolean;
  /** Makes a managed service known, so that a project that may bind it can enable it. */
  register(name: string, title: string): void;
}

/** The API keys that callers of an API present. */
export interface ApiKeys {
  /** The key of that text, deleted or not. */
  find(keyString: string): { readonly deleted: boolean; readonly restrictions: KeyRestrictions } | undefined;
}

/** What an API key is limited to (https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys#restrictions). */
export interface KeyRestrictions {
  readonly apiTargets?: readonly {
    readonly service?: string;
    /** Names of methods, a last `*` standing for anything; none: every method. */
    readonly methods?: readonly string[];
  }[];
  readonly serverKeyRestrictions?: { readonly allowedIps?: readonly string[] };
  readonly browserKeyRestrictions?: { readonly allowedReferrers?: readonly string[] };
  readonly androidKeyRestrictions?: {
    readonly allowedApplications?: readonly {
      readonly packageName?: string;
      readonly sha1Fingerprint?: string;
    }[];
  };
  readonly iosKeyRestrictions?: { readonly allowedBundleIds?: readonly string[] };
}

interface Secrets {
  /** The value of a version, or of the `latest` one; undefined where there is none. */
  read(secret: string, version: string): Buffer | undefined;
}

/** An image in Artifact Registry. */
export interface FoundImage {
  /** `projects/P/locations/L/repositories/R` */
  readonly repository: string;
  /** The image within the repository; may hold slashes. */
  readonly image: string;
  readonly manifest: StoredManifest;
  readonly images: Images;
}

/** The images of Artifact Registry, as `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE[:TAG][@DIGEST]` names them. */
export interface Repositories {
  /** What a reference stands for now; `latest` is the tag where it gives neither. */
  find(reference: string): FoundImage | undefined;
  /** A reference taken apart; undefined when it is none of Artifact Registry's. */
  parse(reference: string): ImageReference | undefined;
  /** Whether a caller, or anybody at all, may pull from a repository. */
  mayPull(principal: Principal | undefined, repository: string): boolean;
}

export interface ImageReference {
  readonly location: string;
  readonly project: string;
  readonly repository: string;
  /** May hold slashes. */
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** By what the API servers of clusters know callers. */
interface ClusterAccess {
  /** What they must show who ask whom a token stands for. */
  readonly webhookToken: string;
  /** Who has called one so far, by the name that it knows them by. */
  readonly callers: Map<string, Principal>;
}

/** A line of a log, without what Cloud Logging adds (https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry). */
export interface LogEntry {
  readonly logName: string;
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339 */
  readonly timestamp: string;
  /** The line as it was written. */
  readonly text: string;
}

interface LogSource {
  /** Everything that was written so far, in any order. */
  entries(): Promise<readonly LogEntry[]>;
}

/** What the handlers of a service work with that needs others by these contracts, and keeps `S`. */
export type Context<S extends object, N extends keyof Contracts = never> = ContextOf<Contracts, S, N>;

/** Declares a service: what its folder exports as its one door. */
export function service<S extends object, const N extends keyof Contracts = never>(
  declaration: Service<Contracts, S, N>,
): Service<Contracts, S, N> {
  return declaration;
}
