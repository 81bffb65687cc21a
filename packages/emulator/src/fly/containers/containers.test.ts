import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUSYBOX, type FlyBench, flyBench, missingFlyctl, pushFlyImage } from '../../../test/fly.ts';
import { Engine } from '../../docker/engine.ts';
import type { Machine } from '../machines/machine.ts';
import { flyProvider } from '../seed.ts';

// needs: engine, busybox
// some tests need: flyctl

const missing = await whatIsMissing();
const noFlyctl = await missingFlyctl();
const QUICK = ['--smoke-checks=false', '--dns-checks=false', '--deploy-retries=0', '--yes', '--ha=false'];
const SERVICES = [
  {
    protocol: 'tcp',
    internal_port: 8080,
    autostart: true,
    ports: [{ port: 443, handlers: ['tls', 'http'] }],
    checks: [{ type: 'http', path: '/', interval: '1s', timeout: '1s' }],
  },
];

describe.skipIf(missing)(
  `machines as containers${missing && ` (skipped: ${missing})`}`,
  { timeout: 60_000 },
  () => {
    let bench: FlyBench;
    let image: string;

    beforeAll(async () => {
      bench = await flyBench({});
      await bench.call('POST', '/v1/apps', { name: 'web', org_slug: 'personal' });
      image = await pushFlyImage(bench, 'web', 'one');
    }, 60_000);
    afterAll(() => bench?.close(), 60_000);

    async function start(config: Record<string, unknown>): Promise<Machine> {
      const response = await bench.call('POST', '/v1/apps/web/machines', { config: { image, ...config } });
      const { id } = (await response.json()) as { id: string };
      const machine = bench.cloud.fly.app('web').machines.get(id);
      if (!machine) throw new Error('not created');
      return machine;
    }

    function shell(script: string, config: Record<string, unknown> = {}): Promise<Machine> {
      return start({ init: { cmd: ['sh', '-c', script] }, restart: { policy: 'no' }, ...config });
    }

    async function logOf({ id }: Machine): Promise<string[]> {
      const response = await bench.call('GET', `/api/v1/apps/web/logs?instance=${id}`);
      const { data } = (await response.json()) as { data: { attributes: { message: string } }[] };
      return data.map(({ attributes }) => attributes.message);
    }

    function exitOf({ events }: Machine) {
      return events.find(({ type }) => type === 'exit')?.request?.exit_event;
    }

    async function exec({ id }: Machine, ...command: string[]) {
      const response = await bench.call('POST', `/v1/apps/web/machines/${id}/exec`, { command });
      return (await response.json()) as { exit_code: number; stdout: string; stderr: string };
    }

    it('find their environment, their secrets and their files, and log what they write', async () => {
      await bench.call('POST', '/v1/apps/web/secrets', {
        values: { PASSWORD: 'hunter2', PACKED: Buffer.from('packed').toString('base64') },
      });
      const machine = await shell('env; cat /etc/app/greeting /etc/app/packed; echo to stderr >&2; exit 7', {
        env: { A: 'b', PRIMARY_REGION: 'iad' },
        metadata: { fly_process_group: 'app' },
        files: [
          { guest_path: '/etc/app/greeting', raw_value: Buffer.from('hello\n').toString('base64') },
          { guest_path: '/etc/app/packed', secret_name: 'PACKED' },
        ],
      });
      await expect.poll(() => machine.state, { timeout: 20_000 }).toBe('stopped');
      const lines = await logOf(machine);
      expect(lines).toEqual(
        expect.arrayContaining([
          'A=b',
          'PASSWORD=hunter2',
          'FLY_APP_NAME=web',
          `FLY_MACHINE_ID=${machine.id}`,
          'FLY_PROCESS_GROUP=app',
          'FLY_REGION=iad',
          'FLY_IMAGE_REF=registry.fly.io/web:one',
          'hello',
          'to stderr',
          'Main child exited normally with code: 7',
        ]),
      );
      expect(exitOf(machine)).toMatchObject({ exit_code: 7, oom_killed: false, requested_stop: false });
    });

    it('are killed when they take more memory than they have', async () => {
      const machine = await shell('x=$(/bin/busybox yes | /bin/busybox head -c 200000000)', {
        guest: { memory_mb: 16 },
      });
      await expect.poll(() => machine.state, { timeout: 30_000 }).toBe('stopped');
      expect(exitOf(machine)).toMatchObject({ oom_killed: true });
      expect(await logOf(machine)).toContain('Out of memory: Killed process');
    });

    it('stop with their signal, or after their timeout without mercy', async () => {
      const polite = await shell('trap "echo bye; exit 0" TERM; while :; do /bin/busybox sleep 0.1; done', {
        stop_config: { signal: 'SIGTERM', timeout: '5s' },
      });
      const deaf = await shell('trap "" TERM; while :; do /bin/busybox sleep 0.1; done', {
        stop_config: { signal: 'SIGTERM', timeout: '1s' },
      });
      for (const machine of [polite, deaf])
        await expect.poll(() => machine.state, { timeout: 20_000 }).toBe('started');
      // A shell needs a moment until its trap is set.
      await new Promise((resolve) => setTimeout(resolve, 500));
      for (const { id } of [polite, deaf]) await bench.call('POST', `/v1/apps/web/machines/${id}/stop`);
      for (const machine of [polite, deaf])
        await expect.poll(() => machine.state, { timeout: 20_000 }).toBe('stopped');
      expect(exitOf(polite)).toMatchObject({ exit_code: 0, requested_stop: true });
      expect(await logOf(polite)).toContain('bye');
      expect(exitOf(deaf)).toMatchObject({ exit_code: 137, requested_stop: true });
    });

    it('answer behind the app’s URL while their checks pass, and are started by a request', async () => {
      const machine = await start({ services: SERVICES });
      await expect
        .poll(() => machine.checks.map(({ status, output }) => [status, output]), { timeout: 20_000 })
        .toEqual([['passing', '200 OK']]);
      const { url = '' } = machine.app;
      expect(await (await fetch(url)).text()).toBe('one\n');
      // By its name, on the cloud's own port.
      expect(await byName(bench.cloud.origin, 'web.fly.dev')).toBe('one\n');
      const processes = (await (
        await bench.call('GET', `/v1/apps/web/machines/${machine.id}/ps`)
      ).json()) as object[];
      expect(processes[0]).toMatchObject({
        listen_sockets: [{ proto: 'tcp', address: expect.stringContaining(':8080') }],
      });
      await exec(machine, BUSYBOX, 'rm', '/www/index.html');
      await expect.poll(() => machine.checks[0]?.status, { timeout: 10_000 }).toBe('critical');
      expect((await fetch(url)).status).toBe(503);
      await bench.call('POST', `/v1/apps/web/machines/${machine.id}/stop`);
      await expect.poll(() => machine.state, { timeout: 20_000 }).toBe('stopped');
      // A new container has the page again.
      expect((await fetch(url)).status).toBe(200);
      expect(machine.state).toBe('started');
      await bench.call('DELETE', `/v1/apps/web/machines/${machine.id}?force=true`);
    });

    it('are reached by the app’s name at each port that it has, and at no other', async () => {
      const echo = "printf '#!/bin/busybox sh\\nexec /bin/busybox cat\\n' > /echo && chmod +x /echo";
      const listen = `${echo} && nc -ll -p 5432 -e /echo & exec httpd -f -p 8080 -h /www`;
      const machine = await shell(listen, {
        services: [
          { internal_port: 5432, ports: [{ port: 5432 }] },
          {
            internal_port: 8080,
            ports: [
              { port: 80, handlers: ['http'] },
              { port: 8443, handlers: ['tls', 'http'] },
            ],
          },
        ],
      });
      await expect.poll(() => machine.run?.port(5432), { timeout: 20_000 }).toBeGreaterThan(0);
      const get = 'GET / HTTP/1.1\r\nHost: web.fly.dev\r\nConnection: close\r\n\r\n';
      await expect.poll(() => through(80, get), { timeout: 20_000 }).toContain('one');
      expect(await through(8443, get)).toContain('one');
      // What it sends comes back: nothing of HTTP is in between.
      expect(await through(5432, 'hello\n')).toBe('hello\n');
      expect(await through(5433, get)).toBe('403');
      expect(await through(443, get, 'nobody.fly.dev')).toBe('403');
      await bench.call('DELETE', `/v1/apps/web/machines/${machine.id}?force=true`);
    });

    /** What comes back through a tunnel; the status of one that is refused. */
    async function through(port: number, sent: string, host = 'web.fly.dev'): Promise<string> {
      const path = `${host}:${port}`;
      const asked = request(bench.cloud.origin, { method: 'CONNECT', path }).end();
      const [answer, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket];
      if (answer.statusCode !== 200) return String(answer.statusCode);
      socket.write(sent);
      // A web server takes the end of what it is sent for the end of its client.
      if (!sent.startsWith('GET')) socket.end();
      return text(socket);
    }

    it('get an ID token at /.fly/api that Google takes for the app', async () => {
      const machine = await shell('/bin/busybox sleep 60');
      await expect.poll(() => machine.state, { timeout: 20_000 }).toBe('started');
      const provider = flyProvider(bench.cloud, { slug: 'personal' });
      const listed = await exec(machine, BUSYBOX, 'ls', '-l', '/.fly/api');
      expect(listed.stdout).toMatch(/^srw-rw-rw-/);
      const asked = JSON.stringify({ aud: `https://iam.googleapis.com/${provider}` });
      const token = await post(await socketOf(machine), '/v1/tokens/oidc', asked);
      expect(decodeJwt(token)).toMatchObject({
        iss: 'https://oidc.fly.io/personal',
        sub: `personal:web:${machine.name}`,
        app_name: 'web',
        machine_id: machine.id,
        image_digest: machine.image.digest,
        region: 'iad',
      });
      const exchanged = await fetch(`${bench.cloud.origin}/v1/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
          subject_token: token,
          audience: `//iam.googleapis.com/${provider}`,
          scope: 'https://www.googleapis.com/auth/cloud-platform',
        }),
      });
      const { access_token } = (await exchanged.json()) as { access_token: string };
      const pool = `iam.googleapis.com/${provider.replace(/\/providers.*/, '')}`;
      expect(bench.cloud.tokens.verify(access_token)?.memberOf).toContain(
        `principalSet://${pool}/attribute.app_name/web`,
      );
      await bench.call('DELETE', `/v1/apps/web/machines/${machine.id}?force=true`);
    });

    it.skipIf(noFlyctl)(`run what flyctl builds here${noFlyctl && ` (skipped: ${noFlyctl})`}`, async () => {
      await bench.flyctl(['apps', 'create', 'built', '--org', 'personal']);
      await bench.configure('built', '[build]\n');
      const dockerfile =
        'FROM scratch\nCOPY busybox /bin/busybox\nENTRYPOINT ["/bin/busybox"]\nCMD ["sleep", "60"]\n';
      await writeFile(join(bench.folder, 'Dockerfile'), dockerfile);
      await writeFile(join(bench.folder, '.dockerignore'), '*\n!busybox\n');
      await copyFile(BUSYBOX, join(bench.folder, 'busybox'));
      const env = process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {};
      const { code, output } = await bench.flyctl(['deploy', '--local-only', ...QUICK], { env });
      expect({ code, output }).toMatchObject({ code: 0 });
      const [machine] = bench.cloud.fly.app('built').machines.values();
      const { registry, repository, tag } = machine?.image ?? {};
      expect(registry).toBe(new URL(bench.cloud.origin).host);
      expect(machine?.state).toBe('started');
      await new Engine().untag(`${registry}/${repository}:${tag}`);
    });

    it.skipIf(noFlyctl)(
      `show flyctl a release command’s output and exit code${noFlyctl && ` (skipped: ${noFlyctl})`}`,
      async () => {
        await bench.flyctl(['apps', 'create', 'migrating', '--org', 'personal']);
        const one = await pushFlyImage(bench, 'migrating', 'one');
        const withCommand = (command: string) =>
          bench.configure(
            'migrating',
            `[deploy]\n  release_command = "sh -c '${command}'"\n[[services]]\n  internal_port = 8080\n  protocol = "tcp"\n  [[services.ports]]\n    port = 80\n`,
          );
        await withCommand('echo migrated; exit 0');
        expect(await bench.flyctl(['deploy', '--image', one, ...QUICK])).toMatchObject({ code: 0 });
        const two = await pushFlyImage(bench, 'migrating', 'two');
        await withCommand('echo column exists already; exit 4');
        const failed = await bench.flyctl(['deploy', '--image', two, ...QUICK]);
        expect(failed.code).toBe(1);
        expect(failed.output).toContain('column exists already');
        expect(failed.output).toContain('exited with non-zero status of 4');
        const tags = [...bench.cloud.fly.app('migrating').machines.values()].flatMap(
          ({ state, image: { tag } }) => (state === 'started' ? [tag] : []),
        );
        expect(tags).toEqual(['one']);
      },
    );
  },
);

/** Where on this machine the socket is that the container has as `/.fly/api`: no small client speaks to it inside. */
async function socketOf({ id }: Machine): Promise<string> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`dev.gangway.machine=${id}`] }));
  const [container] = (await new Engine().connection.json('GET', `/containers/json?filters=${filters}`)) as {
    Mounts: { Source: string; Destination: string }[];
  }[];
  const mount = container?.Mounts.find(({ Destination }) => Destination === '/.fly');
  return `${mount?.Source}/api`;
}

function post(socketPath: string, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: 'POST' }, (response) =>
      text(response).then(resolve, reject),
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

async function whatIsMissing(): Promise<string> {
  if (!existsSync(BUSYBOX)) return 'no static busybox';
  return new Engine().ping().then(
    () => '',
    (error: Error) => error.message,
  );
}

/** Asks the cloud for a host of its own. */
async function byName(origin: string, host: string): Promise<string> {
  const sent = request(origin, { headers: { host } });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return text(response);
}
