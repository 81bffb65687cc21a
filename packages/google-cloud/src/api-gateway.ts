import { ActionError } from '@gangway/action/error';
import { object, type Reader, type RetryOptions, reach, schemeOf, unexpected } from '@gangway/http';
import type { ApiGatewayServiceClient } from '@google-cloud/api-gateway/build/src/v1/index.js';
import type { AuthClient } from 'google-auth-library';
import {
  createStreamingGateway,
  type Described,
  type Description,
  describe,
  getDescribed,
} from './api-gateway/described.ts';
import {
  API,
  type Api,
  type ApiConfig,
  CONFIG_STATE,
  GATEWAY,
  type Gateway,
  type OpenApiFile,
  toApi,
  toApiConfig,
  toGateway,
} from './api-gateway/resources.ts';
import { RestClient } from './api-gateway/rest-client.ts';
import { type GoogleCloud, googleCloud } from './client.ts';
import { endpoint } from './endpoints.ts';
import { isGoogleError } from './error.ts';
import { MADE_BY } from './made-by.ts';
import type { Operation, OperationKind } from './operation.ts';

export type { Described, Description } from './api-gateway/described.ts';
export type { Api, ApiConfig, Gateway, OpenApiFile, State } from './api-gateway/resources.ts';

/** An operation that was started, and what it ends with. */
export interface Started<T> {
  readonly operation: Operation;
  readonly kind: OperationKind<T>;
}

/** What people and reports know a resource by. */
export interface About {
  readonly displayName?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * API Gateway as Gangway uses it: full resource names in, undefined for what is not there, operations unwaited. What it creates
 * is labelled as made by Gangway.
 */
export interface ApiGateway {
  getApi(name: string): Promise<Api | undefined>;
  createApi(parent: string, apiId: string, about?: About): Promise<Started<Api>>;
  deleteApi(name: string): Promise<Started<unknown>>;
  getConfig(name: string, view: 'BASIC' | 'FULL'): Promise<ApiConfig | undefined>;
  /** The configs of an API, without their sources. */
  listConfigs(api: string): Promise<readonly ApiConfig[]>;
  createConfig(
    parent: string,
    apiConfigId: string,
    config: {
      documents: readonly OpenApiFile[];
      gatewayServiceAccount: string | undefined;
    } & About,
  ): Promise<Started<Pick<ApiConfig, 'state'>>>;
  deleteConfig(name: string): Promise<Started<unknown>>;
  getGateway(name: string): Promise<Gateway | undefined>;
  /** The gateways of a project in every region, and the regions that did not answer. */
  listGateways(
    projectId: string,
  ): Promise<{ readonly gateways: readonly Gateway[]; readonly unreachable: readonly string[] }>;
  createGateway(
    parent: string,
    gatewayId: string,
    apiConfig: string,
    about: About & { readonly streaming?: boolean },
  ): Promise<Started<Gateway>>;
  /** Switches a gateway to another config. @param labels all that it is to have */
  updateGateway(
    name: string,
    apiConfig: string,
    labels: Readonly<Record<string, string>>,
  ): Promise<Started<Gateway>>;
  deleteGateway(name: string): Promise<Started<unknown>>;
  /** What an API, a config or a gateway is known by. */
  getDescribed(name: string): Promise<Described | undefined>;
  /** Changes what is given of it, and nothing else. @param description its labels are all that it is to have */
  describe(name: string, description: Description): Promise<Started<unknown>>;
}

/**
 * Opens API Gateway through Google's client over REST. The client is loaded here, since its start costs most of
 * a small action's time and memory.
 *
 * @see https://cloud.google.com/api-gateway/docs/reference/rest
 */
export async function openApiGateway(auth: AuthClient, options: RetryOptions = {}): Promise<ApiGateway> {
  const [{ ApiGatewayServiceClient }, gax] = await Promise.all([
    import(/* webpackMode: "eager" */ '@google-cloud/api-gateway/build/src/v1/index.js'),
    import(/* webpackMode: "eager" */ 'google-gax/fallback'),
  ]);
  const url = endpoint('apigateway', auth.universeDomain);
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  const client = new ApiGatewayServiceClient(
    {
      fallback: true,
      protocol: schemeOf(url.host),
      apiEndpoint: url.hostname,
      universeDomain: auth.universeDomain,
      port,
      authClient: new RestClient(auth, url, options.signal) as never,
    },
    gax as never,
  );
  return adapt(client, googleCloud(auth, options), options);
}

const LARGEST_PAGE = 1000;
/** Pages of a list at most: a project may have 50 gateways, and an API 100 configs. */
const MOST_PAGES = 20;

function adapt(client: ApiGatewayServiceClient, cloud: GoogleCloud, options: RetryOptions): ApiGateway {
  const call = <T>(work: () => Promise<T>) => reach(() => work().catch(rethrow), options);
  const found = <T>(work: () => Promise<T>) =>
    call(work).catch((error: unknown) => {
      if (isGoogleError(error, 404)) return undefined;
      throw error;
    });
  const start = <T>(
    response: Reader<T>,
    work: () => Promise<[{ name?: string | undefined }, ...unknown[]]>,
  ): Promise<Started<T>> =>
    call(async () => {
      const [{ name }] = await work();
      if (!name) throw unexpected('API Gateway', 'the operation that it starts has no name');
      return { operation: { name }, kind: { service: 'apigateway', version: 'v1', response } };
    });
  return {
    getApi: (name) => found(async () => toApi((await client.getApi({ name }))[0])),
    createApi: (parent, apiId, about) =>
      start(API, () => client.createApi({ parent, apiId, api: made(about) })),
    deleteApi: (name) => start(object, () => client.deleteApi({ name })),
    getConfig: (name, view) => found(async () => toApiConfig((await client.getApiConfig({ name, view }))[0])),
    async listConfigs(parent) {
      const { items } = await allPages((page) =>
        call(() => client.listApiConfigs({ parent, ...page }, { autoPaginate: false })),
      );
      return items.map(toApiConfig);
    },
    createConfig: (parent, apiConfigId, { documents, gatewayServiceAccount, ...about }) =>
      start(CONFIG_STATE, () =>
        client.createApiConfig({
          parent,
          apiConfigId,
          apiConfig: {
            ...made(about),
            ...(gatewayServiceAccount && { gatewayServiceAccount }),
            openapiDocuments: documents.map(({ path, contents }) => ({
              document: { path, contents: Buffer.from(contents) },
            })),
          },
        }),
      ),
    deleteConfig: (name) => start(object, () => client.deleteApiConfig({ name })),
    getGateway: (name) => found(async () => toGateway((await client.getGateway({ name }))[0])),
    async listGateways(projectId) {
      const parent = `projects/${projectId}/locations/-`;
      const { items, unreachable } = await allPages((page) =>
        call(() => client.listGateways({ parent, ...page }, { autoPaginate: false })),
      );
      return { gateways: items.map(toGateway), unreachable };
    },
    createGateway: (parent, gatewayId, apiConfig, { streaming = false, ...about }) => {
      const gateway = { apiConfig, ...made(about) };
      return streaming
        ? createStreamingGateway(cloud, parent, gatewayId, gateway)
        : start(GATEWAY, () => client.createGateway({ parent, gatewayId, gateway }));
    },
    updateGateway: (name, apiConfig, labels) =>
      start(GATEWAY, () =>
        client.updateGateway({
          gateway: { name, apiConfig, labels },
          updateMask: { paths: ['api_config', 'labels'] },
        }),
      ),
    deleteGateway: (name) => start(object, () => client.deleteGateway({ name })),
    getDescribed: (name) => getDescribed(cloud, name),
    describe: (name, description) => describe(cloud, name, description),
  };
}

/** What a new resource is known by: that Gangway made it, too. */
function made({ displayName, labels }: About = { labels: {} }) {
  return { labels: { ...labels, ...MADE_BY }, ...(displayName && { displayName }) };
}

/** What Google's client throws of its own accord is about an answer that is none of the method's: another type, no known form. */
function rethrow(error: unknown): never {
  if (error instanceof ActionError || !(error instanceof Error)) throw error;
  throw unexpected('API Gateway', `Google's client can't read it (${error.message.slice(0, 200)})`);
}

/** Everything of a list, page by page: the client's own paging drops the regions that did not answer. */
async function allPages<T>(
  ask: (page: {
    pageSize: number;
    pageToken: string;
  }) => Promise<
    [
      T[],
      unknown,
      { unreachableLocations?: string[] | null; nextPageToken?: string | null } | null | undefined,
    ]
  >,
): Promise<{ items: T[]; unreachable: string[] }> {
  const items: T[] = [];
  const unreachable: string[] = [];
  for (let pageToken = '', pages = 1; ; pages++) {
    const [page, , response] = await ask({ pageSize: LARGEST_PAGE, pageToken });
    items.push(...page);
    unreachable.push(...(response?.unreachableLocations ?? []));
    pageToken = response?.nextPageToken ?? '';
    if (!pageToken) return { items, unreachable };
    if (pages === MOST_PAGES) throw unexpected('API Gateway', `a list has more than ${MOST_PAGES} pages`);
  }
}
