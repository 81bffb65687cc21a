import { service } from '../../contracts.ts';
import type { LoggingState } from './context.ts';
import { loggingRoutes } from './entries.ts';

/** The Cloud Logging API v2: entries and the names of logs (https://cloud.google.com/logging/docs/reference/v2/rest). */
export const logging = service({
  name: 'logging.googleapis.com',
  title: 'Cloud Logging API',
  enabled: true,
  permissions: {
    'logging.logEntries': 'create list',
    'logging.logs': 'delete list',
  },
  scopes: {
    full: ['logging.admin'],
    read: ['logging.read', 'cloud-platform.read-only'],
    write: ['logging.write'],
  },
  deployerRoles: ['roles/logging.viewer'],
  needs: ['iam', 'logSources'],
  state: (): LoggingState => ({ writtenLogs: [] }),
  save: ({ writtenLogs }) => writtenLogs,
  restore: ({ writtenLogs }, saved) => void writtenLogs.push(...saved),
  routes: loggingRoutes,
});
