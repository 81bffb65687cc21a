import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseImage, type Engine, run, startEngine } from '@gangway/engine';
import { runAction } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI } from '../helpers/documents.ts';

// needs: base-image
// takes minutes

const root = fileURLToPath(new URL('../..', import.meta.url));
const IMAGE = 'gangway/local-cloud:test';
const BASE = 'gangway/local-cloud-base:test';
const NAME = `gangway-image-${process.pid}`;

describe('the image of the local cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-image-'));
  let engine: Engine;
  let port: number;
  let variables: Record<string, string>;
  const docker = (...args: string[]) =>
    run(engine.docker, args, { env: { ...process.env, ...engine.environment } });

  beforeAll(async () => {
    engine = await startEngine();
    // Node's own image can't be pulled everywhere: Debian with the Node that runs this.
    copyFileSync(process.execPath, join(folder, 'node'));
    writeFileSync(
      join(folder, 'Dockerfile'),
      `FROM ${await baseImage(engine)}\nCOPY node /usr/local/bin/node\n`,
    );
    await docker('build', '--tag', BASE, folder);
    const file = join(root, 'packages/cli/image/Dockerfile');
    await docker(
      'build',
      '--file',
      file,
      '--build-arg',
      `BASE=${BASE}`,
      '--tag',
      IMAGE,
      join(root, 'dist/gangway'),
    );
    port = await freePorts(20);
  });
  afterAll(async () => {
    await docker('rm', '--force', '--volumes', NAME).catch(() => undefined);
    for (const image of [IMAGE, BASE]) await docker('rmi', image).catch(() => undefined);
    await engine?.stop();
    rmSync(folder, { recursive: true });
  });

  it('starts as the documentation has it, and becomes healthy', async () => {
    const socket = engine.host.replace('unix://', '');
    const ports = `${port}-${port + 19}`;
    await docker(
      ...[
        'run',
        '--detach',
        '--name',
        NAME,
        '--stop-timeout',
        '120',
        '--publish',
        `127.0.0.1:${ports}:${ports}`,
      ],
      ...['--volume', `${socket}:/var/run/docker.sock`, IMAGE],
      // Its usual ports may be taken on this machine.
      ...['up', '--port', String(port), '--published-ports', `${port + 1}-${port + 19}`],
      ...['--docker-host', 'unix:///var/run/docker.sock', '--repository', 'example/shop'],
    );
    const health = () => docker('inspect', '--format', '{{.State.Health.Status}}', NAME);
    await expect
      .poll(async () => (await health()).trim(), { timeout: 60_000, interval: 500 })
      .toBe('healthy');
  });

  it('prints variables that are good outside of it', async () => {
    const text = await docker('exec', NAME, 'gangway', 'env', '--inline', '--format', 'json');
    variables = JSON.parse(text);
    expect(variables.GANGWAY_ORIGIN).toBe(`http://127.0.0.1:${port}`);
    // Nothing names a file of the container.
    expect(Object.entries(variables).filter(([, value]) => value.startsWith('/'))).toEqual([]);
    const headers = { authorization: `Bearer ${variables.CLOUDSDK_AUTH_ACCESS_TOKEN}` };
    const listed = await fetch(
      `${variables.GANGWAY_ORIGIN}/run/v2/projects/demo-project/locations/us-central1/services`,
      { headers },
    );
    expect(await listed.json()).toEqual({});
  });

  it('builds, runs and serves an API at its published ports, with the engine of its host', async () => {
    writeFileSync(
      join(folder, 'Dockerfile.app'),
      `FROM ${await baseImage(engine)}\nCMD ["sh", "-c", "exec python3 -m http.server $PORT"]\n`,
    );
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(FASTAPI));
    const {
      CLOUDSDK_AUTH_ACCESS_TOKEN: _,
      FLY_ACCESS_TOKEN: __,
      GANGWAY_WORKLOAD_IDENTITY_PROVIDER: workload_identity_provider = '',
      GANGWAY_SERVICE_ACCOUNT: service_account = '',
      GANGWAY_GATEWAY_SERVICE_ACCOUNT: gateway = '',
      ...env
    } = variables;
    const step = async (action: string, inputs: Record<string, string>) => {
      const result = await runAction({
        action,
        inputs: { workload_identity_provider, service_account, ...inputs },
        env: { ...env, ...engine.environment },
        workspace: folder,
      });
      expect(result.exitCode, result.log).toBe(0);
      await result.post();
      rmSync(result.temp, { recursive: true, force: true });
      return result.outputs;
    };
    const { image = '' } = await step('build-and-push', {
      image: 'us-central1-docker.pkg.dev/demo-project/apis/shop',
      file: 'Dockerfile.app',
    });
    const service = await step('deploy-cloud-run', {
      service: 'shop',
      region: 'us-central1',
      image,
      invokers: `serviceAccount:${gateway}`,
    });
    const api = await step('deploy-api-config', {
      api: 'shop',
      location: 'us-central1',
      spec: 'openapi.json',
      backend: service.url ?? '',
      gateway_service_account: gateway,
    });
    const { key = '' } = await step('create-api-key', {
      key_id: 'shop',
      services: api.managed_service ?? '',
    });
    for (const url of [service.url, api.url]) {
      const found = Number(new URL(url ?? '').port);
      expect(found).toBeGreaterThan(port);
      expect(found).toBeLessThan(port + 20);
    }
    const [path = ''] = Object.keys(FASTAPI.paths);
    const headers = { 'x-api-key': key };
    const ask = async (init: RequestInit) => (await fetch(new URL(path, api.url), init)).status;
    expect([await ask({}), await ask({ headers })]).toEqual([401, 200]);
    expect(await docker('exec', NAME, 'gangway', 'logs', 'shop')).toMatch(/GET /);
  });

  it('takes with it what it started, when it stops', async () => {
    const label = 'label=dev.gangway.revision';
    expect((await docker('ps', '--quiet', '--filter', label)).trim()).not.toBe('');
    const before = (await docker('ps', '--quiet', '--filter', label)).trim().split('\n');
    await docker('stop', NAME);
    const after = (await docker('ps', '--quiet', '--filter', label)).trim().split('\n');
    expect(after.filter((id) => before.includes(id) && id !== '').length).toBeLessThan(before.length);
    expect((await docker('inspect', '--format', '{{.State.ExitCode}}', NAME)).trim()).toBe('0');
  });

  it('names the digest of its base, and its own files alone', () => {
    const text = readFileSync(join(root, 'packages/cli/image/Dockerfile'), 'utf8');
    expect(text).toMatch(/^ARG BASE=node:24\S*@sha256:[0-9a-f]{64}$/m);
    expect(text.match(/^(COPY|ADD) .*/gm)).toEqual(['COPY . /opt/gangway/']);
  });
});

/** The first of so many ports in a row that nobody listens at. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await listening(0, (port) => port);
    const others = Array.from({ length: count - 1 }, (_, index) => first + 1 + index);
    const taken = await Promise.all(others.map((port) => listening(port, () => 0).catch(() => 1)));
    if (first + count < 65_535 && taken.every((one) => one === 0)) return first;
  }
}

function listening(port: number, then: (port: number) => number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const found = then((server.address() as AddressInfo).port);
      server.close(() => resolve(found));
    });
  });
}
