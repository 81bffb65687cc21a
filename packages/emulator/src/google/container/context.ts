import type { Context as ContextOf } from '../../contracts.ts';
import type { ClustersState } from './state.ts';

/** What the handlers of Kubernetes Engine work with. */
export type Context = ContextOf<{ readonly clusters: ClustersState }, 'iam'>;

/** What those of the webhooks work with. */
export type WebhookContext = ContextOf<Record<never, never>, 'iam' | 'tokens' | 'clusterAccess'>;
