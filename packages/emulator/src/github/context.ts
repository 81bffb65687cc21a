import type { Context as ContextOf } from '../contracts.ts';

/** What GitHub's OIDC provider works with. */
export type Context = ContextOf<object, 'accounts' | 'iam' | 'pools'>;
