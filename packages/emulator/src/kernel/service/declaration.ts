import type { ApiError } from '../errors.ts';
import type { Issuer } from '../signing-keys.ts';

/** Scopes, by what follows `https://www.googleapis.com/auth/`. */
export interface ApiScopes {
  /** Good for every method. */
  readonly full?: readonly string[];
  /** Good for the methods that only read. */
  readonly read?: readonly string[];
  /** Those of methods that end in `:write`. */
  readonly write?: readonly string[];
}

/** What a service says of itself, to whoever asks. */
export interface Declaration {
  /** e.g. `run.googleapis.com`; of what is not Google's, the host it is best known by. */
  readonly name: string;
  /** e.g. `Cloud Run Admin API` */
  readonly title: string;
  /** Further host names that it stands in for, `*.example.com` for all below one. */
  readonly hosts?: readonly string[];
  /**
   * How its paths begin on the one port: `run` for `/run/v2/projects/…`; default the first label of its name. Undefined for one whose
   * clients fix their paths themselves (`/token`, `/v2/`): they are served at the root, and there alone.
   */
  readonly prefix?: string | undefined;
  /**
   * Whether its paths begin with the prefix at its own host, too, as Compute Engine's do: `servicePath` of its discovery document. Default
   * false.
   */
  readonly keepsPrefix?: boolean;
  /** Which of gcloud's api_endpoint_overrides point at it; default its prefix, where it is one of Google's APIs. */
  readonly overrides?: readonly string[];
  /**
   * The OAuth scopes that it takes besides all of Google Cloud, by its discovery document
   * (https://developers.google.com/discovery/v1/reference).
   */
  readonly scopes?: ApiScopes;
  /** Its IAM permissions: from `run.services` to `create delete get` (https://cloud.google.com/iam/docs/roles-permissions). */
  readonly permissions?: Readonly<Record<string, string>>;
  /** What it adds to predefined roles, `x.*` being every permission below `x`. */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  /** The roles that who deploys needs of it. */
  readonly deployerRoles?: readonly string[];
  /** Whether the seeded project has it enabled; default false. */
  readonly enabled?: boolean;
  /** The HTTP body of an error, where it is not that of today's APIs (https://google.aip.dev/193). */
  readonly errorBody?: (error: ApiError) => object;
  /** Whose ID tokens it signs. */
  readonly issuer?: Issuer;
}

/** How a service's paths begin on the one port, e.g. `run`; undefined for one at the root. */
export function prefixOf(declaration: Declaration): string | undefined {
  return 'prefix' in declaration ? declaration.prefix : declaration.name.split('.')[0];
}

/** Which of gcloud's api_endpoint_overrides point at a service, e.g. `run`. */
export function overridesOf(declaration: Declaration): readonly string[] {
  const prefix = prefixOf(declaration);
  const ofGoogle = declaration.name.endsWith('.googleapis.com');
  return declaration.overrides ?? (ofGoogle && prefix ? [prefix] : []);
}
