import { ActionError } from '@gangway/action';
import { fields, list, map, text } from '@gangway/http';
import type { Inputs } from '../inputs.ts';
import { find, findAll } from './ask.ts';
import type { Asker } from './asker.ts';

/** A gateway, API config or API, as far as it matters here (https://cloud.google.com/api-gateway/docs/reference/rest). */
export interface GatewayResource {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a gateway: full name of the config it serves; may carry the project's number instead of its id. */
  readonly apiConfig?: string;
  /** Of an API: its managed service. */
  readonly managedService?: string;
}

/** What there is of API Gateway. */
export interface FoundGateways {
  /** Those of the project, in every region. */
  readonly gateways: readonly GatewayResource[];
  readonly api: GatewayResource | undefined;
  /** Those of the API. */
  readonly configs: readonly GatewayResource[];
}

const RESOURCE = fields<GatewayResource>(
  { name: text, labels: map(text), apiConfig: text, managedService: text },
  'name',
);

interface Page {
  readonly gateways?: readonly GatewayResource[];
  readonly apiConfigs?: readonly GatewayResource[];
  readonly nextPageToken?: string;
  readonly unreachableLocations?: readonly string[];
}

const PAGE = fields<Page>({
  gateways: list(RESOURCE),
  apiConfigs: list(RESOURCE),
  nextPageToken: text,
  unreachableLocations: list(text),
});

/** @throws ActionError `unreachable-region` when a region of the gateway can't tell whether it is there */
export async function lookAtGateways(
  asker: Asker,
  { api, gateway, locations }: Pick<Inputs, 'api' | 'gateway' | 'locations'>,
): Promise<FoundGateways> {
  if (gateway === undefined) return { gateways: [], api: undefined, configs: [] };
  const at = (path: string) =>
    ({ service: 'apigateway', path: `v1/projects/${asker.projectId}/locations/${path}` }) as const;
  const silent = new Set<string>();
  const gateways = await findAll(asker, at('-/gateways'), (value, place) => {
    const { gateways: items = [], nextPageToken: next, unreachableLocations = [] } = PAGE(value, place);
    for (const location of unreachableLocations) silent.add(location.split('/').at(-1) ?? location);
    return { items, next };
  });
  const unknown = locations.filter((location) => silent.has(location));
  if (unknown.length > 0)
    throw new ActionError(`API Gateway does not answer in ${unknown.join(', ')}, where ${gateway} may be.`, {
      code: 'unreachable-region',
      hint: 'run the job again later; nothing was deleted',
    });
  if (api === undefined) return { gateways, api: undefined, configs: [] };
  return {
    gateways,
    api: await find(asker, at(`global/apis/${api}`), RESOURCE),
    configs: await findAll(asker, at(`global/apis/${api}/configs`), (value, place) => {
      const { apiConfigs: items = [], nextPageToken: next } = PAGE(value, place);
      return { items, next };
    }),
  };
}
