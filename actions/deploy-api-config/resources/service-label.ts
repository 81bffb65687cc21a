import type { ApiConfig } from '@gangway/google-cloud/api-gateway';
import { idOf, type Plan } from '../plan/plan.ts';
import { stuck, type Work } from '../plan/work.ts';

/**
 * A managed service is named `API-HASH.apigateway.PROJECT.cloud.goog`. Only the API tells the hash, and it never changes
 * while the API has configs: so each config carries it, and who lists the configs need not ask for the API.
 */
const LABEL = 'gangway-service';

/** The labels of a config of an API; none for a managed service that got another name. */
export function serviceLabel(managedService: string, plan: Plan): Readonly<Record<string, string>> {
  const { start, end } = aroundHash(plan);
  const hash = managedService.slice(start.length, managedService.length - end.length);
  const usual = managedService === `${start}${hash}${end}` && /^[a-z0-9]{1,63}$/.test(hash);
  return usual ? { [LABEL]: hash } : {};
}

/**
 * The managed service of the plan's API, by the label of one of its configs, else by the API itself.
 *
 * @throws ActionError `state` when the API is gone
 */
export async function serviceOf({ gateways, plan }: Work, configs: readonly ApiConfig[]): Promise<string> {
  const hash = configs.find(({ labels }) => labels[LABEL])?.labels[LABEL];
  if (hash) {
    const { start, end } = aroundHash(plan);
    return `${start}${hash}${end}`;
  }
  const api = await gateways.getApi(plan.apiName);
  if (api) return api.managedService;
  const id = idOf(plan.apiName);
  throw stuck(
    `the API ${id}`,
    undefined,
    `gcloud api-gateway apis describe ${id} --project=${plan.projectId}`,
  );
}

function aroundHash({ apiName, projectId }: Plan): { start: string; end: string } {
  // The project example.com:demo is demo.example.com in names of hosts.
  const host = projectId.split(':').reverse().join('.');
  return { start: `${idOf(apiName)}-`, end: `.apigateway.${host}.cloud.goog` };
}
