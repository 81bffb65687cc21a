import type { Context as ContextOf } from '../../contracts.ts';
import type { ServiceUsageState } from './state.ts';

/** What the handlers of Service Usage work with. */
export type Context = ContextOf<{ readonly serviceUsage: ServiceUsageState }, 'iam'>;
