import { randomBytes } from 'node:crypto';
import type { Token } from '../fly/tokens.ts';
import type { Principal } from '../identity/principal.ts';

/** Who a registry token speaks for; `principal` is undefined for nobody in particular. */
export interface Bearer {
  readonly principal: Principal | undefined;
  /** The OAuth scopes of the token that it showed; undefined where nothing limits it. */
  readonly scopes?: readonly string[] | undefined;
  /** A token of Fly.io, which is good for registry.fly.io and for nothing of Google's. */
  readonly fly?: Token;
}

interface Issued {
  /** Asked at every use, so that a registry token ends with the access token it was traded for. */
  readonly bearer: () => Bearer | undefined;
  readonly expires: number;
}

/** The tokens that /v2/token has given out: good for the registry and for nothing else. */
export class RegistryTokens {
  readonly #issued = new Map<string, Issued>();

  /** @param expires milliseconds since the epoch */
  issue(bearer: () => Bearer | undefined, expires: number): string {
    const token = `AR.${randomBytes(48).toString('base64url')}`;
    this.#issued.set(token, { bearer, expires });
    return token;
  }

  /** Every token given out so far, for tests that look for leaks. */
  all(): string[] {
    return [...this.#issued.keys()];
  }

  /** Ends every token given out so far. */
  expire(): void {
    for (const [token, { bearer }] of this.#issued) this.#issued.set(token, { bearer, expires: 0 });
  }

  /** Who the token speaks for; undefined when it is unknown or no longer good. */
  verify(token: string, now: number): Bearer | undefined {
    const issued = this.#issued.get(token);
    return issued && issued.expires > now ? issued.bearer() : undefined;
  }
}
