import { service } from '../../contracts.ts';
import { operationRoutes } from '../../kernel/operations/routes.ts';
import { apiKeysRoutes } from './keys.ts';
import { ApiKeysState } from './state.ts';

const API = 'apikeys.googleapis.com';

/** The API Keys API v2 (https://cloud.google.com/api-keys/docs/reference/rest). */
export const apiKeys = service({
  name: API,
  title: 'API Keys API',
  enabled: true,
  scopes: { full: ['apikeys'], read: ['apikeys.readonly', 'cloud-platform.read-only'] },
  permissions: {
    'apikeys.keys': 'create delete get getKeyString list lookup undelete update',
  },
  deployerRoles: ['roles/serviceusage.apiKeysAdmin'],
  needs: ['iam'],
  state: () => ({ apiKeys: new ApiKeysState() }),
  provides: ({ apiKeys, clock }) => ({
    apiKeys: {
      find(keyString) {
        const key = apiKeys.findByKeyString(keyString, clock.now());
        return key && { deleted: key.deleteTime !== undefined, restrictions: key.restrictions ?? {} };
      },
    },
  }),
  save: ({ apiKeys, clock }) => apiKeys.list(clock.now()),
  restore: ({ apiKeys }, saved) => apiKeys.restore(saved),
  routes: [...apiKeysRoutes, ...operationRoutes({ api: API, version: 'v2', published: { root: ['get'] } })],
});
