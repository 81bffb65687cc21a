import { service } from '../../contracts.ts';
import { KIND_PERMISSIONS, ROLES } from './permissions.ts';
import { clusterRoutes } from './routes.ts';
import { ClustersState } from './state.ts';
import { webhookRoutes } from './webhooks.ts';

/**
 * The Kubernetes Engine API v1, as far as it tells of clusters (https://cloud.google.com/kubernetes-engine/docs/reference/rest). The clusters
 * are real ones, which whoever starts them attaches; their API servers ask here who a token stands for, and what IAM allows.
 */
export const container = service({
  name: 'container.googleapis.com',
  title: 'Kubernetes Engine API',
  enabled: true,
  scopes: { read: ['cloud-platform.read-only'] },
  permissions: {
    'container.clusters': 'connect create delete get getCredentials list update',
    'container.operations': 'get list',
    ...KIND_PERMISSIONS,
  },
  roles: ROLES,
  deployerRoles: ['roles/container.developer'],
  needs: ['iam'],
  state: () => ({ clusters: new ClustersState() }),
  provides: ({ clusters }) => ({ clusterAccess: clusters }),
  routes: clusterRoutes,
});

/** What the API servers of clusters ask, each for itself; no part of an API that Google publishes. */
export const clusterWebhooks = service({
  name: 'clusters.gangway.local',
  title: 'Webhooks of clusters',
  needs: ['iam', 'tokens', 'clusterAccess'],
  routes: webhookRoutes,
});
