import type { Credential } from '../kernel/http/call.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Images } from './images.ts';

/** Who a registry token, or a password, speaks for; `principal` is undefined for nobody in particular. */
export interface Bearer {
  readonly principal: Principal | undefined;
  /** The OAuth scopes of the token that was shown; undefined where nothing limits it. */
  readonly scopes?: readonly string[] | undefined;
  /** What was shown to one home that has accounts of its own, and is good for nothing else. */
  readonly proof?: unknown;
}

/** Proven credentials: who they stand for, asked again whenever it matters. */
export interface Credentials {
  readonly bearer: () => Bearer | undefined;
}

/** What a caller wants of a repository: in the words of a token scope, and what a push does to a tag. */
export type Action = 'pull' | 'push' | 'delete' | 'tag' | 'retag';

/** What a repository name of the OCI API means. */
export interface Target {
  /** The name as the client gave it, which is what it wants back in `Location`. */
  readonly name: string;
  /** What is asked about as a whole, e.g. `projects/P/locations/L/repositories/R`. */
  readonly resource: string;
  readonly repositoryId: string;
  /** The image within the repository; may hold slashes. Empty where the repository as a whole is meant. */
  readonly image: string;
  /** What is there; undefined where nothing is. */
  readonly images: Images | undefined;
  readonly immutableTags: boolean;
  /** Whether a manifest stays as long as a tag, an index or a referrer of it is there. */
  readonly keepsReferenced: boolean;
  /** @throws RegistryError DENIED, UNAUTHORIZED or NAME_UNKNOWN in the home's words unless the bearer may do this */
  demand(bearer: Bearer, action: Action): void;
}

/** Whose images a registry has. */
export interface ImageHome {
  /** Checks a user name and its password; undefined when they are not good here. */
  signIn(user: string, password: string): Credentials | undefined;
  /** Who calls with a token of Google's itself, or a self-signed JWT; undefined when it is not for this. */
  ofCredential?(credential: Credential): Bearer | undefined;
  /**
   * What a name means; undefined when it is no name of this home.
   *
   * @param whole whether it may be the name of a repository as a whole, without an image
   * @throws RegistryError NAME_INVALID
   */
  find(name: string, whole?: boolean): Target | undefined;
  /**
   * The full names of the images that a caller may pull, in no order; undefined of a home that doesn't tell.
   * @param host the registry's own name that was asked; undefined on loopback, where all are meant
   */
  catalog?(bearer: Bearer, host: string | undefined): readonly string[];
}
