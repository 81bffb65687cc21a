import { fields, map, type Reader, text, unexpected } from '@gangway/http';
import type { protos } from '@google-cloud/api-gateway';

export type State =
  | 'CREATING'
  | 'ACTIVE'
  | 'FAILED'
  | 'DELETING'
  | 'UPDATING'
  | 'ACTIVATING'
  | 'STATE_UNSPECIFIED';

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
  /** `projects/-/serviceAccounts/EMAIL`. */
  readonly gatewayServiceAccount: string;
  /** Milliseconds since the epoch. */
  readonly createTime: number;
  readonly labels: Readonly<Record<string, string>>;
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
  readonly labels: Readonly<Record<string, string>>;
}

type Messages = typeof protos.google.cloud.apigateway.v1;
type Plain<T extends keyof Messages> = Messages[T] extends new (
  properties?: infer Properties,
) => unknown
  ? NonNullable<Properties>
  : never;

interface Ended {
  readonly name?: string;
  readonly state?: State;
  readonly managedService?: string;
  readonly apiConfig?: string;
  readonly defaultHostname?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const ENDED = fields<Ended>({
  name: text,
  state: text as Reader<State>,
  managedService: text,
  apiConfig: text,
  defaultHostname: text,
  labels: map(text),
});

/** An API as an operation ends with it. */
export const API: Reader<Api> = (value, at) => toApi(ENDED(value, at) as Plain<'Api'>);

/** What is asked of a config as an operation ends with it. */
export const CONFIG_STATE: Reader<Pick<ApiConfig, 'state'>> = (value, at) =>
  toApiConfig(ENDED(value, at) as Plain<'ApiConfig'>);

/** A gateway as an operation ends with it. */
export const GATEWAY: Reader<Gateway> = (value, at) => toGateway(ENDED(value, at) as Plain<'Gateway'>);

export function toApi({ name, managedService, state }: Plain<'Api'>): Api {
  return { name: named(name), managedService: managedService ?? '', state: state as State };
}

export function toApiConfig(config: Plain<'ApiConfig'>): ApiConfig {
  const { name, state, gatewayServiceAccount, createTime, labels, openapiDocuments } = config;
  const documents = (openapiDocuments ?? []).map(({ document }) => ({
    path: document?.path ?? '',
    contents: Buffer.from(document?.contents ?? '').toString('utf8'),
  }));
  return {
    name: named(name),
    state: state as State,
    gatewayServiceAccount: gatewayServiceAccount ?? '',
    createTime: Number(createTime?.seconds ?? 0) * 1000 + Math.floor((createTime?.nanos ?? 0) / 1e6),
    labels: labels ?? {},
    documents,
  };
}

export function toGateway(gateway: Plain<'Gateway'>): Gateway {
  const { name, state, apiConfig, defaultHostname, labels } = gateway;
  return {
    name: named(name),
    state: state as State,
    apiConfig: apiConfig ?? '',
    defaultHostname: defaultHostname ?? '',
    labels: labels ?? {},
  };
}

/** Every resource has a name: what has none is none. */
function named(name: string | null | undefined): string {
  if (!name) throw unexpected('API Gateway', 'a resource in it has no name');
  return name;
}
