import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { macaroon } from './macaroon.ts';
import type { Token, TokenScope } from './token.ts';

/** flyctl's default, 175200 hours. */
const TWENTY_YEARS = 175_200 * 3600;

/** The tokens in use, each in both of its forms. */
export class TokenStore {
  readonly #tokens = new Map<string, Token>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(scope: TokenScope): Token {
    const now = this.#clock.now();
    const expires = now + (scope.lifetime ?? TWENTY_YEARS) * 1000;
    const id = randomBytes(8).toString('hex');
    const token: Token = {
      ...scope,
      id,
      word: `fo1_${randomBytes(32).toString('base64url').replaceAll('_', '-')}`,
      macaroon: macaroon(id, scope, Math.min(now, expires), expires),
      expires,
    };
    for (const text of [token.word, token.macaroon]) this.#tokens.set(text, token);
    return token;
  }

  /** The tokens that have not expired, to be kept. */
  save(): Token[] {
    const now = this.#clock.now();
    return [...new Set(this.#tokens.values())].filter(({ expires }) => expires > now);
  }

  restore(tokens: readonly Token[]): void {
    for (const token of tokens)
      for (const text of [token.word, token.macaroon]) this.#tokens.set(text, token);
  }

  /** Every text that is a token, for tests that look for leaks. */
  all(): string[] {
    return [...this.#tokens.keys()];
  }

  /**
   * The first good token of an `Authorization` header: `Bearer` or `FlyV1`, one or several with commas between
   * (https://github.com/superfly/macaroon, "format.go").
   */
  ofHeader(authorization: string | undefined): Token | undefined {
    const texts = (authorization ?? '').replace(/^\s*(?:(?:Bearer|FlyV1)\s+)*/i, '').split(',');
    return texts.map((text) => this.find(text.trim())).find((token) => token !== undefined);
  }

  /** A token that is known and has not expired. */
  find(text: string): Token | undefined {
    const token = this.#tokens.get(text);
    return token && token.expires > this.#clock.now() ? token : undefined;
  }
}
