import { doorFetch, type Failure, judge as judgeAnswer, parseRetryAfter, retry } from '@gangway/http';
import { AuthClient } from 'google-auth-library';
import { explain, isGrantMissing } from '../errors/explain.ts';
import type { Source, Surroundings, Token, Wanted } from '../sources/source.ts';
import { noIdToken } from './fixed.ts';
import { endOfIdToken } from './token-reader.ts';

type RequestOptions = Parameters<AuthClient['request']>[0];

interface Held extends Token {
  readonly obtained: number;
}

/** A token is renewed this long before it ends, or in the last tenth of a shorter life. */
const RENEW_BEFORE = 60_000;
const EXCHANGE_DEADLINE = 60_000;
const GRANT_TIMEOUT = 45_000;

/**
 * The credentials every call of a step shares: one token, asked for when used, renewed shortly before it ends, by
 * one exchange at a time, masked the moment it exists.
 */
export class TokenClient extends AuthClient {
  readonly #source: Source;
  readonly #surroundings: Surroundings;
  readonly #now: () => number;
  #held: Held | undefined;
  #pending: Promise<Held> | undefined;

  constructor(source: Source, surroundings: Surroundings) {
    super({ transporterOptions: { fetchImplementation: doorFetch as typeof fetch } });
    this.universeDomain = source.universeDomain;
    this.#source = source;
    this.#surroundings = surroundings;
    this.#now = surroundings.now ?? Date.now;
  }

  /** @throws ActionError that explains why there is no token */
  async getAccessToken(): Promise<{ token: string }> {
    return this.#unlessOlderThan(({ obtained, expires }) => {
      const life = expires - obtained;
      return life - Math.min(RENEW_BEFORE, life / 10);
    });
  }

  /**
   * A token with most of its life before it, for who keeps it a while: Docker asks once for a whole push.
   *
   * @throws ActionError that explains why there is no token
   */
  async getYoungToken(): Promise<{ token: string }> {
    return this.#unlessOlderThan(({ obtained, expires }) => (expires - obtained) / 5);
  }

  /**
   * A token of its own, not shared with the step's calls.
   *
   * @throws ActionError `scopes-fixed` or `lifetime-fixed` when these credentials leave no choice, or one that explains
   *   why there is no token
   */
  async getWantedToken(wanted: Wanted): Promise<Token> {
    return this.#exchange(
      () => this.#source.fetch(wanted),
      ({ token }) => token,
    );
  }

  /**
   * A Google ID token of the acting service account, e.g. to call a Cloud Run service that is not public.
   *
   * @param audience who is to accept it, e.g. the service's URL
   * @throws ActionError `no-id-token` when no service account acts, or one that explains why there is no token
   * @see https://cloud.google.com/docs/authentication/token-types#id
   */
  async getIdToken(audience: string): Promise<Token> {
    const { fetchIdToken, description } = this.#source;
    if (!fetchIdToken) throw noIdToken(description);
    const token = await this.#exchange(
      () => fetchIdToken(audience),
      (given) => given,
    );
    return { token, expires: endOfIdToken(token) };
  }

  async getRequestHeaders(): Promise<Headers> {
    const { token } = await this.getAccessToken();
    return this.addSharedMetadataHeaders(new Headers({ authorization: `Bearer ${token}` }));
  }

  async request<T>(options: RequestOptions) {
    const headers = new Headers(options.headers as Headers | undefined);
    for (const [name, value] of await this.getRequestHeaders()) headers.set(name, value);
    return this.transporter.request<T>({ ...options, headers });
  }

  async #unlessOlderThan(oldest: (held: Held) => number): Promise<{ token: string }> {
    const held = this.#held;
    if (held && this.#now() - held.obtained < oldest(held)) return { token: held.token };
    // Whoever comes while one exchange is under way takes what it brings.
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined;
    });
    return { token: (await this.#pending).token };
  }

  async #renew(): Promise<Held> {
    const obtained = this.#now();
    const fetched = await this.#exchange(
      () => this.#source.fetch(),
      ({ token }) => token,
    );
    this.#held = { ...fetched, obtained };
    return this.#held;
  }

  /** Asks a token service under the retry policy, and masks what it gave. */
  async #exchange<T>(ask: () => Promise<T>, secretOf: (answer: T) => string): Promise<T> {
    const { mask, signal, onRetry, grantTimeout = GRANT_TIMEOUT } = this.#surroundings;
    const grantEnd = performance.now() + grantTimeout;
    const answer = await retry(ask, (error) => judge(error, performance.now() < grantEnd), {
      deadline: Math.max(EXCHANGE_DEADLINE, grantTimeout),
      signal,
      onRetry: ({ error }, delay) => onRetry?.(explain(error, this.#source.identity()), delay),
    }).catch((error) => {
      throw explain(error, this.#source.identity());
    });
    mask(secretOf(answer));
    return answer;
  }
}

/** The one policy, on POST too; and a denied impersonation while it may still be granted. */
function judge(error: unknown, grantMayCome: boolean): Failure {
  const { response, code } = Object(error) as { response?: { headers?: Headers }; code?: unknown };
  const judged = judgeAnswer(error);
  const passes = code === 'oidc-failed' || (grantMayCome && isGrantMissing(error));
  const retryAfter = parseRetryAfter(response?.headers?.get?.('retry-after'));
  return { ...judged, transient: judged.transient || passes, retryAfter };
}
