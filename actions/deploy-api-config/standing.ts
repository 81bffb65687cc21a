import type { Api, Gateway } from '@gangway/google-cloud/api-gateway';
import { serves } from './gateway.ts';
import type { Work } from './work.ts';

/** What there is before a deploy. */
export interface Standing {
  readonly api: Api | undefined;
  /** In the order of the plan's places. */
  readonly gateways: readonly (Gateway | undefined)[];
}

/** A standing in which nothing is to be done. */
interface Served extends Standing {
  readonly api: Api;
  readonly gateways: readonly Gateway[];
}

/** Asks what there is. Without the API there is hardly a gateway: a create finds out about that. */
export async function look({ gateways, plan }: Work): Promise<Standing> {
  const api = await gateways.getApi(plan.apiName);
  if (!api) return { api, gateways: plan.places.map(() => undefined) };
  return {
    api,
    gateways: await Promise.all(plan.places.map(({ gatewayName }) => gateways.getGateway(gatewayName))),
  };
}

/** Whether every gateway serves the planned config already. */
export function isServed(standing: Standing, { plan }: Work): standing is Served {
  return standing.api?.state === 'ACTIVE' && standing.gateways.every((gateway) => serves(gateway, plan));
}
