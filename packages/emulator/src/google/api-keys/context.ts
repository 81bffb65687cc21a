import type { Context as ContextOf } from '../../contracts.ts';
import type { ApiKeysState } from './state.ts';

/** What the handlers of API Keys work with. */
export type Context = ContextOf<{ readonly apiKeys: ApiKeysState }, 'iam'>;
