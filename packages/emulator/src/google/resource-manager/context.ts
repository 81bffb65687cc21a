import type { Context as ContextOf } from '../../contracts.ts';

/** What the handlers of Cloud Resource Manager work with. */
export type Context = ContextOf<object, 'iam'>;
