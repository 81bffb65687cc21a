import type { ApiConfig } from '../../google/api-gateway/state.ts';
import type { View } from '../view.ts';
import { lastOf, placeIn } from './names.ts';

/** Characters of a document that are shown. */
const LONGEST = 200_000;

/** The gateways, with the routes and the document of the config that each serves. */
export function gatewaysIn({ apiGateway }: Pick<View, 'apiGateway'>) {
  return [...apiGateway.gateways.values()].map((gateway) => {
    const config = configOf(gateway.apiConfig, apiGateway);
    const [apiName = ''] = config?.name.split('/configs/') ?? [];
    return {
      ...placeIn(gateway.name),
      fullName: gateway.name,
      url: `http://${gateway.defaultHostname}`,
      config: lastOf(gateway.apiConfig),
      api: lastOf(apiName),
      /** What its keys are for. */
      managedService: apiGateway.apis.get(apiName)?.managedService ?? '',
      state: gateway.state,
      routes: (config?.service.operations ?? []).map((operation) => ({
        method: operation.method,
        path: operation.pathTemplate,
        needsKey: operation.apiKeyRequired && !operation.allowUnregistered,
        issuers: operation.jwt.map(({ issuer }) => issuer),
        backend: operation.backend?.address ?? '',
      })),
      document: config ? documentOf(config) : '',
    };
  });
}

/** Gateways name their config by the project's number or its id. */
function configOf(name: string, { configs }: View['apiGateway']): ApiConfig | undefined {
  const below = (full: string) => full.replace(/^projects\/[^/]+\//, '');
  return [...configs.values()].find((config) => below(config.name) === below(name));
}

function documentOf({ openapiDocuments }: ApiConfig): string {
  const text = openapiDocuments
    .map(({ document }) => Buffer.from(document?.contents ?? '', 'base64').toString('utf8'))
    .join('\n---\n');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n…` : text;
}
