/** A token that calls may carry. */
export interface Token {
  readonly token: string;
  /** When it ends, in milliseconds since the epoch by the clock of the {@link Surroundings}. */
  readonly expires: number;
}

/** A way to access tokens: exactly one is in use in a step. */
export interface Source {
  /** Who acts and by what means, for the log. */
  readonly description: string;
  readonly projectId: string | undefined;
  /** Fetches a new token; what is held already is the caller's business. */
  fetch(): Promise<Token>;
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
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
  /** Milliseconds that a denied impersonation is tried again, as a new grant takes a while to be known everywhere. */
  readonly grantTimeout?: number;
  /** Told before a failed exchange is tried again. */
  readonly onRetry?: (error: unknown, delay: number) => void;
}
