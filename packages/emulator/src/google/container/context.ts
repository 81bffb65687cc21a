import type { Context as ContextOf } from '../../contracts.ts';
import type { ClustersState } from './state.ts';

/** What the handlers of Kubernetes Engine work with. */
export type Context = ContextOf<{ readonly clusters: ClustersState }, 'iam'>;

/** What those of the webhooks work with. */
// biome-ignore lint/complexity/noBannedTypes: they keep nothing
export type WebhookContext = ContextOf<{}, 'iam' | 'tokens' | 'clusterAccess'>;
