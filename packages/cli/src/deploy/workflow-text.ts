import { stringify } from 'yaml';

/** What the workflow deploys. */
export interface Target {
  readonly service: string;
  readonly region: string;
  readonly repository: string;
  /** Folder of the Dockerfile, from the top of the repository. */
  readonly context: string;
  readonly branch: string;
  readonly specCommand?: string;
  readonly spec?: string;
  readonly port?: string;
  /** Whether anybody may call a service that has no gateway. */
  readonly isPublic: boolean;
}

/** The workflow that does on GitHub what `gangway deploy` does here. */
export function workflowText(target: Target): string {
  const { service, region, repository, context, branch, specCommand, spec, port, isPublic } = target;
  const hasGateway = specCommand !== undefined || spec !== undefined;
  const inputs = {
    region,
    service,
    repository,
    ...(context !== '.' && { context }),
    ...(specCommand && { spec_command: specCommand }),
    ...(spec && { spec }),
    ...(port && { port }),
    ...(hasGateway ? { api_key: true } : isPublic ? { invokers: 'allUsers' } : {}),
  };
  const workflow = hasGateway ? 'deploy-api' : 'deploy-cloud-run';
  const lines = stringify(inputs, { lineWidth: 0 }).trimEnd().split('\n');
  const variables = [
    'GANGWAY_PROJECT_ID',
    'GANGWAY_WORKLOAD_IDENTITY_PROVIDER',
    'GANGWAY_SERVICE_ACCOUNT',
    ...(hasGateway ? ['GANGWAY_GATEWAY_SERVICE_ACCOUNT'] : []),
  ];
  return `# Written by gangway deploy; gangway run runs it on your machine. On GitHub, set the repository variables
# ${variables.slice(0, 2).join(', ')},
# ${variables.slice(2).join(', ')}:
# https://github.com/gangway-dev/gangway/blob/main/docs/set-up.md
name: Deploy

on:
  push:
    branches: [${branch}]
  workflow_dispatch:

permissions: {}

concurrency:
  group: deploy-${service}

jobs:
  deploy:
    permissions:
      contents: read # to read the Dockerfile and the sources
      id-token: write # to sign in to Google without a key
    uses: gangway-dev/gangway/.github/workflows/${workflow}.yml@v1
    with:
${lines.map((line) => `      ${line}`).join('\n')}
`;
}
