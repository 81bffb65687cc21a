import { once } from 'node:events';
import { request as ask, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../test/client.ts';
import { apiClient, deployGateway, startBackend, type TestBackend } from '../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../cloud.ts';

const API = '/_gangway/console/api';
const HTML = { accept: 'text/html,application/xhtml+xml' };
const ENABLED = '/v1/projects/demo-project/services?filter=state:ENABLED&key=not-to-be-seen';

let cloud: RunningCloud;
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
  cloud = await startCloud({ hosts: ['cloud.test'] });
});
afterAll(async () => {
  await cloud.close();
  await backend.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a request with just these headers, `Host` included, as a browser may. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  const { port } = new URL(cloud.origin);
  const request = ask({
    port,
    host: '127.0.0.1',
    method,
    path,
    headers: { host: `localhost:${port}`, ...headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

const inventory = async () => JSON.parse((await send('GET', `${API}/inventory`)).body);

/** The events so far: a stream's first message. */
async function events(): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${cloud.origin}${API}/events`);
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const [, data] = /^data: (.*)\n\n/m.exec(text) ?? [];
    if (data) return JSON.parse(data).events;
  }
  throw new Error('no event');
}

describe('the page', () => {
  it('is at the address of the cloud for a browser, and there alone', async () => {
    const page = await send('GET', '/', HTML);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    const policy = page.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      const answer = await send('GET', '/', headers);
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.body).error.status).toBe('NOT_FOUND');
    }
    expect((await send('GET', '/v1/projects', HTML)).headers['content-type']).toMatch(/^application\/json/);
  });

  it('brings everything that it names, and names nothing elsewhere', async () => {
    const { body } = await send('GET', '/', HTML);
    const named = [...body.matchAll(/(?:href|src)="([^"]+)"|": "([^"]+)"/g)].map(([, a, b]) => a ?? b ?? '');
    expect(named.length).toBeGreaterThan(5);
    for (const path of named) {
      expect(path).toMatch(/^\/_gangway\/console\//);
      expect((await send('GET', path)).status, path).toBe(200);
    }
    expect((await send('GET', '/_gangway/console/..%2fconsole.ts')).status).toBe(404);
    expect((await send('GET', '/_gangway/console/constructor')).status).toBe(404);
  });
});

describe('who may look', () => {
  const cross = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
  it.each([
    ['a name that was led to loopback', { host: 'evil.example' }],
    ['a host that the cloud answers for', { host: 'cloud.test' }],
    ['a host of Google', { host: 'run.googleapis.com' }],
    ['a page of another site', cross],
    ['a page of another port of loopback', { ...cross, 'sec-fetch-site': 'same-site' }],
    ['a page of another origin, as an old browser says it', { origin: 'http://localhost:1' }],
    ['a page in a sandbox', { origin: 'null' }],
    [
      'a page that frames it',
      { ...HTML, ...cross, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
  ])('not %s', async (_, headers) => {
    for (const path of [`${API}/inventory`, `${API}/events`, '/_gangway/console/console-app.js', '/']) {
      const answer = await send('GET', path, { ...headers, ...(path === '/' ? HTML : {}) });
      expect([403, 404], path).toContain(answer.status);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(answer.body).not.toContain('projectNumber');
    }
  });

  it('nor may a page elsewhere have it call a gateway', async () => {
    const call = JSON.stringify({ gateway: 'x', method: 'GET', path: '/' });
    const { port } = new URL(cloud.origin);
    const own = { origin: `http://localhost:${port}`, 'content-type': 'application/json' };
    const answers = await Promise.all([
      send('POST', `${API}/call`, { ...own, origin: 'http://evil.example' }, call),
      send('POST', `${API}/call`, { ...own, 'content-type': 'text/plain' }, call),
      send('POST', `${API}/call`, { 'content-type': 'application/json' }, call),
      send('OPTIONS', `${API}/call`, { ...own, origin: 'http://evil.example' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 404, 403]);
    const allowed = await send('POST', `${API}/call`, own, call);
    expect(JSON.parse(allowed.body)).toEqual({ error: 'There is no gateway "x".' });
  });

  it('the page itself, by a link from anywhere, for it holds nothing', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await send('GET', '/', { ...HTML, ...link })).status).toBe(200);
    expect((await send('GET', `${API}/inventory`, link)).status).toBe(403);
  });
});

describe('the timeline', () => {
  it('names the program, hides credentials, and says how to grant what was missing', async () => {
    const email = 'gateway@demo-project.iam.gserviceaccount.com';
    const refused = caller(cloud, tokenOf(cloud, email));
    expect((await refused('GET', ENABLED)).status).toBe(403);
    await fetch(`${cloud.origin}${ENABLED}`, {
      headers: {
        authorization: `Bearer ${tokenOf(cloud, 'owner@example.com')}`,
        'user-agent': 'google-cloud-sdk gcloud/500 command/gcloud.services.list invocation-id/1',
      },
    });
    const [first, second] = (await events()).slice(-2);
    expect(first).toMatchObject({
      status: 403,
      service: 'Service Usage API',
      member: `serviceAccount:${email}`,
      path: '/v1/projects/demo-project/services?filter=state:ENABLED&key=***',
      refusal: {
        code: 'PERMISSION_DENIED',
        command: `gcloud projects add-iam-policy-binding demo-project --condition=None --member=serviceAccount:${email} --role=roles/serviceusage.serviceUsageViewer`,
      },
    });
    expect(second).toMatchObject({ status: 200, client: 'gcloud services list' });
    expect(second?.refusal).toBeUndefined();
  });

  it.each([
    ['POST', '/v1/projects/-/serviceAccounts/deployer@demo-project.iam.gserviceaccount.com:signBlob'],
    ['GET', '/v1/projects/demo-project/secrets/none/versions/latest:access'],
    ['GET', '/v2/projects/demo-project/locations/us-central1/services/web'],
    ['GET', '/v1/projects/demo-project/locations/us-central1/gateways/gw'],
  ])('grants by a command that works: %s %s', async (method, path) => {
    const email = 'runtime@demo-project.iam.gserviceaccount.com';
    if (!cloud.iamAdmin.accounts.ofEmail(email)) cloud.iamAdmin.accounts.add('demo-project', email);
    for (const api of ['secretmanager', 'iamcredentials'])
      cloud.serviceUsage.enabled.add(`${api}.googleapis.com`);
    const call = caller(cloud, tokenOf(cloud, email));
    expect((await call(method, path, method === 'POST' ? { payload: 'aGk=' } : undefined)).status).toBe(403);
    const { command = '' } = ((await events()).at(-1) as { refusal: { command?: string } }).refusal;
    const [, role = ''] = /--role=(\S+)/.exec(command) ?? [];
    const [, member = ''] = /--member=(\S+)/.exec(command) ?? [];
    const resource = path
      .replace(/^\/v\d\//, '')
      .replace('/-/', '/demo-project/')
      .replace(/:\w+$/, '');
    cloud.iam.grant(resource, role, member);
    expect(member).toBe(`serviceAccount:${email}`);
    expect((await call(method, path, method === 'POST' ? { payload: 'aGk=' } : undefined)).status).not.toBe(
      403,
    );
  });
});

describe('what there is', () => {
  it('has no key, no secret and no token in it, and calls a gateway by the name of a key', async () => {
    const { url, managedService } = await deployGateway(cloud, {
      swagger: '2.0',
      info: { title: 't', version: '1' },
      schemes: ['https'],
      host: 'x',
      paths: {
        '/hello': {
          get: {
            operationId: 'hello',
            responses: { 200: { description: 'ok' } },
            security: [{ key: [] }],
            'x-google-backend': { address: `${backend.origin}/`, disable_auth: true },
          },
        },
      },
      securityDefinitions: { key: { type: 'apiKey', name: 'key', in: 'query' } },
    });
    cloud.serviceUsage.enabled.add(managedService);
    const { finish, token } = apiClient(cloud);
    await finish('POST', '/v2/projects/demo-project/locations/global/keys?keyId=web', {
      displayName: '<img src=x onerror=alert(1)>',
    });
    const { finish: _, ...client } = apiClient(cloud);
    await client.call('POST', '/v1/projects/demo-project/secrets?secretId=password', {
      replication: { automatic: {} },
    });
    await client.call('POST', '/v1/projects/demo-project/secrets/password:addVersion', {
      payload: { data: Buffer.from('correct horse').toString('base64') },
    });
    const [key] = cloud.apiKeys.list(cloud.clock.now());
    const { body } = await send('GET', `${API}/inventory`);
    for (const secret of [key?.keyString ?? 'no key', token, Buffer.from('correct horse').toString('base64')])
      expect(body).not.toContain(secret);
    const { gateways, secrets, keys } = await inventory();
    expect(gateways).toMatchObject([
      { name: 'gw', url, routes: [{ method: 'GET', path: '/hello', needsKey: true }] },
    ]);
    expect(secrets).toMatchObject([{ name: 'password', versions: [{ number: 1, state: 'enabled' }] }]);

    const { port } = new URL(cloud.origin);
    const own = { origin: `http://localhost:${port}`, 'content-type': 'application/json' };
    const call = async (fields: object) =>
      JSON.parse(
        (await send('POST', `${API}/call`, own, JSON.stringify({ gateway: gateways[0].fullName, ...fields })))
          .body,
      );
    expect(await call({ method: 'GET', path: '/hello' })).toMatchObject({ status: 401 });
    const answer = await call({ method: 'GET', path: '/hello', key: keys[0].fullName });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain(key?.keyString);
    expect(await call({ method: 'GET', path: '//evil.example/' })).toMatchObject({ status: 404 });
    expect(await call({ method: 'GET', path: '@evil.example/' })).toEqual({
      error: '"@evil.example/" is not a path: a path begins with a slash.',
    });
  });
});
