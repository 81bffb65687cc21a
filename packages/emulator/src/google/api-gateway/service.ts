import { type Contracts, service } from '../../contracts.ts';
import { operationRoutes } from '../../kernel/operations/routes.ts';
import type { Platform } from '../../kernel/service/platform.ts';
import type { ApiGatewayStates } from './context.ts';
import { GatewayPlane } from './gateway/plane.ts';
import { resumeGateways } from './gateways.ts';
import { apiGatewayRoutes } from './routes.ts';
import { ApiGatewayState } from './state.ts';

const API = 'apigateway.googleapis.com';

/** The API Gateway API v1 (https://cloud.google.com/api-gateway/docs/reference/rest), and the gateways themselves. */
export const apiGateway = service({
  name: API,
  title: 'API Gateway API',
  enabled: true,
  permissions: {
    'apigateway.apiconfigs': 'create delete get list update getIamPolicy setIamPolicy',
    'apigateway.apis': 'create delete get list update getIamPolicy setIamPolicy',
    'apigateway.gateways': 'create delete get list update getIamPolicy setIamPolicy',
    'apigateway.locations': 'get list',
    'apigateway.operations': 'cancel delete get list',
  },
  deployerRoles: ['roles/apigateway.admin'],
  needs: ['iam', 'accounts', 'apis', 'apiKeys', 'idTokens'],
  state: (
    context: Platform & Pick<Contracts, 'accounts' | 'apis' | 'apiKeys' | 'idTokens'>,
  ): ApiGatewayStates => ({
    apiGateway: new ApiGatewayState(),
    gateways: new GatewayPlane(context),
  }),
  routes: [
    ...apiGatewayRoutes,
    ...operationRoutes({ api: API, version: 'v1', published: { location: ['get', 'list', 'cancel'] } }),
  ],
  save: ({ apiGateway }) => ({ ...apiGateway }),
  restore: ({ apiGateway }, saved) => apiGateway.restore(saved),
  resume: resumeGateways,
  stop: ({ gateways }) => gateways.close(),
});
