import type { Gateway } from '@gangway/google-cloud/api-gateway';
import { type Plan, sameResource } from '../plan/plan.ts';
import type { Work } from '../plan/work.ts';
import { serves } from './gateway.ts';

/** What gateways there are before a deploy, in the order of the plan's places. */
export type Standing = readonly (Gateway | undefined)[];

/** Asks what gateways there are: where one serves the API, there is that too. */
export function look({ gateways, plan }: Work): Promise<Standing> {
  return Promise.all(plan.places.map(({ gatewayName }) => gateways.getGateway(gatewayName)));
}

/** Whether every gateway serves the planned config already. */
export function isServed(standing: Standing, plan: Plan): standing is readonly Gateway[] {
  return standing.every((gateway) => serves(gateway, plan));
}

/** Whether some gateway serves a config of the planned API: then it can't be deleted, and is ACTIVE. */
export function showsApi(standing: Standing, { apiName }: Plan): boolean {
  return standing.some(
    (gateway) =>
      gateway?.apiConfig && sameResource(gateway.apiConfig.replace(/\/configs\/[^/]+$/, ''), apiName),
  );
}
