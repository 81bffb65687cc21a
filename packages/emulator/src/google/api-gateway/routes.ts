import type { Route } from '../../kernel/http/route.ts';
import { apiRoutes } from './apis.ts';
import { configRoutes } from './configs.ts';
import type { Context } from './context.ts';
import { gatewayRoutes } from './gateways.ts';
import { locationRoutes } from './locations.ts';

/** The API Gateway API v1 (https://cloud.google.com/api-gateway/docs/reference/rest). */
export const apiGatewayRoutes: readonly Route<Context>[] = [
  ...locationRoutes,
  ...apiRoutes,
  ...configRoutes,
  ...gatewayRoutes,
];
