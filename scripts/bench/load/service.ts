import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '@gangway/runner';
import type { BenchCloud } from './cloud.ts';
import { writeServer } from './images.ts';

export const REGION = 'us-central1';

/** Runs an action against the cloud, with its post step, and gives its outputs. @throws Error with its log */
export type Step = (
  action: string,
  inputs: Readonly<Record<string, string>>,
  workspace?: string,
) => Promise<Readonly<Record<string, string>>>;

/** Steps of a job that deploys to a cloud. */
export function stepsOf({ exports, stepEnvironment }: BenchCloud, home: string): Step {
  const google = {
    project_id: exports.GOOGLE_CLOUD_PROJECT ?? '',
    workload_identity_provider: exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
    service_account: exports.GANGWAY_SERVICE_ACCOUNT ?? '',
  };
  return async (action, inputs, workspace) => {
    const temp = await mkdtemp(join(home, 'step-'));
    const result = await runAction({
      action,
      inputs: { ...google, ...inputs },
      env: stepEnvironment,
      temp,
      ...(workspace && { workspace }),
    });
    if (result.exitCode !== 0) throw new Error(result.log);
    await result.post();
    return result.outputs;
  };
}

/** Builds and pushes the image of a server; gives it by digest. */
export async function buildServer(step: Step, project: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
  try {
    await writeServer(folder);
    const image = `${REGION}-docker.pkg.dev/${project}/apis/server`;
    return (await step('build-and-push', { image }, folder)).image ?? '';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same service behind a gateway; gives what a client needs. */
export async function deployApi(
  step: Step,
  image: string,
  account: string,
): Promise<{ readonly url: string; readonly key: string }> {
  const service = await step('deploy-cloud-run', {
    service: 'load',
    region: REGION,
    image,
    invokers: `serviceAccount:${account}`,
  });
  const folder = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
  try {
    const get = { operationId: 'get', responses: { 200: { description: 'OK' } } };
    const document = { openapi: '3.0.3', info: { title: 'Load', version: '1' }, paths: { '/': { get } } };
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
    const api = await step(
      'deploy-api-config',
      {
        api: 'load',
        location: REGION,
        spec: 'openapi.json',
        backend: service.url ?? '',
        gateway_service_account: account,
      },
      folder,
    );
    const { key = '' } = await step('create-api-key', {
      key_id: 'load',
      services: api.managed_service ?? '',
    });
    return { url: api.url ?? '', key };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
