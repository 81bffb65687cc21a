import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Principal } from './principal.ts';

/** The OAuth scope of all of Google Cloud. */
export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

interface Issued {
  principal: Principal;
  scopes: readonly string[];
  expires: number;
}

/** The access tokens in use: opaque, as Google's are. */
export class AccessTokens {
  readonly #issued = new Map<string, Issued>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param lifetime seconds */
  issue(
    principal: Principal,
    lifetime: number,
    scopes: readonly string[] = [CLOUD_PLATFORM],
  ): { token: string; expires: number } {
    const token = `ya29.${randomBytes(48).toString('base64url')}`;
    const expires = this.#clock.now() + lifetime * 1000;
    this.#issued.set(token, { principal, scopes, expires });
    return { token, expires };
  }

  /** Every token issued so far, for tests that look for leaks. */
  all(): string[] {
    return [...this.#issued.keys()];
  }

  /** When a known token expires or expired, in milliseconds since the epoch. */
  expiry(token: string): number | undefined {
    return this.#issued.get(token)?.expires;
  }

  /** OAuth scopes of a known token. */
  scopes(token: string): readonly string[] | undefined {
    return this.#issued.get(token)?.scopes;
  }

  /** The principal of a token that is known and not expired. */
  verify(token: string): Principal | undefined {
    const issued = this.#issued.get(token);
    return issued && issued.expires > this.#clock.now() ? issued.principal : undefined;
  }
}
