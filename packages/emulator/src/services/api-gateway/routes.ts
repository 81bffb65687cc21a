import type { Route } from '../../handler.ts';
import { apiRoutes } from './apis.ts';
import { configRoutes } from './configs.ts';
import { gatewayRoutes } from './gateways.ts';
import { locationRoutes } from './locations.ts';

/** The API Gateway API v1 (https://cloud.google.com/api-gateway/docs/reference/rest). */
export const apiGatewayRoutes: readonly Route[] = [
  ...locationRoutes,
  ...apiRoutes,
  ...configRoutes,
  ...gatewayRoutes,
];
