import type { JSONWebKeySet } from 'jose';
import type { Accounts, IdTokens, Policies, Pools, Tokens } from './contracts/identity.ts';
import type { Authorizer } from './kernel/access.ts';
import type { Principal } from './kernel/principal.ts';
import type { Context as ContextOf, Service } from './kernel/service/service.ts';
import type { ImageHome, Images, StoredManifest } from './oci/index.ts';

export type {
  Account,
  Accounts,
  Binding,
  IdTokens,
  Policies,
  Policy,
  Pools,
  Provider,
  Tokens,
} from './contracts/identity.ts';

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
  /** The clusters that are in the project's fleet. */
  members(): readonly FleetMember[];
  /** The public keys of the cluster that issues tokens of Kubernetes service accounts by this name; undefined where there is none. */
  keysOf(issuer: string): Promise<JSONWebKeySet | undefined>;
}

/** A cluster of the project's fleet. */
export interface FleetMember {
  /** e.g. `locations/us-central1/memberships/main` */
  readonly membership: string;
  readonly name: string;
  /** Region or zone of the cluster. */
  readonly location: string;
  /** Where its API server answers by https. */
  readonly endpoint: string;
  /** The authority of its certificate, PEM. */
  readonly certificate: string;
  /** Of the membership. */
  readonly uniqueId: string;
  /** Milliseconds since the epoch. */
  readonly createTime: number;
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
