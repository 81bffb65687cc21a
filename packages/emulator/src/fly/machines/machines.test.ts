import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlyBench, flyBench, pushFlyImage, registryToken } from '../../../test/fly.ts';
import { manualClock } from '../../kernel/clock.ts';

const clock = manualClock();
let bench: FlyBench;
let image: string;

beforeAll(async () => {
  bench = await flyBench({ simulateMachines: true, clock });
  await bench.call('POST', '/v1/apps', { name: 'web', org_slug: 'personal' });
  await bench.call('POST', '/v1/apps', { name: 'other', org_slug: 'example' });
  image = await pushFlyImage(bench, 'web', 'one');
});
afterAll(() => bench?.close());

async function machine(
  config: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
): Promise<string> {
  const created = await answer('POST', '/v1/apps/web/machines', { config: { image, ...config }, ...rest });
  expect(created.status).toBe(200);
  const id = created.body.id as string;
  await answer('GET', `/v1/apps/web/machines/${id}/wait?state=settled`);
  return `/v1/apps/web/machines/${id}`;
}

async function answer(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const response = await bench.call(method, path, body, headers);
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
}

function bearer(text: string): Record<string, string> {
  return { authorization: `Bearer ${text}` };
}

describe('leases', () => {
  it('keep everyone out but who knows the nonce, until they expire', async () => {
    const path = await machine();
    const { status, body } = await answer('POST', `${path}/lease?ttl=13`);
    expect(status).toBe(201);
    const { nonce, owner } = body.data as { nonce: string; owner: string };
    const again = await answer('POST', `${path}/lease?ttl=13`);
    expect(again).toMatchObject({
      status: 409,
      body: {
        error: expect.stringMatching(
          new RegExp(`^machine ID \\w{14} lease currently held by ${owner}, expires at \\S+Z$`),
        ),
      },
    });
    expect((await answer('POST', path, { config: { image } })).status).toBe(409);
    expect((await answer('DELETE', `${path}?force=true`)).status).toBe(409);
    const shown = await answer('GET', `${path}/lease`);
    expect(shown.body.data).toMatchObject({ owner, expires_at: Math.floor((clock.now() + 13_000) / 1000) });
    expect(shown.body.data).not.toHaveProperty('nonce');
    clock.advance(10_000);
    const refreshed = await answer('POST', `${path}/lease?ttl=13`, undefined, {
      'fly-machine-lease-nonce': nonce,
    });
    expect(refreshed).toMatchObject({ status: 200, body: { data: { nonce } } });
    clock.advance(10_000);
    expect((await answer('POST', `${path}/lease?ttl=13`)).status).toBe(409);
    clock.advance(3001);
    expect((await answer('GET', `${path}/lease`)).status).toBe(404);
    expect((await answer('POST', `${path}/lease?ttl=13`)).status).toBe(201);
  });

  it('come with a new machine that asks for one', async () => {
    const created = await answer('POST', '/v1/apps/web/machines', { config: { image }, lease_ttl: 30 });
    const path = `/v1/apps/web/machines/${created.body.id}`;
    expect((await answer('POST', `${path}/stop`)).status).toBe(409);
    const headers = { 'fly-machine-lease-nonce': created.body.nonce as string };
    expect((await answer('POST', `${path}/stop`, undefined, headers)).status).toBe(200);
    expect((await answer('DELETE', `${path}/lease`, undefined, headers)).status).toBe(200);
  });
});

describe('machines', () => {
  it('wait for a state as long as they are asked to, by the cloud’s clock', async () => {
    const path = await machine();
    const waiting = answer('GET', `${path}/wait?state=stopped&timeout=5`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(5000);
    expect(await waiting).toMatchObject({
      status: 408,
      body: { error: 'deadline_exceeded: machine failed to reach desired state, stopped, currently started' },
    });
    const stopping = answer('GET', `${path}/wait?state=stopped&timeout=5`);
    await answer('POST', `${path}/stop`);
    expect((await stopping).status).toBe(200);
    expect((await answer('GET', `${path}/wait?timeout=90`)).body.error).toContain(
      'value must be inside range [1s, 1m0s]',
    );
  });

  it('get a new version with an update, and only with the version they expect', async () => {
    const path = await machine({ env: { A: '1' }, statics: [{ guest_path: '/x', url_prefix: '/y' }] });
    const before = (await answer('GET', path)).body;
    expect(before.config).toMatchObject({ statics: [{ guest_path: '/x', url_prefix: '/y' }] });
    const stale = { config: { image }, current_version: 'no' };
    expect((await answer('POST', path, stale)).status).toBe(412);
    await answer('POST', path, { config: { image, env: { A: '2' } } });
    await answer('GET', `${path}/wait?state=started`);
    const after = (await answer('GET', path)).body;
    expect(after.instance_id).not.toBe(before.instance_id);
    expect(await (await bench.call('GET', `${path}/versions`)).json()).toHaveLength(2);
    expect((after.events as { type: string }[]).map(({ type }) => type).slice(0, 4)).toEqual([
      'start',
      'start',
      'launch',
      'update',
    ]);
  });

  it('keep their metadata apart from their versions', async () => {
    const path = await machine({ metadata: { a: '1' } });
    const { instance_id } = (await answer('GET', path)).body;
    expect((await answer('POST', `${path}/metadata/b`, { value: '2' })).status).toBe(204);
    expect((await answer('DELETE', `${path}/metadata/a`)).status).toBe(204);
    expect(await answer('GET', `${path}/metadata`)).toMatchObject({ body: { b: '2' } });
    expect((await answer('GET', path)).body.instance_id).toBe(instance_id);
  });

  it('are still there to be asked once they are destroyed, but in no list', async () => {
    const path = await machine();
    expect(await answer('DELETE', path)).toMatchObject({
      status: 412,
      body: { error: 'failed_precondition: machine still active, refusing to destroy' },
    });
    await answer('DELETE', `${path}?force=true`);
    await answer('GET', `${path}/wait?state=destroyed`);
    expect((await answer('GET', path)).body.state).toBe('destroyed');
    const listed = (await (await bench.call('GET', '/v1/apps/web/machines')).json()) as { id: string }[];
    expect(listed.map(({ id }) => `/v1/apps/web/machines/${id}`)).not.toContain(path);
  });

  it('start again when they fail, as often as their policy says', async () => {
    bench.cloud.fly.disturbances.add({ group: 'crashing', exit: { code: 3 } });
    const path = await machine({
      metadata: { fly_process_group: 'crashing' },
      restart: { policy: 'on-failure', max_retries: 2 },
    });
    const exits = async () =>
      (
        (await answer('GET', path)).body.events as {
          request?: { exit_event?: object; restart_count?: number };
        }[]
      ).flatMap(({ request }) =>
        request?.exit_event ? [{ ...request.exit_event, restart_count: request.restart_count }] : [],
      );
    await expect.poll(exits, { timeout: 5000 }).toHaveLength(3);
    expect(await exits()).toMatchObject([
      { exit_code: 3, restarting: false, requested_stop: false, restart_count: 2 },
      { exit_code: 3, restarting: true, restart_count: 2 },
      { exit_code: 3, restarting: true, restart_count: 1 },
    ]);
    expect((await answer('GET', path)).body.state).toBe('stopped');
  });

  it('show no configuration for sure on a host that does not answer, and vanish on request', async () => {
    const path = await machine({ metadata: { fly_process_group: 'lost' } });
    bench.cloud.fly.disturbances.add({ group: 'lost', hostStatus: 'unreachable', vanishes: true });
    const { body } = await answer('GET', path);
    expect(body).toMatchObject({ host_status: 'unreachable', incomplete_config: { image } });
    expect(body).not.toHaveProperty('config');
    await answer('DELETE', `${path}?force=true`);
    await expect.poll(async () => (await answer('GET', path)).status).toBe(404);
    bench.cloud.fly.disturbances.clear();
  });

  it('are not made with a volume that another has', async () => {
    const { body: volume } = await answer('POST', '/v1/apps/web/volumes', { name: 'data', region: 'iad' });
    const mounts = [{ volume: volume.id, path: '/data' }];
    await machine({ mounts });
    const list = async () => (await answer('GET', '/v1/apps/web/machines')).body as unknown as unknown[];
    const before = (await list()).length;
    const refused = await answer('POST', '/v1/apps/web/machines', { config: { image, mounts } });
    expect(refused).toMatchObject({
      status: 412,
      body: { error: expect.stringContaining('is attached to') },
    });
    expect(await list()).toHaveLength(before);
  });

  it('refuse what is not there', async () => {
    const create = (body: object) => answer('POST', '/v1/apps/web/machines', body);
    expect((await create({ config: {} })).body.error).toBe('invalid_argument: config.image is required');
    expect(await create({ config: { image: 'registry.fly.io/web:none' } })).toMatchObject({ status: 400 });
    expect((await create({ config: { image }, region: 'xxx' })).body.error).toContain('region xxx not found');
    expect((await create({ config: { image }, min_secrets_version: 99 })).status).toBe(412);
    expect(await answer('GET', '/v1/apps/nope')).toEqual({ status: 404, body: { error: 'app not found' } });
    expect((await answer('GET', '/v1/apps/web/machines/0')).body.error).toBe('machine not found');
  });
});

describe('a remote builder', () => {
  it('is made by whoever may deploy an app, found by its role, and no machine where there is no engine', async () => {
    await using cloud = await flyBenchWithoutEngine();
    const { fly } = cloud.bench.cloud;
    const organization = fly.organizations.get('personal');
    if (!organization) throw new Error('there is an organization');
    const app = fly.addApp('mine', organization);
    const { macaroon } = fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 600 });
    const ask = async (method: string, path: string, body?: unknown) => {
      const response = await cloud.bench.call(method, path, body, bearer(macaroon));
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const role = 'remote-docker-builder';
    const builders = `/v1/apps?org_slug=personal&app_role=${role}`;
    // flyctl takes the first for the builder, and deletes it where it is none.
    expect((await ask('GET', builders)).body.apps).toEqual([]);
    expect((await ask('POST', '/v1/apps', { name: 'web', org_slug: 'personal' })).status).toBe(401);
    const make = { name: 'fly-builder-x', org_slug: 'personal', app_role_id: role };
    expect((await ask('POST', '/v1/apps', make)).status).toBe(201);
    expect((await ask('GET', builders)).body.apps).toMatchObject([{ name: 'fly-builder-x', app_role: role }]);
    const config = { image: 'docker-hub-mirror.fly.io/flyio/rchab:sha-9346699' };
    expect(await ask('POST', '/v1/apps/fly-builder-x/machines', { config })).toMatchObject({
      status: 412,
      body: { error: expect.stringContaining('no Docker engine') },
    });
  });
});

async function flyBenchWithoutEngine() {
  const own = await flyBench({ simulateMachines: true, dockerHost: 'unix:///nowhere/docker.sock' });
  return { bench: own, [Symbol.asyncDispose]: () => own.close() };
}

describe('tokens', () => {
  it('are good for what they are made for', async () => {
    const { tokens, organizations } = bench.cloud.fly;
    const personal = organizations.get('personal');
    const example = organizations.get('example');
    const app = bench.cloud.fly.app('web');
    if (!personal || !example) throw new Error('not seeded');
    const status = async (text: string, method = 'GET', path = '/v1/apps/web') =>
      (await answer(method, path, method === 'GET' ? undefined : { config: { image } }, bearer(text))).status;
    const org = tokens.issue({ kind: 'org', name: 'org', organization: personal });
    const foreign = tokens.issue({ kind: 'org', name: 'foreign', organization: example });
    const deploy = tokens.issue({ kind: 'deploy', name: 'deploy', organization: personal, app });
    const readonly = tokens.issue({ kind: 'readonly', name: 'readonly', organization: personal });
    const expired = tokens.issue({ kind: 'org', name: 'expired', organization: personal, lifetime: -1 });
    for (const { word, macaroon } of [org, deploy]) {
      expect(await status(word)).toBe(200);
      expect(await status(`FlyV1 ${macaroon}`)).toBe(200);
    }
    expect(await status(foreign.word)).toBe(401);
    expect(await status(deploy.word, 'GET', '/v1/apps/other')).toBe(401);
    expect(await status(expired.macaroon)).toBe(401);
    expect(await status(readonly.word)).toBe(200);
    expect(await status(readonly.word, 'POST', '/v1/apps/web/machines')).toBe(403);
    expect(await answer('GET', '/v1/tokens/current', undefined, bearer(deploy.word))).toMatchObject({
      body: { tokens: [{ org_slug: 'personal', apps: ['web'], token_id: deploy.id }] },
    });
    const logs = '/api/v1/apps/web/logs';
    expect(await status(deploy.word, 'GET', logs)).toBe(401);
    expect(await status(org.word, 'GET', logs)).toBe(200);
    const minted = await answer('POST', '/v1/apps/web/deploy_token', { expiry: '20m' });
    expect(tokens.ofHeader(minted.body.token as string)).toMatchObject({ expires: clock.now() + 1_200_000 });
  });

  it('open registry.fly.io to who may read or change an app, by a tag or by mounting', async () => {
    const { tokens, organizations } = bench.cloud.fly;
    const { cloud } = bench;
    const example = organizations.get('example');
    if (!example) throw new Error('not seeded');
    const head = async (name: string, token: string, reference: string) =>
      (
        await fetch(`${cloud.origin}/v2/${name}/manifests/${reference}`, {
          method: 'HEAD',
          headers: bearer(token),
        })
      ).status;
    const good = await registryToken(cloud.origin, bench.token, 'web');
    expect(await head('web', good, 'one')).toBe(200);
    expect(await head('nope', good, 'one')).toBe(404);
    const foreign = tokens.issue({ kind: 'org', name: 'foreign', organization: example });
    expect(await registryToken(cloud.origin, foreign.word, 'web')).toBeUndefined();
    const google = await fetch(`${cloud.origin}/v2/demo-project/app/web/manifests/one`, {
      headers: bearer(good),
    });
    expect(google.status).toBe(403);
    const digest = cloud.fly.app('web').images.resolve('web', 'one')?.config?.digest ?? '';
    const mounted = await fetch(`${cloud.origin}/v2/other/blobs/uploads/?mount=${digest}&from=web`, {
      method: 'POST',
      headers: bearer(await registryToken(cloud.origin, bench.token, 'other')),
    });
    expect(mounted.status).toBe(201);
    const basic = Buffer.from(`x:${bench.token}`).toString('base64');
    const direct = await fetch(`${cloud.origin}/v2/`, { headers: { authorization: `Basic ${basic}` } });
    expect(direct.status).toBe(200);
  });
});
