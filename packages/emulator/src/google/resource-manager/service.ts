import { service } from '../../contracts.ts';
import type { ProjectSettings } from './context.ts';
import { resourceManagerRoutes } from './projects.ts';

/** The Cloud Resource Manager API, v1 and v3 (https://cloud.google.com/resource-manager/reference/rest). */
export const resourceManager = service({
  name: 'cloudresourcemanager.googleapis.com',
  title: 'Cloud Resource Manager API',
  enabled: true,
  scopes: { read: ['cloud-platform.read-only'] },
  permissions: {
    'resourcemanager.projects': 'get list update getIamPolicy setIamPolicy',
  },
  needs: ['iam'],
  state: (): { projectSettings: ProjectSettings } => ({ projectSettings: {} }),
  save: ({ projectSettings }) => projectSettings,
  restore: ({ projectSettings }, saved) => void Object.assign(projectSettings, saved),
  routes: resourceManagerRoutes,
});
