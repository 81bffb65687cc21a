import { service } from '../../contracts.ts';
import type { Platform } from '../../kernel/service/platform.ts';
import { batchRoutes } from './batch.ts';
import type { ComputeStates, Context } from './context.ts';
import { errorBody } from './errors.ts';
import { groupRoutes } from './groups/group-routes.ts';
import { Groups } from './groups/groups.ts';
import { managerRoutes } from './groups/routes.ts';
import { API } from './guarded.ts';
import { diskRoutes } from './instances/disk-routes.ts';
import { instanceRoutes } from './instances/routes.ts';
import { MachinePlane } from './machines/plane.ts';
import { simulatedMachines } from './machines/simulated.ts';
import { addressRoutes } from './networking/addresses.ts';
import { firewallRoutes } from './networking/firewalls.ts';
import { healthCheckRoutes } from './networking/health-checks.ts';
import { operationRoutes } from './operations/routes.ts';
import { imageRoutes } from './places/image-routes.ts';
import { networkRoutes } from './places/network-routes.ts';
import { placeRoutes } from './places/routes.ts';
import { projectRoutes } from './project-routes.ts';
import { ComputeState } from './state.ts';
import { templateRoutes } from './templates/routes.ts';

/** The Compute Engine API v1 (https://cloud.google.com/compute/docs/reference/rest/v1), and the machines themselves. */
export const compute = service({
  name: API,
  title: 'Compute Engine API',
  enabled: true,
  prefix: 'compute',
  keepsPrefix: true,
  scopes: { full: ['compute'], read: ['compute.readonly'] },
  errorBody,
  deployerRoles: [
    'roles/compute.instanceAdmin.v1',
    'roles/compute.networkAdmin',
    'roles/compute.securityAdmin',
  ],
  needs: ['iam', 'accounts', 'tokens', 'idTokens'],
  state: (context: Platform): ComputeStates => ({
    compute: new ComputeState(),
    groups: new Groups(),
    // The context is complete once the state is made.
    machines: context.simulateMachines ? simulatedMachines() : new MachinePlane(context as Context),
  }),
  provides: ({ machines }) => ({ webFronts: [machines.front] }),
  routes: [
    ...batchRoutes,
    ...projectRoutes,
    ...placeRoutes,
    ...networkRoutes,
    ...imageRoutes,
    ...operationRoutes,
    ...instanceRoutes,
    ...diskRoutes,
    ...addressRoutes,
    ...firewallRoutes,
    ...healthCheckRoutes,
    ...templateRoutes,
    ...managerRoutes,
    ...groupRoutes,
  ],
  async stop({ groups, machines }) {
    groups.close();
    await machines.close();
  },
  remains: ({ machines }) => machines.remains,
  // gcloud goes on from where its methods' paths begin.
  env: ({ origin }) => ({ CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${origin}/compute/v1/` }),
});
