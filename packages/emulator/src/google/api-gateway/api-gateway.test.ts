import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiClient, documents, PARENT } from '../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

let cloud: RunningCloud;
let api: ReturnType<typeof apiClient>;

const APIS = `${PARENT}/global/apis`;
const CONFIGS = `${APIS}/pets/configs`;
const GATEWAYS = `${PARENT}/us-central1/gateways`;
const NAME = 'projects/demo-project/locations/global/apis/pets';
const config = (id: string) => `${NAME}/configs/${id}`;

/** A document whose one operation is called so that two of them differ. */
function document(operationId = 'hello') {
  const get = {
    operationId,
    responses: { '200': { description: 'ok' } },
    'x-google-backend': { address: 'http://127.0.0.1:9' },
  };
  return { swagger: '2.0', info: { title: 'Pets', version: '1.0.0' }, paths: { '/hello': { get } } };
}

const body = { openapiDocuments: documents(document()) };

beforeEach(async () => {
  cloud = await startCloud();
  api = apiClient(cloud);
});

afterEach(() => cloud.close());

async function createPets(): Promise<void> {
  await api.finish('POST', `${APIS}?apiId=pets`, {});
}

async function createGateway(): Promise<void> {
  await createPets();
  await api.finish('POST', `${CONFIGS}?apiConfigId=one`, body);
  await api.finish('POST', `${GATEWAYS}?gatewayId=gw`, { apiConfig: config('one') });
}

describe('APIs', () => {
  it('are created by an operation like Google’s', async () => {
    const started = await api.call('POST', `${APIS}?apiId=pets`, {
      displayName: 'Pets',
      labels: { team: 'a' },
    });
    expect(started.json).toMatchObject({
      name: expect.stringMatching(
        /^projects\/demo-project\/locations\/global\/operations\/operation-\d{13}-[0-9a-f]{13}$/,
      ),
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.apigateway.v1.OperationMetadata',
        target: NAME,
        verb: 'create',
        requestedCancellation: false,
        apiVersion: 'v1',
      },
      done: false,
    });
    await sleep(20);
    const { json } = await api.call('GET', `/v1/${started.json.name}`);
    expect(json).toMatchObject({
      done: true,
      metadata: { endTime: expect.any(String) },
      response: { '@type': 'type.googleapis.com/google.cloud.apigateway.v1.Api', name: NAME },
    });
    expect((await api.call('GET', `${APIS}/pets`)).json).toMatchObject({
      name: NAME,
      displayName: 'Pets',
      labels: { team: 'a' },
      state: 'ACTIVE',
      managedService: expect.stringMatching(/^pets-[a-z0-9]{13}\.apigateway\.demo-project\.cloud\.goog$/),
    });
  });

  it('are found by the project’s number too', async () => {
    await createPets();
    expect((await api.call('GET', '/v1/projects/123456789012/locations/global/apis/pets')).json.name).toBe(
      NAME,
    );
  });

  it('refuse a bad id, a taken one, an unknown one and a full name', async () => {
    await createPets();
    for (const id of ['Pets', '-pets', 'a_b', 'a'.repeat(64), '']) {
      expect((await api.call('POST', `${APIS}?apiId=${id}`, {})).json.error).toMatchObject({
        code: 400,
        status: 'INVALID_ARGUMENT',
      });
    }
    expect((await api.call('POST', `${APIS}?apiId=pets`, {})).json.error).toEqual({
      code: 409,
      message: `Resource '${NAME}' already exists`,
      status: 'ALREADY_EXISTS',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ResourceInfo', resourceName: NAME }],
    });
    expect((await api.call('GET', `${APIS}/other`)).json.error).toMatchObject({
      code: 404,
      message: `Resource '${NAME.replace('pets', 'other')}' was not found`,
    });
    const absent = await api.call('GET', `${APIS}/${NAME}`);
    expect(absent.status).toBe(404);
    expect(absent.json.error).toMatchObject({
      message: `The local cloud has no such API: GET ${APIS}/${NAME}`,
      details: [{ reason: 'NOT_IN_THE_LOCAL_CLOUD' }],
    });
  });

  it('are listed, filtered, ordered and paged', async () => {
    for (const [id, team] of [
      ['b', 'x'],
      ['a', 'y'],
      ['c', 'x'],
    ])
      await api.finish('POST', `${APIS}?apiId=${id}`, { labels: { team } });
    const ids = async (query: string) => {
      const { json } = await api.call('GET', `${APIS}?${query}`);
      return [
        (json.apis ?? []).map(({ displayName }: { displayName: string }) => displayName).join(''),
        json.nextPageToken,
      ];
    };
    expect(await ids('')).toEqual(['abc', undefined]);
    expect(await ids('orderBy=displayName%20desc')).toEqual(['cba', undefined]);
    expect(await ids('filter=labels.team%3Dx')).toEqual(['bc', undefined]);
    expect(await ids(`filter=${encodeURIComponent('labels.team=x AND NOT displayName:"b"')}`)).toEqual([
      'c',
      undefined,
    ]);
    const [first, token] = await ids('pageSize=2');
    expect(first).toBe('ab');
    expect(await ids(`pageSize=2&pageToken=${token}`)).toEqual(['c', undefined]);
    expect((await api.call('GET', `${APIS}?filter=%28%28`)).status).toBe(400);
  });

  it('are patched by mask, but not in what is immutable', async () => {
    await createPets();
    await api.finish('PATCH', `${APIS}/pets?updateMask=displayName`, {
      displayName: 'New',
      labels: { a: 'b' },
    });
    const { json } = await api.call('GET', `${APIS}/pets`);
    expect(json).toMatchObject({ displayName: 'New', state: 'ACTIVE' });
    expect(json.labels).toBeUndefined();
    expect(
      (await api.call('PATCH', `${APIS}/pets?updateMask=managedService`, {})).json.error.message,
    ).toContain("'managedService' is immutable");
    expect((await api.call('PATCH', `${APIS}/pets?updateMask=nope`, {})).status).toBe(400);
  });

  it('are not deleted while they have configs', async () => {
    await createPets();
    await api.finish('POST', `${CONFIGS}?apiConfigId=one`, body);
    expect((await api.call('DELETE', `${APIS}/pets`)).json.error).toEqual({
      code: 400,
      message: `Resource '"${NAME}"' has nested resources`,
      status: 'FAILED_PRECONDITION',
    });
    await api.finish('DELETE', `${CONFIGS}/one`);
    expect((await api.finish('DELETE', `${APIS}/pets`)).response).toEqual({
      '@type': 'type.googleapis.com/google.protobuf.Empty',
    });
    expect((await api.call('GET', `${APIS}/pets`)).status).toBe(404);
  });

  it('are at most 50', async () => {
    for (let index = 0; index < 50; index += 1) await api.call('POST', `${APIS}?apiId=a${index}`, {});
    expect((await api.call('POST', `${APIS}?apiId=more`, {})).json.error).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
    });
  });

  it('have policies', async () => {
    await createPets();
    const bindings = [{ role: 'roles/apigateway.viewer', members: ['user:a@example.com'] }];
    await api.call('POST', `${APIS}/pets:setIamPolicy`, { policy: { bindings } });
    expect((await api.call('GET', `${APIS}/pets:getIamPolicy`)).json.bindings).toEqual(bindings);
    const viewer = apiClient(cloud, 'user:a@example.com');
    const permissions = ['apigateway.apis.get', 'apigateway.apis.delete'];
    expect((await viewer.call('POST', `${APIS}/pets:testIamPermissions`, { permissions })).json).toEqual({
      permissions: ['apigateway.apis.get'],
    });
  });
});

describe('permissions', () => {
  it('are checked on the resource, in Google’s words', async () => {
    await createPets();
    const nobody = apiClient(cloud, 'user:nobody@example.com');
    const denied = async (method: string, path: string) =>
      (await nobody.call(method, path, method === 'GET' ? undefined : {})).json.error.message;
    expect(await denied('POST', `${CONFIGS}?apiConfigId=x`)).toBe(
      `Permission 'apigateway.apiconfigs.create' denied on '${NAME}'`,
    );
    expect(await denied('GET', `${GATEWAYS}/gw`)).toBe(
      "Permission 'apigateway.gateways.get' denied on 'projects/demo-project/locations/us-central1/gateways/gw'",
    );
    expect(await denied('POST', `${APIS}?apiId=x`)).toBe(
      "Permission 'apigateway.apis.create' denied on 'projects/demo-project/locations/global'",
    );
    cloud.serviceUsage.enabled.delete('apigateway.googleapis.com');
    expect((await api.call('GET', `${APIS}/pets`)).json.error.details[1]).toMatchObject({
      reason: 'SERVICE_DISABLED',
    });
  });
});

describe('API configs', () => {
  beforeEach(createPets);

  it('are created from a document and register the managed service', async () => {
    const { managedService } = (await api.call('GET', `${APIS}/pets`)).json;
    expect(cloud.serviceUsage.managed.has(managedService)).toBe(false);
    const { response } = await api.finish('POST', `${CONFIGS}?apiConfigId=one`, {
      ...body,
      gatewayServiceAccount: 'gateway@demo-project.iam.gserviceaccount.com',
    });
    expect(response).toMatchObject({
      '@type': 'type.googleapis.com/google.cloud.apigateway.v1.ApiConfig',
      name: config('one'),
      displayName: 'one',
      gatewayServiceAccount: 'projects/-/serviceAccounts/gateway@demo-project.iam.gserviceaccount.com',
      serviceConfigId: expect.stringMatching(/^one-[0-9a-z]{13}$/),
      state: 'ACTIVE',
    });
    expect(cloud.serviceUsage.managed.get(managedService)).toBe('Pets');
    expect((await api.call('GET', `${CONFIGS}/one`)).json.openapiDocuments).toBeUndefined();
    expect((await api.call('GET', `${CONFIGS}/one?view=FULL`)).json.openapiDocuments).toEqual(
      body.openapiDocuments,
    );
  });

  it('are refused at once for a bad document', async () => {
    const { status, json } = await api.call('POST', `${CONFIGS}?apiConfigId=one`, {
      openapiDocuments: documents(document('')),
    });
    expect(status).toBe(400);
    expect(json.error.message).toMatch(
      /^Cannot convert to service config\.\n'location: "openapi\.yaml: Operation 'get' in path '\/hello'"\nkind: ERROR\n/,
    );
    expect((await api.call('GET', `${CONFIGS}/one`)).status).toBe(404);
    expect((await api.call('POST', `${CONFIGS}?apiConfigId=one`, {})).json.error.status).toBe(
      'INVALID_ARGUMENT',
    );
    expect((await api.call('POST', `${CONFIGS}?apiConfigId=one`, { grpcServices: [{}] })).status).toBe(501);
  });

  it('need an account that is there and may be acted as', async () => {
    const missing = await api.call('POST', `${CONFIGS}?apiConfigId=one`, {
      ...body,
      gatewayServiceAccount: 'nope@demo-project.iam.gserviceaccount.com',
    });
    expect(missing.json.error).toMatchObject({
      code: 400,
      message:
        'Service Account "projects/-/serviceAccounts/nope@demo-project.iam.gserviceaccount.com" does not exist.',
      status: 'FAILED_PRECONDITION',
    });
    cloud.iam.grant('projects/demo-project', 'roles/apigateway.admin', 'user:ci@example.com');
    const ci = apiClient(cloud, 'user:ci@example.com');
    const given = {
      ...body,
      gatewayServiceAccount:
        'projects/demo-project/serviceAccounts/gateway@demo-project.iam.gserviceaccount.com',
    };
    expect((await ci.call('POST', `${CONFIGS}?apiConfigId=one`, given)).json.error).toMatchObject({
      code: 403,
      message: expect.stringContaining('iam.serviceAccounts.actAs'),
    });
  });

  it('cannot be created two at a time on one API', async () => {
    // Operations must last for two to overlap, whatever else the machine is doing.
    await cloud.close();
    cloud = await startCloud({ operationTime: 500 });
    api = apiClient(cloud);
    await createPets();
    const started = await Promise.all([
      api.call('POST', `${CONFIGS}?apiConfigId=one`, body),
      api.call('POST', `${CONFIGS}?apiConfigId=two`, body),
    ]);
    await sleep(800);
    const states = await Promise.all(
      ['one', 'two'].map(async (id) => (await api.call('GET', `${CONFIGS}/${id}`)).json.state),
    );
    expect(started.map(({ status }) => status)).toEqual([200, 200]);
    expect(states.sort()).toEqual(['ACTIVE', 'FAILED']);
  });

  it('change only in display name and labels', async () => {
    await api.finish('POST', `${CONFIGS}?apiConfigId=one`, body);
    expect(
      (await api.call('PATCH', `${CONFIGS}/one?updateMask=openapiDocuments`, body)).json.error.message,
    ).toContain('immutable');
    await api.finish('PATCH', `${CONFIGS}/one?updateMask=labels`, { labels: { a: 'b' } });
    expect((await api.call('GET', `${CONFIGS}/one`)).json.labels).toEqual({ a: 'b' });
  });

  it('are at most 100 for an API', async () => {
    for (let index = 0; index < 100; index += 1)
      await api.call('POST', `${CONFIGS}?apiConfigId=c${index}`, body);
    expect((await api.call('POST', `${CONFIGS}?apiConfigId=more`, body)).json.error).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
    });
  });
});

describe('gateways', () => {
  it('answer where they say once they are ACTIVE, and stay there across updates', async () => {
    await createGateway();
    const { json } = await api.call('GET', `${GATEWAYS}/gw`);
    expect(json).toMatchObject({
      name: 'projects/demo-project/locations/us-central1/gateways/gw',
      apiConfig: 'projects/123456789012/locations/global/apis/pets/configs/one',
      state: 'ACTIVE',
      defaultHostname: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    const url = `http://${json.defaultHostname}/hello`;
    expect((await fetch(url)).status).toBe(503);
    const moved = document();
    const other = { ...moved, paths: { '/moved': moved.paths['/hello'] } };
    await api.finish('POST', `${CONFIGS}?apiConfigId=two`, { openapiDocuments: documents(other) });
    await api.finish('PATCH', `${GATEWAYS}/gw?updateMask=apiConfig`, { apiConfig: config('two') });
    const updated = (await api.call('GET', `${GATEWAYS}/gw`)).json;
    expect(updated).toMatchObject({ apiConfig: config('two'), defaultHostname: json.defaultHostname });
    expect((await fetch(url)).status).toBe(404);
  });

  it('take a patch of what its mask names, of themselves with `*`, and of nothing without one', async () => {
    await createGateway();
    const whole = (await api.call('GET', `${GATEWAYS}/gw`)).json;
    const patched = async (mask: string, body: object) => {
      const { response } = await api.finish('PATCH', `${GATEWAYS}/gw?updateMask=${mask}`, body);
      return response as {
        displayName?: string;
        labels?: object;
        apiConfig: string;
        defaultHostname: string;
      };
    };
    const { apiConfig, defaultHostname } = whole;
    expect((await patched('labels', { labels: { a: '1', b: '2' } })).labels).toEqual({ a: '1', b: '2' });
    expect((await patched('labels.a', { labels: { a: '3' }, displayName: 'no' })).labels).toEqual({
      a: '3',
      b: '2',
    });
    const all = await patched('*', { ...whole, displayName: 'new' });
    expect(all).toMatchObject({ apiConfig, defaultHostname, displayName: 'new' });
    expect(all.labels).toBeUndefined();
    for (const query of ['', '?updateMask='])
      expect((await api.call('PATCH', `${GATEWAYS}/gw${query}`, whole)).json.error).toMatchObject({
        status: 'INVALID_ARGUMENT',
        details: [{ fieldViolations: [{ field: 'update_mask' }] }],
      });
  });

  it('pass through their states while operations run', async () => {
    const other = await startCloud({ operationTime: 150 });
    try {
      const { call, finish } = apiClient(other);
      await finish('POST', `${APIS}?apiId=pets`, {});
      const created = await call('POST', `${CONFIGS}?apiConfigId=one`, body);
      expect((await call('GET', `${CONFIGS}/one`)).json.state).toBe('CREATING');
      expect(
        (await call('POST', `${GATEWAYS}?gatewayId=gw`, { apiConfig: config('one') })).json.error,
      ).toMatchObject({ code: 400, status: 'FAILED_PRECONDITION' });
      while (!(await call('GET', `/v1/${created.json.name}`)).json.done) await sleep(10);
      await call('POST', `${GATEWAYS}?gatewayId=gw`, { apiConfig: config('one') });
      const creating = (await call('GET', `${GATEWAYS}/gw`)).json;
      expect(creating).toMatchObject({
        state: 'CREATING',
        defaultHostname: expect.stringMatching(/^gw-[0-9a-f]{8}\.uc\.gateway\.dev$/),
      });
      expect((await call('DELETE', `${GATEWAYS}/gw`)).json.error).toMatchObject({
        code: 409,
        status: 'ABORTED',
      });
      while ((await call('GET', `${GATEWAYS}/gw`)).json.state === 'CREATING') await sleep(10);
      await call('PATCH', `${GATEWAYS}/gw?updateMask=displayName`, { displayName: 'x' });
      expect((await call('GET', `${GATEWAYS}/gw`)).json).toMatchObject({
        state: 'UPDATING',
        displayName: 'gw',
      });
    } finally {
      await other.close();
    }
  });

  it('refuse configs that are not there, regions that are not served, ids that are too long', async () => {
    await createGateway();
    const refused = async (path: string, apiConfig: string) =>
      (await api.call('POST', path, { apiConfig })).json.error;
    expect(await refused(`${GATEWAYS}?gatewayId=b`, config('nope'))).toMatchObject({
      code: 404,
      message: `Resource '${config('nope')}' was not found`,
    });
    expect(await refused(`${GATEWAYS}?gatewayId=b`, 'one')).toMatchObject({ code: 400 });
    expect(await refused(`${GATEWAYS}?gatewayId=${'a'.repeat(50)}`, config('one'))).toMatchObject({
      code: 400,
    });
    expect(await refused(`${PARENT}/europe-west9/gateways?gatewayId=b`, config('one'))).toMatchObject({
      message: 'Location europe-west9 is not found or access is unauthorized.',
    });
  });

  it('keep their config from being deleted', async () => {
    await createGateway();
    const { error } = await api.finish('DELETE', `${CONFIGS}/one`);
    expect(error).toEqual({
      code: 9,
      message: 'Delete API Config Row: config is in use in us-central1: [gw]',
    });
    expect((await api.call('GET', `${CONFIGS}/one`)).json.state).toBe('ACTIVE');
    const { defaultHostname } = (await api.call('GET', `${GATEWAYS}/gw`)).json;
    await api.finish('DELETE', `${GATEWAYS}/gw`);
    await expect(fetch(`http://${defaultHostname}/hello`)).rejects.toThrow('fetch failed');
    expect((await api.finish('DELETE', `${CONFIGS}/one`)).error).toBeUndefined();
  });

  it('are listed by region and over all', async () => {
    await createGateway();
    const count = async (location: string) =>
      ((await api.call('GET', `${PARENT}/${location}/gateways`)).json.gateways ?? []).length;
    expect([await count('us-central1'), await count('us-east1'), await count('-')]).toEqual([1, 0, 1]);
  });
});

describe('locations', () => {
  it('are where API Gateway is', async () => {
    const { json } = await api.call('GET', '/apigateway/v1/projects/demo-project/locations');
    expect(json.locations.map(({ locationId }: { locationId: string }) => locationId)).toContain('us-west4');
    expect(
      (await api.call('GET', '/apigateway/v1/projects/demo-project/locations/us-east1')).json.locationId,
    ).toBe('us-east1');
  });
});
