import { fileURLToPath } from 'node:url';

export const example = fileURLToPath(new URL('../../examples/fastapi-on-cloud-run', import.meta.url));

const project = 'demo-project';
const region = 'us-central1';
const service = 'demand-forecast';

/** Outputs of the steps so far, by step. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One step of the job, as deploy-api.yml has it. */
export interface PipelineStep {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  inputs(outputs: Outputs): Record<string, string>;
  /** One line for what came out. */
  result(outputs: Readonly<Record<string, string>>): string;
  /** Whether the step says that it changed something. */
  changed(outputs: Readonly<Record<string, string>>): boolean;
}

export interface Target {
  /** Image to start the example's Dockerfile from. */
  readonly base: string;
  readonly workloadIdentityProvider: string;
  readonly serviceAccount: string;
  readonly gatewayServiceAccount: string;
}

/** The steps of deploy-api.yml for the example. */
export function pipeline({
  base,
  workloadIdentityProvider,
  serviceAccount,
  gatewayServiceAccount,
}: Target): PipelineStep[] {
  const google = {
    project_id: project,
    workload_identity_provider: workloadIdentityProvider,
    service_account: serviceAccount,
  };
  const image = `${region}-docker.pkg.dev/${project}/apis/${service}`;
  return [
    {
      id: 'apis',
      name: "Enable Google's APIs",
      action: 'enable-service',
      inputs: () => ({ ...google, services: apis.join('\n') }),
      result: services,
      changed: (outputs) => outputs.enabled !== '',
    },
    {
      id: 'build',
      name: 'Build and push',
      action: 'build-and-push',
      inputs: () => ({
        ...google,
        image,
        context: '.',
        build_args: `BASE=${base}`,
        spec_command: "python -c 'import json, main; print(json.dumps(main.app.openapi()))'",
      }),
      result: ({ digest = '' }) => `${service}@${digest.slice(0, 19)}…`,
      changed: ({ changed }) => changed === 'true',
    },
    {
      id: 'service',
      name: 'Deploy to Cloud Run',
      action: 'deploy-cloud-run',
      inputs: ({ build }) => ({
        ...google,
        service,
        region,
        image: build?.image ?? '',
        invokers: `serviceAccount:${gatewayServiceAccount}`,
      }),
      result: ({ revision = '', url = '' }) => `${revision} at ${url}, for the gateway only`,
      changed: ({ changed }) => changed === 'true',
    },
    {
      id: 'gateway',
      name: 'Deploy the API config',
      action: 'deploy-api-config',
      inputs: ({ build, service: backend }) => ({
        ...google,
        api: service,
        gateway: service,
        location: region,
        spec: build?.spec ?? '',
        backend: backend?.url ?? '',
        gateway_service_account: gatewayServiceAccount,
        api_key: 'true',
      }),
      result: ({ config = '', url = '' }) => `${config} at ${url}`,
      changed: ({ changed }) => changed === 'true',
    },
    {
      id: 'key',
      name: 'Create the API key',
      action: 'create-api-key',
      inputs: ({ gateway }) => ({
        ...google,
        key_id: service,
        display_name: 'Demand forecast',
        services: gateway?.managed_service ?? '',
      }),
      result: ({ name = '' }) => name.split('/').slice(-2).join('/'),
      changed: ({ changed }) => changed === 'true',
    },
  ];
}

const apis = [
  'run.googleapis.com',
  'artifactregistry.googleapis.com',
  'apigateway.googleapis.com',
  'servicemanagement.googleapis.com',
  'servicecontrol.googleapis.com',
  'apikeys.googleapis.com',
  'iamcredentials.googleapis.com',
];

function services({ enabled = '', already_enabled = '' }: Readonly<Record<string, string>>): string {
  const [now, before] = [enabled, already_enabled].map((list) => list.split('\n').filter(Boolean));
  if (now?.length === 0)
    return before?.length === 1 ? `${before[0]} was on already` : `all ${before?.length} were on already`;
  return now?.length === 1 ? `${now[0]} is on` : `${now?.length} are on`;
}
