import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient, documents } from '../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

/** The part of the client that is tried here; the package is not one of the emulator's own. */
interface Client {
  getApi(request: object): Promise<[Record<string, unknown>]>;
  createApi(request: object): Promise<[LongRunning]>;
  createApiConfig(request: object): Promise<[LongRunning]>;
  createGateway(request: object): Promise<[LongRunning]>;
  updateGateway(request: object): Promise<[LongRunning]>;
  deleteApiConfig(request: object): Promise<[LongRunning]>;
  listApis(request: object): Promise<[Record<string, unknown>[]]>;
  close(): Promise<void>;
}

interface LongRunning {
  promise(): Promise<[Record<string, unknown>]>;
}

const require = createRequire(import.meta.url);
const library = load('@google-cloud/api-gateway');

function load(name: string) {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

let cloud: RunningCloud;
let client: Client;

beforeAll(async () => {
  cloud = await startCloud({ operationTime: 50 });
  if (!library) return;
  const { OAuth2Client } = load('google-auth-library');
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: apiClient(cloud).token });
  const { hostname, port } = new URL(cloud.origin);
  client = new library.ApiGatewayServiceClient(
    {
      fallback: true,
      protocol: 'http',
      apiEndpoint: hostname,
      port: Number(port),
      projectId: cloud.project.id,
      authClient,
    },
    load('google-gax/fallback'),
  );
});

afterAll(async () => {
  await client?.close();
  await cloud.close();
});

const parent = 'projects/demo-project/locations/global';
const gateway = 'projects/demo-project/locations/us-central1/gateways/gw';

// Skipped where the client is not installed: only the client itself can say what it takes.
describe.skipIf(!library)('@google-cloud/api-gateway over REST', { timeout: 30_000 }, () => {
  it('creates an API, a config and a gateway', async () => {
    const [api] = await (
      await client.createApi({ parent, apiId: 'pets', api: { displayName: 'Pets' } })
    )[0].promise();
    expect(api).toMatchObject({ name: `${parent}/apis/pets`, displayName: 'Pets' });
    expect((await client.getApi({ name: `${parent}/apis/pets` }))[0]).toMatchObject({
      state: 'ACTIVE',
      managedService: api.managedService,
    });
    const get = {
      operationId: 'hello',
      responses: { '200': { description: 'ok' } },
      'x-google-backend': { address: 'http://127.0.0.1:9' },
    };
    const openapiDocuments = documents({
      swagger: '2.0',
      info: { title: 'Pets', version: '1' },
      paths: { '/hello': { get } },
    });
    const config = { parent: `${parent}/apis/pets`, apiConfigId: 'one', apiConfig: { openapiDocuments } };
    const [created] = await (await client.createApiConfig(config))[0].promise();
    expect(created.name).toBe(`${parent}/apis/pets/configs/one`);
    const [running] = await (
      await client.createGateway({
        parent: 'projects/demo-project/locations/us-central1',
        gatewayId: 'gw',
        gateway: { apiConfig: created.name },
      })
    )[0].promise();
    expect(running.defaultHostname).toMatch(/^127\.0\.0\.1:\d+$/);
    const [updated] = await (
      await client.updateGateway({
        gateway: { name: gateway, displayName: 'New' },
        updateMask: { paths: ['display_name'] },
      })
    )[0].promise();
    expect(updated.displayName).toBe('New');
    expect((await client.listApis({ parent }))[0]).toHaveLength(1);
  });

  it('is told what is wrong', async () => {
    await expect(client.getApi({ name: `${parent}/apis/nope` })).rejects.toThrow(
      `Resource '${parent}/apis/nope' was not found`,
    );
    const [operation] = await client.deleteApiConfig({ name: `${parent}/apis/pets/configs/one` });
    await expect(operation.promise()).rejects.toThrow('config is in use in us-central1: [gw]');
  });
});
