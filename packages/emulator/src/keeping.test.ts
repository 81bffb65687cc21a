import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../test/client.ts';
import { registryToken } from '../test/fly.ts';
import { apiClient, deployGateway, startBackend } from '../test/gateway.ts';
import { buildImage, pushImage } from '../test/image.ts';
import { type RunningCloud, startCloud } from './cloud.ts';
import type { CloudOptions } from './cloud-options.ts';
import { ownerToken } from './fly/sign-in/owner.ts';
import { movableClock } from './kernel/clock.ts';
import { LOOPBACK, listenAt } from './kernel/forward/listening.ts';

const PROJECT = 'projects/demo-project';
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/hello';

let folder: string;
let data: string;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-data-'));
  data = join(folder, 'data');
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: CloudOptions = {}): Promise<RunningCloud> {
  const cloud = await startCloud({ data, simulateMachines: true, ...options });
  closing.push(() => cloud.close());
  return cloud;
}

/** Deploys something of every kind that needs no Docker engine, and says how it looks from outside. */
async function fill(cloud: RunningCloud) {
  const backend = await startBackend();
  closing.push(() => backend.close());
  const { call, finish, token } = apiClient(cloud);
  await finish('POST', `/v1/${PROJECT}/locations/us-central1/repositories?repositoryId=apis`, {
    format: 'DOCKER',
  });
  const image = buildImage([{ path: 'a', mode: 0o644, content: 'hello' }]);
  await pushImage(`${cloud.origin}/v2/${IMAGE}`, token, image, 'v1');
  const { url, managedService } = await deployGateway(cloud, {
    swagger: '2.0',
    info: { title: 't', version: '1' },
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
  await finish('POST', `/v1/${PROJECT}/services/${managedService}:enable`, {});
  await finish('POST', `/v2/${PROJECT}/locations/global/keys?keyId=web`, { displayName: 'Web' });
  await call('POST', `/v1/${PROJECT}/serviceAccounts`, { accountId: 'kept-account' });
  await call('POST', `/v1/${PROJECT}/roles`, {
    roleId: 'kept',
    role: { includedPermissions: ['run.services.get'] },
  });
  await finish('POST', `/v1/${PROJECT}/services/secretmanager.googleapis.com:enable`, {});
  await call('POST', `/v1/${PROJECT}/secrets?secretId=password`, { replication: { automatic: {} } });
  await call('POST', `/v1/${PROJECT}/secrets/password:addVersion`, {
    payload: { data: 'Y29ycmVjdCBob3JzZQ==' },
  });
  const signed = await call(
    'POST',
    `/v1/projects/-/serviceAccounts/kept-account@demo-project.iam.gserviceaccount.com:signBlob`,
    { payload: 'aGk=' },
  );
  const flyToken = ownerToken(cloud).word;
  const fly = (method: string, path: string, body?: unknown) =>
    caller(cloud, flyToken)(method, `/v1/apps${path}`, body);
  expect((await fly('POST', '', { app_name: 'kept-app', org_slug: 'personal' })).status).toBe(201);
  await fly('POST', '/kept-app/secrets/TOKEN', { value: 'hush' });
  await pushImage(
    `${cloud.origin}/v2/kept-app`,
    await registryToken(cloud.origin, flyToken, 'kept-app'),
    image,
    'v1',
  );
  const machine = await fly('POST', '/kept-app/machines', {
    config: {
      image: 'registry.fly.io/kept-app:v1',
      services: [{ internal_port: 80, ports: [{ port: 80 }] }],
    },
  });
  expect(machine.status).toBe(200);
  const id = String(machine.body.id);
  await expect.poll(() => cloud.fly.app('kept-app').machines.get(id)?.state).toBe('started');
  await expect.poll(() => cloud.fly.app('kept-app').url).toBeDefined();
  const { url: appUrl = '' } = cloud.fly.app('kept-app');
  const key = cloud.apiKeys.list(cloud.clock.now())[0]?.keyString ?? '';
  return { token, image, url, key, signed: signed.json, flyToken, id, appUrl };
}

type Filled = Awaited<ReturnType<typeof fill>>;

/** Looks from outside whether all of it is there again, by the tokens from before. */
async function expectFilled(cloud: RunningCloud, filled: Filled): Promise<void> {
  const { token, image, url, key, signed, flyToken, id, appUrl } = filled;
  const call = caller(cloud, token);
  expect((await fetch(`${url}/hello`)).status).toBe(401);
  expect((await fetch(`${url}/hello?key=${key}`)).status).toBe(200);
  const headers = { authorization: `Bearer ${token}` };
  const manifest = await fetch(`${cloud.origin}/v2/${IMAGE}/manifests/v1`, { headers });
  expect(manifest.headers.get('docker-content-digest')).toBe(image.manifest.digest);
  for (const { digest, bytes } of image.blobs) {
    const blob = await fetch(`${cloud.origin}/v2/${IMAGE}/blobs/${digest}`, { headers });
    expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
  }
  const account = 'kept-account@demo-project.iam.gserviceaccount.com';
  const sign = await call('POST', `/v1/projects/-/serviceAccounts/${account}:signBlob`, { payload: 'aGk=' });
  expect(sign.body).toEqual(signed);
  expect((await call('GET', `/v1/${PROJECT}/roles/kept`)).body).toMatchObject({
    includedPermissions: ['run.services.get'],
  });
  const secret = await call('GET', `/v1/${PROJECT}/secrets/password/versions/1:access`);
  expect(secret.body).toMatchObject({ payload: { data: 'Y29ycmVjdCBob3JzZQ==' } });
  const operations = await call('GET', `/apigateway/v1/${PROJECT}/locations/us-central1/operations`);
  expect(operations.body).toMatchObject({ operations: [{ done: true, metadata: { verb: 'create' } }] });
  const fly = (path: string) => caller(cloud, flyToken)('GET', `/v1/apps/kept-app${path}`);
  expect((await fly(`/machines/${id}`)).body).toMatchObject({ id, state: 'started' });
  expect((await fly('/secrets')).body).toMatchObject({ secrets: [{ name: 'TOKEN' }] });
  expect(await (await fetch(appUrl)).text()).toBe(`simulated machine ${id}\n`);
}

describe('a cloud that keeps its data', () => {
  it('has everything again after a stop, at the same ports, with tokens that are still good', async () => {
    const first = await start();
    const filled = await fill(first);
    const { origin } = first;
    const jwks = first.keys.jwks('https://accounts.google.com');
    await first.close();
    const second = await start();
    expect(second.origin).toBe(origin);
    expect(second.keys.jwks('https://accounts.google.com')).toEqual(jwks);
    await expectFilled(second, filled);
    // What was seeded is not seeded twice.
    expect(second.iam.all()).toEqual(first.iam.all());
  });

  it('tells its files from everybody else on the machine', async () => {
    const cloud = await start();
    await fill(cloud);
    await cloud.close();
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect((await stat(join(data, 'state.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(data, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('loses no more than a second to a SIGKILL', async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('main.ts', import.meta.url)), '--data', data],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, DOCKER_HOST: 'unix:///nowhere' },
      },
    );
    closing.push(async () => child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    const [origin = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line)) ?? [];
    const [, env = ''] = /source (\S+)/.exec(String(line)) ?? [];
    const [, file = ''] = /CLOUDSDK_AUTH_ACCESS_TOKEN_FILE='([^']+)'/.exec(await readFile(env, 'utf8')) ?? [];
    const authorization = `Bearer ${await readFile(file, 'utf8')}`;
    const response = await fetch(`${origin}/iam/v1/${PROJECT}/serviceAccounts`, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({ accountId: 'kept-account' }),
    });
    expect(response.status).toBe(200);
    await sleep(1000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const cloud = await start();
    expect(cloud.origin).toBe(origin);
    const again = await fetch(
      `${cloud.origin}/iam/v1/${PROJECT}/serviceAccounts/kept-account@demo-project.iam.gserviceaccount.com`,
      { headers: { authorization } },
    );
    expect(again.status).toBe(200);
  });

  it('fails what was under way, and keeps the time that it was moved to', async () => {
    const clock = movableClock();
    const first = await start({ clock, operationTime: 600_000 });
    clock.advance(7_200_000);
    const token = tokenOf(first, 'owner@example.com');
    const path = `/v1/${PROJECT}/locations/global`;
    const { body } = await caller(first, token)('POST', `${path}/apis?apiId=slow`, {});
    await first.close();
    const second = await start();
    expect(second.clock.now() - Date.now()).toBeGreaterThan(7_190_000);
    const look = caller(second, token);
    expect((await look('GET', `/v1/${body.name}`)).body).toMatchObject({
      done: true,
      error: { code: 10, message: 'The local cloud was stopped while this was under way.' },
    });
    expect((await look('GET', `${path}/apis/slow`)).body).toMatchObject({ state: 'FAILED' });
  });

  it('is the only one in its folder, says which process has it, and takes the place of one that was killed', async () => {
    const cloud = await start();
    await expect(start()).rejects.toThrow(`${data} is in use by the local cloud of process ${process.pid}.`);
    await cloud.close();
    await writeFile(join(data, 'lock'), JSON.stringify({ pid: process.pid, began: '1' }));
    await start();
  });

  it('says where a listener had to move', async () => {
    const first = await start();
    const { url } = await fill(first);
    await first.close();
    const squatter = createServer();
    await listenAt(squatter, LOOPBACK, Number(new URL(url).port));
    closing.push(async () => squatter.close());
    const notices: string[] = [];
    const second = await start({ onNotice: (line) => notices.push(line) });
    const [gateway] = second.apiGateway.gateways.values();
    expect(notices).toEqual([
      `Port ${new URL(url).port} of the gateway ${gateway?.name} is in use by another program: it answers on port ${gateway?.defaultHostname.split(':')[1]} now.`,
    ]);
  });

  it('says what stands in the way of its own port', async () => {
    const first = await start();
    const port = Number(new URL(first.origin).port);
    await first.close();
    const squatter = createServer();
    await listenAt(squatter, LOOPBACK, port);
    closing.push(async () => squatter.close());
    await expect(start()).rejects.toThrow(
      `Port ${port}, on which the local cloud of ${data} answered, is in use.`,
    );
    await start({ port: 0, data: join(folder, 'other') });
  });

  it.each([
    [
      'a newer format',
      JSON.stringify({ format: 2 }),
      'was written by a newer Gangway, in format 2. This one reads up to 1',
    ],
    ['half a file', '{"format":1', 'is damaged'],
    ['something else', '{}', 'is not of a local cloud'],
  ])('refuses %s, and leaves it', async (_, text, message) => {
    await (await start()).close();
    await writeFile(join(data, 'state.json'), text);
    await expect(start()).rejects.toThrow(message);
    expect(await readFile(join(data, 'state.json'), 'utf8')).toBe(text);
  });

  it('refuses the folder of something else, and another project', async () => {
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await expect(start({ data: folder })).rejects.toThrow(
      `${folder} holds no data of a local cloud, but other files, such as notes.txt.`,
    );
    await (await start({ project: 'first-project' })).close();
    await expect(start({ project: 'second-project' })).rejects.toThrow(
      'holds the project first-project (123456789012), not second-project',
    );
    expect((await start()).project.id).toBe('first-project');
  });
});
