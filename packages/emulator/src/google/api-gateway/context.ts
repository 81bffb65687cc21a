import type { Context as ContextOf } from '../../contracts.ts';
import type { GatewayPlane } from './gateway/plane.ts';
import type { ApiGatewayState } from './state.ts';

export interface ApiGatewayStates {
  readonly apiGateway: ApiGatewayState;
  /** The data plane: gateways that listen. */
  readonly gateways: GatewayPlane;
}

/** What the handlers of API Gateway work with. */
export type Context = ContextOf<ApiGatewayStates, 'iam' | 'accounts' | 'apis' | 'apiKeys' | 'idTokens'>;
