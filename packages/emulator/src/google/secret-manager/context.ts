import type { Context as ContextOf } from '../../contracts.ts';
import type { SecretManagerState } from './state.ts';

/** What the handlers of Secret Manager work with. */
export type Context = ContextOf<{ readonly secretManager: SecretManagerState }, 'iam'>;
