import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@gangway/engine';
import { runAction } from '@gangway/runner';
import { measuringInto } from './usage.ts';

/** Someone who deploys the API `bench` to a cloud of their own; what the commands use goes into a file. */
export interface Deployer {
  /** Config, gateway, managed service and key: all that the seed's sequence makes. */
  first(usage: string): Promise<void>;
  /** A changed document: a new config, and the gateway moved to it. */
  redeploy(usage: string): Promise<void>;
  /** The same document again: whether it is served, and the managed service on. */
  unchanged(usage: string): Promise<void>;
}

export interface Place {
  /** For files of the deployer's own. */
  readonly home: string;
  /** What points at the cloud. */
  readonly exports: Readonly<Record<string, string>>;
}

/** The actions, each with its post step. */
export function actions({ home, exports }: Place): Deployer {
  const { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: _, ...env } = exports;
  let managedService = '';
  const step = async (action: string, inputs: Record<string, string>, usage: string) => {
    const { exitCode, log, outputs, post } = await runAction({
      action,
      inputs: {
        workload_identity_provider: exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
        service_account: exports.GANGWAY_SERVICE_ACCOUNT ?? '',
        ...inputs,
      },
      env,
      temp: join(home, 'runner'),
      launcher: measuringInto(usage),
    });
    if (exitCode !== 0) throw new Error(log);
    await post();
    return outputs;
  };
  const deploy = async (version: number, usage: string) => {
    const spec = await writeSpec(home, version);
    const outputs = await step('deploy-api-config', { api: 'bench', location: 'us-central1', spec }, usage);
    managedService = outputs.managed_service ?? '';
  };
  return {
    async first(usage) {
      await deploy(1, usage);
      await step('create-api-key', { key_id: 'bench', services: managedService }, usage);
    },
    redeploy: (usage) => deploy(2, usage),
    unchanged: (usage) => deploy(2, usage),
  };
}

/** The gcloud commands that do the same; where nothing is to be done, those that a script would find that out with. */
export function gcloud({ home, exports }: Place): Deployer {
  const env = { ...process.env, ...exports };
  const command = async (usage: string, line: string, ...args: string[]) => {
    const [program, ...first] = measuringInto(usage);
    return (await run(program, [...first, 'gcloud', ...line.split(' '), ...args], { env })).trim();
  };
  const service = (usage: string) =>
    command(usage, 'api-gateway apis describe bench --format=value(managedService)');
  const create = async (config: string, version: number, usage: string) => {
    const spec = `--openapi-spec=${await writeSpec(home, version)}`;
    await command(usage, `api-gateway api-configs create ${config} --api=bench`, spec);
  };
  const gateway = 'bench --api=bench --location=us-central1';
  return {
    async first(usage) {
      await create('c1', 1, usage);
      await command(usage, `api-gateway gateways create ${gateway} --api-config=c1`);
      const name = await service(usage);
      await command(usage, `services enable ${name}`);
      await command(
        usage,
        `services api-keys create --display-name=bench --key-id=bench --api-target=service=${name}`,
      );
    },
    async redeploy(usage) {
      await create('c2', 2, usage);
      await command(usage, `api-gateway gateways update ${gateway} --api-config=c2`);
    },
    async unchanged(usage) {
      await command(usage, 'api-gateway gateways describe bench --location=us-central1');
      const name = await service(usage);
      await command(usage, `services list --enabled --filter=config.name=${name}`);
    },
  };
}

async function writeSpec(home: string, version: number): Promise<string> {
  const spec = join(home, 'openapi.json');
  const backend = { address: 'https://hello.example.com' };
  const get = {
    operationId: 'hello',
    responses: { 200: { description: 'OK' } },
    'x-google-backend': backend,
  };
  const document = {
    swagger: '2.0',
    info: { title: 'Bench', version: `${version}.0.0` },
    paths: { '/hello': { get } },
  };
  await writeFile(spec, JSON.stringify(document));
  return spec;
}
