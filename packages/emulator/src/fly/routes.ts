import type { Route } from '../kernel/http/route.ts';
import { appRoutes } from './apps/apps.ts';
import { buildRoutes } from './apps/builds.ts';
import { ipAssignmentRoutes } from './apps/ip-assignments.ts';
import { logRoutes } from './apps/logs.ts';
import { releaseRoutes } from './apps/releases.ts';
import { secretRoutes } from './apps/secret-requests.ts';
import { volumeRoutes } from './apps/volumes.ts';
import type { Context } from './context.ts';
import { graphqlRoutes } from './graphql/routes.ts';
import { machineActionRoutes } from './machines/actions.ts';
import { leaseRoutes } from './machines/leases.ts';
import { machineRoutes } from './machines/machines.ts';
import { metadataRoutes } from './machines/metadata.ts';
import { waitRoutes } from './machines/waits.ts';
import { platformRoutes } from './platform.ts';
import { clusterRoutes } from './postgres/clusters.ts';
import { flyOidcRoutes } from './sign-in/oidc.ts';
import { organizationRoutes } from './sign-in/organizations.ts';

/** Every path of Fly.io: the Machines API, GraphQL, the rest of api.fly.io, and the issuers of its ID tokens. */
export const flyRoutes: readonly Route<Context>[] = [
  ...appRoutes,
  ...machineRoutes,
  ...machineActionRoutes,
  ...waitRoutes,
  ...leaseRoutes,
  ...metadataRoutes,
  ...secretRoutes,
  ...volumeRoutes,
  ...ipAssignmentRoutes,
  ...platformRoutes,
  ...graphqlRoutes,
  ...organizationRoutes,
  ...buildRoutes,
  ...releaseRoutes,
  ...logRoutes,
  ...clusterRoutes,
  ...flyOidcRoutes,
];
