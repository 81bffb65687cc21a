import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apiClient,
  deployGateway,
  type Echo,
  startBackend,
  type TestBackend,
} from '../../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';

let cloud: RunningCloud;
let backend: TestBackend;
let url: string;
let managedService: string;

const KEYS = '/v2/projects/demo-project/locations/global/keys';
const ok = { '200': { description: 'ok' } };

beforeAll(async () => {
  cloud = await startCloud();
  backend = await startBackend();
  const document = {
    swagger: '2.0',
    info: { title: 'Keys', version: '1.0.0' },
    'x-google-backend': { address: backend.origin },
    securityDefinitions: {
      api_key: { type: 'apiKey', name: 'key', in: 'query' },
      token: { type: 'apiKey', name: 'x-token', in: 'header' },
    },
    paths: {
      '/locked': { get: { operationId: 'getLocked', responses: ok, security: [{ api_key: [] }] } },
      '/optional': { get: { operationId: 'getOptional', responses: ok, security: [{ api_key: [] }, {}] } },
      '/open': { get: { operationId: 'getOpen', responses: ok } },
      '/ignored': { get: { operationId: 'getIgnored', responses: ok, security: [{ token: [] }] } },
    },
  };
  ({ url, managedService } = await deployGateway(cloud, document));
});

afterAll(async () => {
  await cloud.close();
  await backend.close();
});

async function newKey(restrictions?: object): Promise<string> {
  const { response } = await apiClient(cloud).finish('POST', KEYS, { restrictions });
  return response.keyString;
}

async function ask(path: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const response = await fetch(`${url}${path}`, { headers });
  const { message = '' } = (await response.json()) as { message?: string };
  return [response.status, message];
}

const blocked = [
  403,
  'PERMISSION_DENIED:  The API targeted by this request is invalid for the given API key.',
];
const invalid = [400, 'INVALID_ARGUMENT: API key not valid. Please pass a valid API key.'];

describe('the API key check', () => {
  it('asks for a key, and knows none that was not made here', async () => {
    expect(await ask('/locked')).toEqual([
      401,
      "UNAUTHENTICATED: Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    ]);
    expect(await ask('/locked?key=AIzaSyNope')).toEqual(invalid);
  });

  it('refuses a good key while the managed service is off', async () => {
    const key = await newKey();
    expect(await ask(`/locked?key=${key}`)).toEqual([
      403,
      `PERMISSION_DENIED: API ${managedService} is not enabled for the project.`,
    ]);
    await apiClient(cloud).finish('POST', `/v1/projects/demo-project/services/${managedService}:enable`, {});
    expect(await ask(`/locked?key=${key}`)).toEqual([200, '']);
  });

  it('finds the key in all three places, query first, and passes it on', async () => {
    const key = await newKey();
    expect(await ask(`/locked?api_key=${key}`)).toEqual([200, '']);
    expect(await ask('/locked', { 'x-api-key': key })).toEqual([200, '']);
    expect(await ask('/locked?key=wrong', { 'x-api-key': key })).toEqual(invalid);
    const echo = (await (await fetch(`${url}/locked?a=1&key=${key}`)).json()) as Echo;
    expect(echo.url).toBe(`/locked?a=1&key=${key}`);
    expect(echo.headers).toMatchObject({
      'x-apigateway-api-consumer-type': 'PROJECT',
      'x-apigateway-api-consumer-number': '123456789012',
    });
  });

  it('serves open operations without a key, and still refuses a bad one', async () => {
    for (const path of ['/open', '/optional', '/ignored']) {
      expect(await ask(path)).toEqual([200, '']);
      expect(await ask(`${path}?key=wrong`)).toEqual(invalid);
    }
  });

  it('holds a key to the services and methods it is for', async () => {
    expect(await ask(`/locked?key=${await newKey({ apiTargets: [{ service: managedService }] })}`)).toEqual([
      200,
      '',
    ]);
    expect(
      await ask(`/locked?key=${await newKey({ apiTargets: [{ service: 'other.googleapis.com' }] })}`),
    ).toEqual(blocked);
    const methods = (...names: string[]) =>
      newKey({ apiTargets: [{ service: managedService, methods: names }] });
    expect(await ask(`/locked?key=${await methods('GetLocked')}`)).toEqual([200, '']);
    expect(await ask(`/locked?key=${await methods('Get*')}`)).toEqual([200, '']);
    expect(await ask(`/locked?key=${await methods('GetOther')}`)).toEqual(blocked);
  });

  it('holds a key to its clients', async () => {
    const here = await newKey({ serverKeyRestrictions: { allowedIps: ['203.0.113.9', '127.0.0.0/8'] } });
    const elsewhere = await newKey({
      serverKeyRestrictions: { allowedIps: ['203.0.113.9', '2001:db8::/32'] },
    });
    expect(await ask(`/locked?key=${here}`)).toEqual([200, '']);
    expect(await ask(`/locked?key=${elsewhere}`)).toEqual([403, 'PERMISSION_DENIED: IP address blocked.']);
    const site = await newKey({
      browserKeyRestrictions: { allowedReferrers: ['*.example.com/*', 'https://one.test'] },
    });
    expect(await ask(`/locked?key=${site}`, { referer: 'https://www.example.com/page' })).toEqual([200, '']);
    expect(await ask(`/locked?key=${site}`, { referer: 'https://one.test/page' })).toEqual([200, '']);
    expect(await ask(`/locked?key=${site}`, { referer: 'https://one.test.evil/' })).toEqual([
      403,
      'PERMISSION_DENIED: Referer blocked.',
    ]);
    expect(await ask(`/locked?key=${site}`)).toEqual([403, 'PERMISSION_DENIED: Referer blocked.']);
    const ios = await newKey({ iosKeyRestrictions: { allowedBundleIds: ['com.example.app'] } });
    expect(await ask(`/locked?key=${ios}`, { 'x-ios-bundle-identifier': 'com.example.app' })).toEqual([
      200,
      '',
    ]);
    expect(await ask(`/locked?key=${ios}`)).toEqual([403, 'PERMISSION_DENIED: Client application blocked.']);
  });

  it('refuses a deleted key until it is undeleted', async () => {
    const { finish } = apiClient(cloud);
    const { response } = await finish('POST', KEYS, {});
    await finish('DELETE', `/v2/${response.name}`);
    expect(await ask(`/locked?key=${response.keyString}`)).toEqual(invalid);
    await finish('POST', `/v2/${response.name}:undelete`, {});
    expect(await ask(`/locked?key=${response.keyString}`)).toEqual([200, '']);
  });
});
