import type { IdTokens } from '../../../contracts.ts';
import type { Clock } from '../../../kernel/clock.ts';

/** Milliseconds that a token is used: half of the hour that it is good for. */
const USED = 30 * 60_000;
/** Tokens that are kept: a gateway has a few backends. */
const KEPT = 1000;

/** The ID tokens by which gateways call their backends. Each is used for many requests, as ESPv2 uses those that it fetched. */
export class BackendTokens {
  readonly #clock: Clock;
  readonly #idTokens: IdTokens;
  readonly #signed = new Map<string, { readonly until: number; readonly token: Promise<string> }>();

  constructor({ clock, idTokens }: { readonly clock: Clock; readonly idTokens: IdTokens }) {
    this.#clock = clock;
    this.#idTokens = idTokens;
  }

  /**
   * A token that is good for half an hour at least.
   *
   * @param account e-mail and unique id: another account of the same e-mail gets tokens of its own
   */
  token(
    { email, uniqueId }: { readonly email: string; readonly uniqueId: string },
    audience: string,
  ): Promise<string> {
    const key = `${uniqueId} ${audience}`;
    const now = this.#clock.now();
    const known = this.#signed.get(key);
    if (known && known.until > now) return known.token;
    const token = this.#idTokens.sign(email, audience);
    // A signature that failed is tried again by the next request.
    token.catch(() => this.#signed.delete(key));
    if (this.#signed.size >= KEPT) this.#signed.clear();
    this.#signed.set(key, { until: now + USED, token });
    return token;
  }
}
