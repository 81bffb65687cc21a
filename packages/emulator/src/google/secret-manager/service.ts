import { service } from '../../contracts.ts';
import { secretManagerRoutes } from './secrets.ts';
import { SecretManagerState } from './state.ts';

/** The Secret Manager API v1, global secrets (https://cloud.google.com/secret-manager/docs/reference/rest). */
export const secretManager = service({
  name: 'secretmanager.googleapis.com',
  title: 'Secret Manager API',
  permissions: {
    'secretmanager.locations': 'get list',
    'secretmanager.secrets': 'create delete get list update getIamPolicy setIamPolicy',
    'secretmanager.versions': 'access add destroy disable enable get list',
  },
  needs: ['iam'],
  state: () => ({ secretManager: new SecretManagerState() }),
  provides: ({ secretManager }) => ({ secrets: secretManager }),
  save: ({ secretManager }) => secretManager.secrets,
  restore({ secretManager }, saved: SecretManagerState['secrets']) {
    for (const [id, secret] of saved) secretManager.secrets.set(id, secret);
  },
  routes: secretManagerRoutes,
});
