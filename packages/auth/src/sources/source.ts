/** A token that calls may carry. */
export interface Token {
  readonly token: string;
  /** When it ends, in milliseconds since the epoch by the clock of the {@link Surroundings}. */
  readonly expires: number;
}

/** What an access token is to be good for, where it is not for the step's own calls. */
export interface Wanted {
  /** OAuth scopes, e.g. `https://www.googleapis.com/auth/devstorage.read_only`. */
  readonly scopes: readonly string[];
  /** Seconds that it is to live; default: as long as such tokens do. */
  readonly lifetime?: number | undefined;
}

/** A way to access tokens: exactly one is in use in a step. */
export interface Source {
  /** Who acts and by what means, for the log. */
  readonly description: string;
  readonly projectId: string | undefined;
  /** Domain of the cloud that the credentials belong to: `googleapis.com`, or that of a cloud a partner runs. */
  readonly universeDomain: string;
  /**
   * Fetches a new token; what is held already is the caller's business.
   * @param wanted default: all of Google Cloud, for as long as such tokens live
   */
  fetch(wanted?: Wanted): Promise<Token>;
  /** A Google ID token of the acting service account for an audience; absent where no service account acts. */
  readonly fetchIdToken?: ((audience: string) => Promise<string>) | undefined;
  /** What is known of the identity, for explaining a refusal. Holds no secret. */
  identity(): Identity;
}

/** Who asks, as far as it is known. */
export interface Identity {
  readonly description: string;
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly provider?: string | undefined;
  /** E-mail address of the account that is impersonated, or whose key is used. */
  readonly serviceAccount?: string | undefined;
  /** Service accounts on the way to it. */
  readonly delegates?: readonly string[];
  /** Id of the service account key in use. */
  readonly keyId?: string | undefined;
  /** Claims of the OIDC token that was last exchanged. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** What credentials need of the step they are used in. */
export interface Surroundings {
  /** GitHub's OIDC token of the job for an audience. */
  readonly idToken: (audience: string) => Promise<string>;
  /** Called with every secret the moment it exists. */
  readonly mask: (secret: string) => void;
  readonly signal?: AbortSignal;
  /** Domain of the cloud that is meant; default: what the credentials say, else Google's. */
  readonly universeDomain?: string | undefined;
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
  /** Milliseconds that a denied impersonation is tried again, as a new grant takes a while to be known everywhere. */
  readonly grantTimeout?: number;
  /** Told before a failed exchange is tried again. */
  readonly onRetry?: (error: unknown, delay: number) => void;
}
