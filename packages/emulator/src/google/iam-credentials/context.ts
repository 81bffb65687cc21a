import type { Context as ContextOf } from '../../contracts.ts';

/** What the handlers of the Service Account Credentials API work with. */
export type Context = ContextOf<object, 'accounts' | 'tokens' | 'idTokens'>;
