import type { Table } from './mapping.ts';

/** `gcloud api-gateway apis create`, `api-configs create`, `gateways create` and `gateways update`. */
export const API_GATEWAY: Table = {
  source: 'gcloud api-gateway',
  action: 'deploy-api-config',
  mappings: [
    { from: '--api', to: 'api' },
    {
      from: '--api-config',
      to: 'spec',
      differs:
        "The config's own document. It is named by a hash of what it holds, so that an unchanged one makes no config.",
    },
    { from: '--openapi-spec', to: 'spec' },
    { from: '--location', to: 'location' },
    { from: '--project', to: 'project_id' },
    { from: '--backend-auth-service-account', to: 'gateway_service_account' },
    {
      from: '--display-name',
      to: 'api_display_name',
      differs: 'Of an API. Of a config or a gateway it is set beside.',
    },
    { from: '--labels', also: ['--update-labels'], to: 'labels', as: 'pairs' },
    { from: '--quiet', also: ['-q'], left: 'a step asks nothing', alone: true },
    { from: '--format', left: "the log is the step's" },
    { from: '--verbosity', left: "the log is the step's" },
    { from: '--async', stays: 'does not wait, so that a failed deploy passes', alone: true },
    { from: '--managed-service', stays: 'names the managed service itself' },
    { from: '--grpc-files', stays: 'is a gRPC API, which deploy-api-config does not deploy' },
  ],
};

/** `gcloud services enable`. */
export const SERVICES_ENABLE: Table = {
  source: 'gcloud services enable',
  action: 'enable-service',
  mappings: [
    { from: '--project', to: 'project_id' },
    { from: '--quiet', also: ['-q'], left: 'a step asks nothing', alone: true },
    { from: '--format', left: "the log is the step's" },
    { from: '--async', stays: 'does not wait until they can be used', alone: true },
  ],
};
