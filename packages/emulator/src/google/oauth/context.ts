import type { Context as ContextOf } from '../../contracts.ts';
import type { AccessTokens } from './access-tokens.ts';

export interface OAuthState {
  readonly tokens: AccessTokens;
}

/** What signing in works with. */
export type Context = ContextOf<OAuthState, 'accounts' | 'apis' | 'iam'>;
