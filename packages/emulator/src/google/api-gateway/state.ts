import type { CompiledService } from './import/compiled.ts';
import type { SourceFile } from './import/documents.ts';

export type State = 'CREATING' | 'ACTIVATING' | 'ACTIVE' | 'FAILED' | 'UPDATING' | 'DELETING';

/** What every resource of API Gateway has. */
export interface Resource {
  /** Full name, with the project's id, e.g. `projects/P/locations/global/apis/A`. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createTime: number;
  updateTime: number;
  displayName: string;
  labels: Readonly<Record<string, string>>;
  state: State;
}

export interface Api extends Resource {
  readonly managedService: string;
}

export interface ApiConfig extends Resource {
  /** E-mail of the account that gateways call backends as. */
  readonly gatewayServiceAccount: string;
  readonly serviceConfigId: string;
  readonly openapiDocuments: readonly SourceFile[];
  readonly service: CompiledService;
}

export interface Gateway extends Resource {
  /** As it was given, but with the project's number after a create. */
  apiConfig: string;
  defaultHostname: string;
  /** Whether it was made with STREAMING_MODE_ENABLED, which never changes. */
  readonly streaming: boolean;
}

/** Every API, config and gateway there is, by full name. */
export class ApiGatewayState {
  readonly apis = new Map<string, Api>();
  readonly configs = new Map<string, ApiConfig>();
  readonly gateways = new Map<string, Gateway>();

  /** Puts back what was kept. A change that was under way has not happened, and what was being made has failed. */
  restore({ apis, configs, gateways }: Pick<ApiGatewayState, 'apis' | 'configs' | 'gateways'>): void {
    for (const one of [...apis.values(), ...configs.values(), ...gateways.values()]) {
      if (one.state === 'CREATING' || one.state === 'ACTIVATING') one.state = 'FAILED';
      else if (one.state !== 'FAILED') one.state = 'ACTIVE';
    }
    for (const [name, api] of apis) this.apis.set(name, api);
    for (const [name, config] of configs) this.configs.set(name, config);
    for (const [name, gateway] of gateways) this.gateways.set(name, gateway);
  }
}
