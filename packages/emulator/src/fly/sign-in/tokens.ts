import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { App, Organization } from '../state.ts';
import { macaroon } from './macaroon.ts';

/** What a token is limited to. */
export interface TokenScope {
  /** `user`: a person's, good for every organization of theirs; `machine`: what a machine's own socket adds. */
  readonly kind: 'user' | 'org' | 'deploy' | 'readonly' | 'machine';
  readonly name: string;
  /** Not set for a person's. */
  readonly organization?: Organization;
  /** The only app it is for. */
  readonly app?: App;
  readonly machine?: string;
  /** Seconds; default 20 years, which is flyctl's. */
  readonly lifetime?: number;
}

export interface Token extends TokenScope {
  readonly id: string;
  /** An OAuth-like word, which flyctl sends as `Bearer`. */
  readonly word: string;
  /** The same rights as a macaroon, `fm2_…`, which flyctl sends as `FlyV1`. */
  readonly macaroon: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

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

/** Whether a token may read an app, or also change it. */
export function allows(token: Token, app: App, action: 'read' | 'write'): boolean {
  if (token.organization && token.organization !== app.organization) return false;
  if (token.app && token.app !== app) return false;
  return action === 'read' || !['readonly', 'machine'].includes(token.kind);
}
