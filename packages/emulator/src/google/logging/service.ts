import { service } from '../../contracts.ts';
import { loggingRoutes } from './entries.ts';

/** The part of the Cloud Logging API v2 that lists entries (https://cloud.google.com/logging/docs/reference/v2/rest). */
export const logging = service({
  name: 'logging.googleapis.com',
  title: 'Cloud Logging API',
  enabled: true,
  scopes: { full: ['logging.admin'], read: ['logging.read', 'cloud-platform.read-only'] },
  deployerRoles: ['roles/logging.viewer'],
  needs: ['iam', 'logSources'],
  routes: loggingRoutes,
});
