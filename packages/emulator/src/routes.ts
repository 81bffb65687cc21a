import { flyRoutes } from './fly/routes.ts';
import type { Route } from './handler.ts';
import { githubRoutes } from './identity/github.ts';
import { iamCredentialsRoutes } from './identity/iam-credentials.ts';
import { oauthRoutes } from './identity/oauth.ts';
import { stsRoutes } from './identity/sts.ts';
import { registryRoutes } from './registry/routes.ts';
import { apiGatewayRoutes } from './services/api-gateway/routes.ts';
import { apiKeysRoutes } from './services/api-keys.ts';
import { artifactRegistryRoutes } from './services/artifact-registry.ts';
import { iamAdminRoutes } from './services/iam-admin.ts';
import { loggingRoutes } from './services/logging.ts';
import { operationRoutes } from './services/operations.ts';
import { resourceManagerRoutes } from './services/resource-manager.ts';
import { runRoutes } from './services/run.ts';
import { runJobRoutes } from './services/run-jobs.ts';
import { runV1Routes } from './services/run-v1.ts';
import { secretManagerRoutes } from './services/secret-manager.ts';
import { serviceUsageRoutes } from './services/service-usage.ts';

/** Every path the local cloud answers. The registry comes last: its names may be anything. */
export const routes: readonly Route[] = [
  ...githubRoutes,
  ...stsRoutes,
  ...oauthRoutes,
  ...iamCredentialsRoutes,
  ...iamAdminRoutes,
  ...resourceManagerRoutes,
  ...serviceUsageRoutes,
  ...apiGatewayRoutes,
  ...apiKeysRoutes,
  ...artifactRegistryRoutes,
  ...runRoutes,
  ...runJobRoutes,
  ...runV1Routes,
  ...secretManagerRoutes,
  ...flyRoutes,
  ...loggingRoutes,
  ...operationRoutes,
  ...registryRoutes,
];
