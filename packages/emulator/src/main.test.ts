import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let folder: string;
let running: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
  await mkdir(join(folder, 'tmp'));
  running = [];
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--', MAIN, ...args], {
    env: { ...process.env, TMPDIR: join(folder, 'tmp') },
  });
  running.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const closed = once(child, 'close').then(([code]) => ({ code: code as number, output }));
  return { child, closed };
}

async function exports(path: string): Promise<Record<string, string>> {
  while (!existsSync(path)) await sleep(20);
  const lines = (await readFile(path, 'utf8')).matchAll(/^export (\w+)='(.*)'$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

describe('the command', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves what the file says and leaves nothing behind after %s',
    async (signal) => {
      const path = join(folder, 'env');
      const { child, closed } = start('--env-file', path, '--project', 'my-project');
      const variables = await exports(path);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      // What google-github-actions/auth needs; with the name of IAM overridden too, it would ask for another audience.
      expect(Object.keys(variables).filter((name) => name.startsWith('GHA_ENDPOINT_OVERRIDE'))).toEqual(
        expect.arrayContaining(['GHA_ENDPOINT_OVERRIDE_sts', 'GHA_ENDPOINT_OVERRIDE_iamcredentials']),
      );
      expect(variables).not.toHaveProperty('GHA_ENDPOINT_OVERRIDE_iam');
      const file = variables.CLOUDSDK_AUTH_ACCESS_TOKEN_FILE ?? '';
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const answer = await fetch(
        `${variables.CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE}v1/projects/my-project/services`,
        {
          headers: { authorization: `Bearer ${await readFile(file, 'utf8')}` },
        },
      );
      expect(answer.status).toBe(200);
      const idToken = await fetch(`${variables.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=a`, {
        headers: { authorization: `Bearer ${variables.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
      });
      expect(await idToken.json()).toHaveProperty('value');
      child.kill(signal);
      // As when npm passes on what the terminal has sent already.
      child.kill(signal);
      const { code, output } = await closed;
      expect(code).toBe(0);
      expect(output).toContain(`ready at http://${variables.GANGWAY_REGISTRY_HOST}`);
      expect(output).toContain(`source ${path}`);
      expect(existsSync(path)).toBe(false);
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    },
  );

  it('ends within ten seconds of one signal when an engine no longer answers, and says what it could not remove', async () => {
    const engine = await hangingEngine();
    try {
      const path = join(folder, 'env');
      const { child, closed } = start('--env-file', path, '--docker-host', engine.host, '--verbose');
      const { FLY_API_BASE_URL = '', FLY_CONFIG_DIR = '' } = await exports(path);
      const config = await readFile(join(FLY_CONFIG_DIR, 'config.yml'), 'utf8');
      const headers = {
        authorization: `Bearer ${/^access_token: (.*)$/m.exec(config)?.[1]}`,
        'content-type': 'application/json',
      };
      const post = (route: string, body: object) =>
        fetch(`${FLY_API_BASE_URL}${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect((await post('/v1/apps', { app_name: 'hung', org_slug: 'personal' })).status).toBe(201);
      await post('/v1/apps/hung/machines', { config: { image: 'docker.io/library/busybox:1' } });
      while (!engine.calls.some((call) => call.endsWith('/start'))) await sleep(20);
      const begun = performance.now();
      child.kill('SIGTERM');
      const { code, output } = await closed;
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(code).toBe(1);
      expect(output).toContain(
        'emulator: could not remove image docker.io/library/busybox:1, container c0ffee',
      );
      expect(output).toMatch(/ 201 \d+ ms {2}POST api\.machines\.dev \/v1\/apps {2}node/);
    } finally {
      engine.close();
    }
  });

  it('says so when the port is in use', async () => {
    const path = join(folder, 'env');
    start('--env-file', path);
    const port = (await exports(path)).GANGWAY_REGISTRY_HOST?.split(':')[1] ?? '';
    const { code, output } = await start('--port', port).closed;
    expect(code).toBe(1);
    expect(output).toBe(
      `emulator: port ${port} is in use; give --port another one, or none for a free one\n`,
    );
  });

  it('explains itself and its mistakes', async () => {
    expect(await start('--help').closed).toMatchObject({
      code: 0,
      output: expect.stringContaining('--operation-time MS'),
    });
    const wrong = await start('--port', 'x').closed;
    expect(wrong).toMatchObject({
      code: 2,
      output: expect.stringMatching(/^emulator: --port must be .*\nRun with --help/),
    });
  });
});

/** A Docker engine that runs a container and answers nothing that would end it. */
async function hangingEngine() {
  const calls: string[] = [];
  let pulled = false;
  const server = createServer((request, response) => {
    const call = `${request.method} ${(request.url ?? '').replace(/\?.*$/, '')}`;
    calls.push(call);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.method === 'DELETE' || /\/(?:wait|logs|stop|kill)$/.test(call)) return;
    if (call === 'POST /images/create') pulled = true;
    if (/^GET \/images\/.*\/json$/.test(call)) {
      if (!pulled) return answer(404, { message: 'No such image' });
      return answer(200, { RepoDigests: [`busybox@sha256:${'0'.repeat(64)}`], Size: 1 });
    }
    if (call === 'GET /containers/json') return answer(200, [{ Id: 'c0ffee' }]);
    if (call === 'POST /containers/create') return answer(201, { Id: 'c0ffee' });
    return answer(200, {
      NCPU: 1,
      Id: 'c0ffee',
      State: { Running: true, ExitCode: 0, Pid: 0 },
      NetworkSettings: { Ports: {} },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
