import { isMadeByGangway } from '@gangway/google-cloud';
import type { Inputs } from '../inputs.ts';
import type { FoundGateways, GatewayResource } from '../look/gateways.ts';
import { idOf, sameResource } from './names.ts';
import type { Home, Kept, Part, Step } from './part.ts';

/** What deploy-api-config puts on a config besides: releases before `created-by` did that alone. */
const SERVICE_LABEL = 'gangway-service';

/** The gateways, the configs, the API: each after what uses it. */
export function planGateways(
  { api, gateway, locations }: Pick<Inputs, 'api' | 'gateway' | 'locations'>,
  found: FoundGateways,
  { projectId }: Home,
): Part {
  if (gateway === undefined) return { steps: [], kept: [], missing: [] };
  const steps: Step[] = [];
  const kept: Kept[] = [];
  const missing: string[] = [];
  const apiName = `projects/${projectId}/locations/global/apis/${api}`;
  const going = new Map<GatewayResource, string>();
  for (const location of locations) {
    const name = `projects/${projectId}/locations/${location}/gateways/${gateway}`;
    const title = `gateway ${gateway} in ${location}`;
    const one = found.gateways.find((other) => sameResource(other.name, name));
    const served = apiOf(one);
    if (!one) missing.push(title);
    else if (!isMadeByGangway(one.labels))
      kept.push({
        title,
        reason: NOT_MADE,
        cure: `gcloud api-gateway gateways update ${gateway} --location=${location} --project=${projectId} --update-labels=created-by=gangway`,
      });
    else if (api !== undefined && served && !sameResource(served, apiName))
      kept.push({ title, reason: `serves another API, ${idOf(served)}` });
    else {
      going.set(one, title);
      steps.push({ title, resources: [[{ service: 'apigateway', path: `v1/${name}` }]], needs: [] });
    }
  }
  if (api === undefined) return { steps, kept, missing };
  if (!found.api) return { steps, kept, missing: [...missing, `API ${api}`] };

  const configs: Step[] = [];
  const staying: string[] = [];
  for (const { name, labels = {} } of found.configs) {
    const id = idOf(name);
    const title = `API config ${id} of ${api}`;
    const users = found.gateways.filter(({ apiConfig = '' }) => sameResource(apiConfig, name));
    const other = users.find((user) => !going.has(user));
    const isOwn = isMadeByGangway(labels) || labels[SERVICE_LABEL] !== undefined;
    if (isOwn && !other) {
      const needs = users.flatMap((user) => going.get(user) ?? []);
      const path = `v1/${apiName}/configs/${id}`;
      configs.push({ title, resources: [[{ service: 'apigateway', path }]], needs });
      continue;
    }
    staying.push(id);
    kept.push(
      other
        ? { title, reason: `is served by the gateway ${idOf(other.name)} in ${other.name.split('/')[3]}` }
        : {
            title,
            reason: NOT_MADE,
            cure: `gcloud api-gateway api-configs update ${id} --api=${api} --project=${projectId} --update-labels=created-by=gangway`,
          },
    );
  }
  const title = `API ${api}`;
  const [first] = staying;
  if (!isMadeByGangway(found.api.labels))
    kept.push({
      title,
      reason: NOT_MADE,
      cure: `gcloud api-gateway apis update ${api} --project=${projectId} --update-labels=created-by=gangway`,
    });
  else if (first !== undefined) kept.push({ title, reason: `still has the config ${first}` });
  else {
    const needs = configs.map((step) => step.title);
    configs.push({ title, resources: [[{ service: 'apigateway', path: `v1/${apiName}` }]], needs });
  }
  return { steps: [...steps, ...configs], kept, missing };
}

export const NOT_MADE = 'has no label that says that Gangway created it';

/** Full name of the API of the config that a gateway serves. */
function apiOf(gateway: GatewayResource | undefined): string | undefined {
  return gateway?.apiConfig?.replace(/\/configs\/[^/]*\/?$/, '');
}
