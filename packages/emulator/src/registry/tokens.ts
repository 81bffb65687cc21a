import { randomBytes } from 'node:crypto';
import type { Bearer } from '../oci/index.ts';

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
