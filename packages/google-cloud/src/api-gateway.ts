import { text } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import type { protos } from '@google-cloud/api-gateway';
import type { ApiGatewayServiceClient } from '@google-cloud/api-gateway/build/src/v1/index.js';
import { AuthClient } from 'google-auth-library';
import { endpoint, schemeOf } from './endpoints.ts';
import { GoogleError, isGoogleError } from './error.ts';
import { judge } from './judge.ts';
import type { Operation } from './operation.ts';
import { parseRetryAfter, type RetryOptions, retry } from './retry.ts';

type State = 'CREATING' | 'ACTIVE' | 'FAILED' | 'DELETING' | 'UPDATING' | 'ACTIVATING' | 'STATE_UNSPECIFIED';

export interface Api {
  readonly name: string;
  readonly managedService: string;
  readonly state: State;
}

export interface OpenApiFile {
  /** File name; API Gateway takes .yaml, .yml and .json. */
  readonly path: string;
  readonly contents: string;
}

export interface ApiConfig {
  readonly name: string;
  readonly state: State;
  readonly gatewayServiceAccount: string;
  /** The sources, where the config was asked for in full. */
  readonly documents: readonly OpenApiFile[];
}

export interface Gateway {
  readonly name: string;
  readonly state: State;
  /** Full name of the config it serves; may carry the project's number instead of its id. */
  readonly apiConfig: string;
  /** Final once the gateway is ACTIVE. */
  readonly defaultHostname: string;
}

/** API Gateway as Gangway uses it: full resource names in, undefined for what is not there, operations unwaited. */
export interface ApiGateway {
  getApi(name: string): Promise<Api | undefined>;
  createApi(parent: string, apiId: string): Promise<Operation>;
  getConfig(name: string, view: 'BASIC' | 'FULL'): Promise<ApiConfig | undefined>;
  createConfig(
    parent: string,
    apiConfigId: string,
    config: { documents: readonly OpenApiFile[]; gatewayServiceAccount: string | undefined },
  ): Promise<Operation>;
  deleteConfig(name: string): Promise<Operation>;
  getGateway(name: string): Promise<Gateway | undefined>;
  createGateway(parent: string, gatewayId: string, apiConfig: string): Promise<Operation>;
  /** Switches a gateway to another config. */
  updateGateway(name: string, apiConfig: string): Promise<Operation>;
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
  const url = endpoint('apigateway');
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  const client = new ApiGatewayServiceClient(
    {
      fallback: true,
      protocol: schemeOf(url.host),
      apiEndpoint: url.hostname,
      port,
      authClient: new RestClient(auth) as never,
    },
    gax as never,
  );
  return adapt(client, options);
}

type Client = ApiGatewayServiceClient;
type IApi = protos.google.cloud.apigateway.v1.IApi;
type IApiConfig = protos.google.cloud.apigateway.v1.IApiConfig;
type IGateway = protos.google.cloud.apigateway.v1.IGateway;

function adapt(client: Client, options: RetryOptions): ApiGateway {
  const call = <T>(work: () => Promise<T>) => retry(work, judge, options);
  const found = <T>(work: () => Promise<T>) =>
    call(work).catch((error: unknown) => {
      if (isGoogleError(error, 404)) return undefined;
      throw error;
    });
  const start = (work: () => Promise<[{ name?: string | undefined }, ...unknown[]]>): Promise<Operation> =>
    call(async () => ({ name: (await work())[0].name ?? '' }));
  return {
    getApi: (name) => found(async () => api((await client.getApi({ name }))[0])),
    createApi: (parent, apiId) => start(() => client.createApi({ parent, apiId, api: {} })),
    getConfig: (name, view) => found(async () => apiConfig((await client.getApiConfig({ name, view }))[0])),
    createConfig: (parent, apiConfigId, { documents, gatewayServiceAccount }) =>
      start(() =>
        client.createApiConfig({
          parent,
          apiConfigId,
          apiConfig: {
            ...(gatewayServiceAccount && { gatewayServiceAccount }),
            openapiDocuments: documents.map(({ path, contents }) => ({
              document: { path, contents: Buffer.from(contents) },
            })),
          },
        }),
      ),
    deleteConfig: (name) => start(() => client.deleteApiConfig({ name })),
    getGateway: (name) => found(async () => gateway((await client.getGateway({ name }))[0])),
    createGateway: (parent, gatewayId, config) =>
      start(() => client.createGateway({ parent, gatewayId, gateway: { apiConfig: config } })),
    updateGateway: (name, config) =>
      start(() =>
        client.updateGateway({ gateway: { name, apiConfig: config }, updateMask: { paths: ['api_config'] } }),
      ),
  };
}

function api({ name, managedService, state }: IApi): Api {
  return { name: name ?? '', managedService: managedService ?? '', state: state as State };
}

function apiConfig({ name, state, gatewayServiceAccount, openapiDocuments }: IApiConfig): ApiConfig {
  const documents = (openapiDocuments ?? []).map(({ document }) => ({
    path: document?.path ?? '',
    contents: Buffer.from(document?.contents ?? '').toString('utf8'),
  }));
  return {
    name: name ?? '',
    state: state as State,
    gatewayServiceAccount: gatewayServiceAccount ?? '',
    documents,
  };
}

function gateway({ name, state, apiConfig: config, defaultHostname }: IGateway): Gateway {
  return {
    name: name ?? '',
    state: state as State,
    apiConfig: config ?? '',
    defaultHostname: defaultHostname ?? '',
  };
}

/**
 * What Google's client sends through: it adds our credentials, and turns a refusal into our own error before the
 * client makes its raw JSON text a message.
 */
class RestClient extends AuthClient {
  readonly #auth: AuthClient;

  constructor(auth: AuthClient) {
    super();
    this.#auth = auth;
  }

  getAccessToken() {
    return this.#auth.getAccessToken();
  }

  getRequestHeaders(url?: string | URL) {
    return this.#auth.getRequestHeaders(url);
  }

  async request<T>(options: Parameters<AuthClient['request']>[0]) {
    const response = await this.#auth.request<T>({
      ...options,
      retry: false,
      timeout: 60_000,
      validateStatus: () => true,
    });
    if (response.status < 400) return response;
    const url = new URL(String(options.url));
    const error = new GoogleError(
      response.status,
      await text(response.data as ReadableStream),
      `${options.method ?? 'GET'} ${url.host}${url.pathname}`,
    );
    throw Object.assign(error, { retryAfter: parseRetryAfter(response.headers.get('retry-after')) });
  }
}
