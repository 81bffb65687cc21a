import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cloudWithImage,
  deploy,
  finished,
  SERVICES,
  send,
  template,
  whatIsMissing,
} from '../../../../test/run.ts';
import type { RunningCloud } from '../../../cloud.ts';
import { Engine } from '../../../docker/engine.ts';

const CALLER = 'gateway@demo-project.iam.gserviceaccount.com';

const missing = await whatIsMissing();
const engine = new Engine();

describe.skipIf(missing)(`Cloud Run's containers${missing && ` (skipped: ${missing})`}`, () => {
  let cloud: RunningCloud;
  let token: string;
  let uri: string;

  beforeAll(async () => {
    ({ cloud, token } = await cloudWithImage());
    const { response } = await deploy(cloud, token, 'POST', 'web', {
      env: [{ name: 'GREETING', value: 'hello' }],
    });
    uri = (response as { uri: string }).uri;
    cloud.iam.grant(`${SERVICES}/web`, 'roles/run.invoker', `serviceAccount:${CALLER}`);
  }, 60_000);
  afterAll(() => cloud?.close(), 30_000);

  it('answers only with an ID token for its URL, of who may invoke it', async () => {
    const nobody = await fetch(uri);
    expect(nobody.status).toBe(403);
    expect(await nobody.text()).toContain(
      'Your client does not have permission to get URL <code>/</code> from this server.',
    );
    const tokens = [
      await cloud.contracts.idTokens.sign(CALLER, 'https://else.example'),
      'not.a.token',
      token,
    ];
    for (const bad of tokens) {
      const response = await fetch(uri, { headers: { authorization: `Bearer ${bad}` } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer error="invalid_token" error_description="The access token could not be verified"',
      );
    }
    const stranger = await cloud.contracts.idTokens.sign('stranger@example.com', uri);
    expect((await fetch(uri, { headers: { authorization: `Bearer ${stranger}` } })).status).toBe(403);
    expect((await call('/cgi-bin/echo')).status).toBe(200);
  });

  it('gives the container its environment, the request and who it is from, but no signature', async () => {
    const good = await cloud.contracts.idTokens.sign(CALLER, uri);
    const seen = await (
      await call('/cgi-bin/echo?a=b', {
        method: 'POST',
        body: 'payload',
        headers: { 'x-forwarded-for': '10.0.0.1' },
      })
    ).text();
    expect(seen).toMatch(/^K_SERVICE=web$/m);
    expect(seen).toMatch(/^K_REVISION=web-00001-[a-z]{3}$/m);
    expect(seen).toMatch(/^GREETING=hello$/m);
    expect(seen).toMatch(/^QUERY_STRING=a=b$/m);
    expect(seen).toContain(`HTTP_HOST=${new URL(uri).host}`);
    expect(seen).toMatch(/^HTTP_X_FORWARDED_FOR=10\.0\.0\.1, 127\.0\.0\.1$/m);
    expect(seen).toMatch(/^HTTP_TRACEPARENT=00-[0-9a-f]{32}-[0-9a-f]{16}-01$/m);
    expect(seen).toContain('.SIGNATURE_REMOVED_BY_GOOGLE');
    expect(seen).not.toContain(good.split('.')[2]);
    expect(seen).toContain('body=payload');
  });

  it('looks at X-Serverless-Authorization alone where it is given', async () => {
    const good = await cloud.contracts.idTokens.sign(CALLER, uri);
    const headers = {
      'x-serverless-authorization': `Bearer ${good}`,
      authorization: 'Bearer of.the.application',
    };
    const seen = await (await fetch(`${uri}/cgi-bin/echo`, { headers })).text();
    expect(seen).toContain('Bearer of.the.application');
    const bad = { 'x-serverless-authorization': 'Bearer x.y.z', authorization: `Bearer ${good}` };
    expect((await fetch(uri, { headers: bad })).status).toBe(401);
  });

  it('passes an answer on as it is written', async () => {
    const response = await call('/cgi-bin/slow');
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? '').toString()).toBe('first\n');
    const second = await reader?.read();
    expect(Buffer.from(second?.value ?? '').toString()).toBe('second\n');
  });

  it('starts an instance again that has ended', async () => {
    const [id = ''] = await engine.labelled(`dev.gangway.revision=${await latest()}`);
    const killed = call('/cgi-bin/die').catch(() => undefined);
    await expect.poll(async () => (await engine.inspect(id)).running, { timeout: 5000 }).toBe(false);
    await killed;
    await call('/cgi-bin/echo');
    await expect.poll(async () => (await call('/cgi-bin/echo')).status, { timeout: 5000 }).toBe(200);
  });

  it('keeps the old revision serving when the new one does not start, and says what it wrote', async () => {
    const before = await latest();
    const { error } = await deploy(cloud, token, 'PATCH', 'web', {
      command: ['/bin/busybox', 'sh', '-c', 'echo no config; exit 3'],
    });
    expect(error).toMatchObject({ code: 9 });
    expect((error as { message: string }).message).toMatch(
      /^Revision 'web-00002-[a-z]{3}' is not ready and cannot serve traffic\. The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout\./,
    );
    expect(await logged(/no config/)).toEqual(['no config']);
    expect(await latest()).toBe(before);
    expect((await call('/cgi-bin/echo')).status).toBe(200);
  });

  it('waits no longer than the startup probe says for a container that does not listen', async () => {
    const { error } = await deploy(cloud, token, 'PATCH', 'web', {
      command: ['/bin/busybox', 'sleep', '60'],
      startupProbe: { periodSeconds: 1, failureThreshold: 1, tcpSocket: {} },
    });
    expect((error as { message: string }).message).toContain('failed to start and listen on the port');
  });

  it('moves to a new revision at the same URL, on the port it is given, and stops the old one', async () => {
    const before = await latest();
    const { response } = await deploy(cloud, token, 'PATCH', 'web', { ports: [{ containerPort: 9000 }] });
    expect(response).toMatchObject({ uri, terminalCondition: { state: 'CONDITION_SUCCEEDED' } });
    expect(await (await call('/cgi-bin/echo')).text()).toMatch(/^PORT=9000$/m);
    await expect
      .poll(() => engine.labelled(`dev.gangway.revision=${before}`), { timeout: 15_000 })
      .toEqual([]);
  }, 30_000);

  it('splits the requests as the traffic says, and brings a stopped revision back for it', async () => {
    const revisions = [...(cloud.run.find(`${SERVICES}/web`)?.revisions.keys() ?? [])].map(
      (name) => name.split('/').at(-1) ?? '',
    );
    const [first = '', last = ''] = [revisions[0], revisions.at(-1)];
    const type = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
    const traffic = [
      { type, revision: first, percent: 50 },
      { type, revision: last, percent: 50 },
    ];
    const { name } = await send(cloud, token, 'PATCH', `${SERVICES}/web?updateMask=traffic`, { traffic });
    expect(await finished(cloud, token, String(name))).toMatchObject({
      response: { trafficStatuses: traffic },
    });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => (await call('/cgi-bin/echo')).text()),
    );
    const seen = new Set(answers.map((answer) => /^K_REVISION=(.+)$/m.exec(answer)?.[1]));
    expect(seen).toEqual(new Set([first, last]));
  });

  it('lets everyone in where allUsers may invoke', async () => {
    cloud.iam.grant(`${SERVICES}/web`, 'roles/run.invoker', 'allUsers');
    expect((await fetch(`${uri}/cgi-bin/echo`)).status).toBe(200);
  });

  it('needs the service agent to be allowed to pull', async () => {
    const { cloud: other, token: theirs } = await cloudWithImage();
    try {
      const bindings = other.iam
        .get('projects/demo-project')
        .bindings.filter(({ role }) => role !== 'roles/artifactregistry.reader');
      other.iam.set('projects/demo-project', { bindings });
      const { error } = await deploy(other, theirs, 'POST', 'denied', {});
      expect((error as { message: string }).message).toContain(
        'artifactregistry.repositories.downloadArtifacts',
      );
    } finally {
      await other.close();
    }
  }, 30_000);

  it('removes its containers, those that are only starting too, and no one else’s', async () => {
    const { cloud: other, token: theirs } = await cloudWithImage();
    await deploy(other, theirs, 'POST', 'second', {});
    const second = `dev.gangway.revision=${other.run.find(`${SERVICES}/second`)?.resource.latestReadyRevision}`;
    const starting = send(
      other,
      theirs,
      'POST',
      `${SERVICES}?serviceId=third`,
      template({ command: ['/bin/busybox', 'sleep', '60'] }),
    );
    const third = async () =>
      `dev.gangway.revision=${other.run.find(`${SERVICES}/third`)?.resource.latestCreatedRevision}`;
    await starting;
    await expect.poll(async () => engine.labelled(await third()), { timeout: 10_000 }).toHaveLength(1);
    await other.close();
    expect(await engine.labelled(second)).toEqual([]);
    expect(await engine.labelled(await third())).toEqual([]);
    expect(await engine.labelled(`dev.gangway.revision=${await latest()}`)).toHaveLength(1);
  }, 60_000);

  async function call(
    path: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const authorization = `Bearer ${await cloud.contracts.idTokens.sign(CALLER, uri)}`;
    return fetch(`${uri}${path}`, { ...init, headers: { ...init.headers, authorization } });
  }

  async function logged(text: RegExp): Promise<string[]> {
    const lines = await cloud.containers.output((owner) => owner.startsWith(`${SERVICES}/web/`));
    return lines.map((line) => line.text).filter((line) => text.test(line));
  }

  async function latest(): Promise<string> {
    return cloud.run.find(`${SERVICES}/web`)?.resource.latestReadyRevision ?? '';
  }
});
