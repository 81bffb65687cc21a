import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Echo, startBackend, type TestBackend } from '../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { environment, writeEnvironmentFiles } from '../../environment.ts';

// needs: gcloud

const run = promisify(execFile);
const installed = find('gcloud').length > 0;

let cloud: RunningCloud;
let backend: TestBackend;
let folder: string;
let env: Record<string, string>;
let spec: string;

beforeAll(async () => {
  cloud = await startCloud({ operationTime: 200 });
  backend = await startBackend();
  folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
  env = environment(cloud, await writeEnvironmentFiles(cloud, folder));
  spec = join(folder, 'openapi.yaml');
  await writeFile(
    spec,
    `swagger: '2.0'
info: {title: hello, description: d, version: 1.0.0}
schemes: [https]
produces: [application/json]
securityDefinitions:
  api_key: {type: apiKey, name: key, in: query}
paths:
  /hello:
    get:
      summary: hi
      operationId: hello
      x-google-backend: {address: '${backend.origin}/'}
      security: [{api_key: []}]
      responses: {'200': {description: ok, schema: {type: string}}}
`,
  );
});

afterAll(async () => {
  await cloud.close();
  await backend.close();
  await rm(folder, { recursive: true });
});

async function gcloud(...args: string[]): Promise<string> {
  const { stdout } = await run('gcloud', args, { env: { PATH: process.env.PATH, HOME: folder, ...env } });
  return stdout.trim();
}

async function refusal(...args: string[]): Promise<string> {
  return gcloud(...args).then(
    (stdout) => `succeeded: ${stdout}`,
    ({ stderr }) => stderr,
  );
}

// Without gcloud there is no client here whose wire format these tests could hold the cloud to.
describe.skipIf(!installed)('gcloud api-gateway, where it is installed', { timeout: 120_000 }, () => {
  const config = (id: string) => [
    'api-gateway',
    'api-configs',
    'create',
    id,
    '--api=api-1',
    `--openapi-spec=${spec}`,
  ];
  const gateway = ['gw-1', '--location=us-central1'];

  it('creates an API with its first config, and a gateway', async () => {
    await gcloud(
      ...config('cfg-1'),
      '--backend-auth-service-account=gateway@demo-project.iam.gserviceaccount.com',
      '--labels=a=b',
    );
    expect(await gcloud('api-gateway', 'apis', 'describe', 'api-1', '--format=value(state)')).toBe('ACTIVE');
    expect(
      await gcloud(
        'api-gateway',
        'api-configs',
        'describe',
        'cfg-1',
        '--api=api-1',
        '--format=value(gatewayServiceAccount,labels.a,state)',
      ),
    ).toBe('projects/-/serviceAccounts/gateway@demo-project.iam.gserviceaccount.com\tb\tACTIVE');
    expect(
      await gcloud(
        'api-gateway',
        'api-configs',
        'describe',
        'cfg-1',
        '--api=api-1',
        '--view=FULL',
        '--format=value(openapiDocuments[0].document.path)',
      ),
    ).toBe('openapi.yaml');
    await gcloud('api-gateway', 'gateways', 'create', ...gateway, '--api=api-1', '--api-config=cfg-1');
    expect(
      await gcloud(
        'api-gateway',
        'gateways',
        'describe',
        ...gateway,
        '--format=value(state,defaultHostname)',
      ),
    ).toMatch(/^ACTIVE\t127\.0\.0\.1:\d+$/);
  });

  it('enables the managed service, makes a key, and the gateway takes it', async () => {
    const service = await gcloud(
      'api-gateway',
      'apis',
      'describe',
      'api-1',
      '--format=value(managedService)',
    );
    await gcloud('services', 'enable', service);
    await gcloud(
      'services',
      'api-keys',
      'create',
      '--key-id=ci',
      '--display-name=k1',
      `--api-target=service=${service}`,
    );
    expect(
      await gcloud(
        'services',
        'api-keys',
        'list',
        '--format=value(displayName,restrictions.apiTargets[0].service)',
      ),
    ).toBe(`k1\t${service}`);
    expect(await gcloud('services', 'api-keys', 'describe', 'ci', '--format=value(name)')).toBe(
      'projects/123456789012/locations/global/keys/ci',
    );
    const key = await gcloud('services', 'api-keys', 'get-key-string', 'ci', '--format=value(keyString)');
    expect(await gcloud('services', 'api-keys', 'lookup', key, '--format=value(name)')).toContain('keys/ci');
    const host = await gcloud(
      'api-gateway',
      'gateways',
      'describe',
      ...gateway,
      '--format=value(defaultHostname)',
    );
    expect((await fetch(`http://${host}/hello`)).status).toBe(401);
    const response = await fetch(`http://${host}/hello?key=${key}`);
    expect(response.status).toBe(200);
    const { headers } = (await response.json()) as Echo;
    const payload = JSON.parse(
      Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(payload).toMatchObject({
      email: 'gateway@demo-project.iam.gserviceaccount.com',
      aud: backend.origin,
    });
  });

  it('updates and deletes keys', async () => {
    await gcloud('services', 'api-keys', 'update', 'ci', '--display-name=k2');
    expect(await gcloud('services', 'api-keys', 'describe', 'ci', '--format=value(displayName)')).toBe('k2');
    await gcloud('services', 'api-keys', 'delete', 'ci');
    expect(await gcloud('services', 'api-keys', 'list', '--format=value(displayName)')).toBe('');
    await gcloud('services', 'api-keys', 'undelete', 'ci');
    expect(await gcloud('services', 'api-keys', 'list', '--format=value(displayName)')).toBe('k2');
  });

  it('moves the gateway to a second config, and updates what flags say', async () => {
    await gcloud(...config('cfg-2'));
    await gcloud('api-gateway', 'gateways', 'update', ...gateway, '--api=api-1', '--api-config=cfg-2');
    expect(
      await gcloud('api-gateway', 'gateways', 'describe', ...gateway, '--format=value(apiConfig)'),
    ).toMatch(/\/configs\/cfg-2$/);
    await gcloud('api-gateway', 'gateways', 'update', ...gateway, '--update-labels=a=b', '--display-name=GW');
    expect(await gcloud('api-gateway', 'gateways', 'list', '--format=value(displayName,labels.a)')).toBe(
      'GW\tb',
    );
    // Its mask is empty then, with which "the request fails".
    expect(await refusal('api-gateway', 'gateways', 'update', ...gateway)).toContain('update_mask');
    await gcloud('api-gateway', 'apis', 'update', 'api-1', '--display-name=API');
    await gcloud('api-gateway', 'api-configs', 'update', 'cfg-2', '--api=api-1', '--display-name=C');
    expect(await gcloud('api-gateway', 'apis', 'list', '--format=value(displayName)')).toBe('API');
    expect(
      await gcloud(
        'api-gateway',
        'api-configs',
        'list',
        '--api=api-1',
        '--sort-by=name',
        '--format=value(displayName)',
      ),
    ).toBe('cfg-1\nC');
  });

  it('shows what is refused', async () => {
    expect(await refusal(...config('cfg-1'))).toContain(
      "ALREADY_EXISTS: Resource 'projects/demo-project/locations/global/apis/api-1/configs/cfg-1' already exists",
    );
    expect(await refusal(...config('Bad_ID'))).toContain('INVALID_ARGUMENT');
    expect(await refusal('api-gateway', 'apis', 'delete', 'api-1')).toContain(
      'Resource \'"projects/demo-project/locations/global/apis/api-1"\' has nested resources',
    );
    expect(await refusal('api-gateway', 'api-configs', 'delete', 'cfg-2', '--api=api-1')).toContain(
      'Delete API Config Row: config is in use in us-central1: [gw-1]',
    );
    const bad = join(folder, 'bad.yaml');
    await writeFile(
      bad,
      "swagger: '2.0'\ninfo: {title: a, version: '1'}\npaths: {/x/: {get: {operationId: a, responses: {'200': {description: ok}}}}}\n",
    );
    expect(
      await refusal('api-gateway', 'api-configs', 'create', 'cfg-3', '--api=api-1', `--openapi-spec=${bad}`),
    ).toContain("http: In path template '/x/': unexpected end of input '/'.");
  });

  it('deletes everything', async () => {
    await gcloud('api-gateway', 'gateways', 'delete', ...gateway);
    for (const id of ['cfg-1', 'cfg-2'])
      await gcloud('api-gateway', 'api-configs', 'delete', id, '--api=api-1');
    await gcloud('api-gateway', 'apis', 'delete', 'api-1');
    expect(await gcloud('api-gateway', 'apis', 'list', '--format=value(name)')).toBe('');
  });
});
