import type { Context as ContextOf } from '../../contracts.ts';

/** What the handlers of the Security Token Service work with. */
export type Context = ContextOf<object, 'pools' | 'tokens' | 'clusterAccess'>;
