import { randomBytes } from 'node:crypto';
import type { Tokens } from '../../contracts.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import { CLOUD_PLATFORM } from '../tokens/oauth-scopes.ts';
import type { Standing } from './standing.ts';

/** Reasons of Google's for a 401 over a token. */
export type UnauthenticatedReason =
  | 'ACCESS_TOKEN_TYPE_UNSUPPORTED'
  | 'ACCESS_TOKEN_EXPIRED'
  | 'ACCOUNT_STATE_INVALID';

interface Issued {
  principal: Principal;
  scopes: readonly string[];
  expires: number;
  /** Which account of that e-mail it was issued to; undefined for what the cloud does not know. */
  account: string | undefined;
}

/** The access tokens in use: opaque, as Google's are. */
export class AccessTokens implements Tokens {
  readonly #issued = new Map<string, Issued>();
  readonly #clock: Clock;
  readonly #standing: Standing;

  constructor(clock: Clock, standing: Standing) {
    this.#clock = clock;
    this.#standing = standing;
  }

  /** @param lifetime seconds */
  issue(
    principal: Principal,
    lifetime: number,
    scopes: readonly string[] = [CLOUD_PLATFORM],
  ): { token: string; expires: number } {
    const token = `ya29.${randomBytes(48).toString('base64url')}`;
    const expires = this.#clock.now() + lifetime * 1000;
    this.#issued.set(token, { principal, scopes, expires, account: this.#standing.accountOf(principal) });
    return { token, expires };
  }

  /** Every token issued so far, for tests that look for leaks. */
  all(): string[] {
    return [...this.#issued.keys()];
  }

  /** The tokens that have not expired, to be kept. */
  save(): ReadonlyMap<string, Issued> {
    const now = this.#clock.now();
    return new Map([...this.#issued].filter(([, { expires }]) => expires > now));
  }

  restore(issued: ReadonlyMap<string, Issued>): void {
    for (const [token, one] of issued) this.#issued.set(token, one);
  }

  /** When a known token expires or expired, in milliseconds since the epoch. */
  expiry(token: string): number | undefined {
    return this.#issued.get(token)?.expires;
  }

  /** OAuth scopes of a known token. */
  scopes(token: string): readonly string[] | undefined {
    return this.#issued.get(token)?.scopes;
  }

  /** The principal of a token that is known and not expired, and whose account or pool may still sign in. */
  verify(token: string): Principal | undefined {
    return this.whyRefused(token) === undefined ? this.#issued.get(token)?.principal : undefined;
  }

  /**
   * Why a token is refused, as Google's errors name the reason; undefined for a good one.
   * @see https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto
   */
  whyRefused(token: string): UnauthenticatedReason | undefined {
    const issued = this.#issued.get(token);
    if (!issued) return 'ACCESS_TOKEN_TYPE_UNSUPPORTED';
    if (issued.expires <= this.#clock.now()) return 'ACCESS_TOKEN_EXPIRED';
    return this.#standing.maySignIn(issued.principal, issued.account) ? undefined : 'ACCOUNT_STATE_INVALID';
  }
}
