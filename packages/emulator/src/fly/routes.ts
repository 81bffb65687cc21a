import type { Route } from '../kernel/route.ts';
import { appRoutes } from './apps.ts';
import { buildRoutes } from './builds.ts';
import type { Context } from './context.ts';
import { graphqlRoutes } from './graphql/routes.ts';
import { ipAssignmentRoutes } from './ip-assignments.ts';
import { leaseRoutes } from './leases.ts';
import { logRoutes } from './logs.ts';
import { machineActionRoutes } from './machine-actions.ts';
import { machineRoutes } from './machines.ts';
import { metadataRoutes } from './metadata.ts';
import { flyOidcRoutes } from './oidc.ts';
import { organizationRoutes } from './organizations.ts';
import { platformRoutes } from './platform.ts';
import { releaseRoutes } from './releases.ts';
import { secretRoutes } from './secret-requests.ts';
import { volumeRoutes } from './volumes.ts';
import { waitRoutes } from './waits.ts';

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
  ...flyOidcRoutes,
];
