import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const GANGWAY = fileURLToPath(new URL('../../dist/gangway/index.js', import.meta.url));

const root = mkdtempSync(join(tmpdir(), 'gangway-up-'));
const [first, second] = ['first', 'second'].map((name) => join(root, name)) as [string, string];
// Nothing of the person's is read, and no engine is looked for: nothing here runs a container.
const env = { PATH: process.env.PATH, HOME: root, DOCKER_HOST: 'unix:///nowhere/docker.sock' };

function gangway(folder: string, ...args: string[]) {
  return spawnSync(process.execPath, [GANGWAY, ...args], { cwd: folder, env, encoding: 'utf8' });
}

/** Variables of the local cloud of a folder. */
function variables(folder: string): Record<string, string> {
  return JSON.parse(gangway(folder, 'env', '--format', 'json').stdout);
}

function statusOf(folder: string, path: string): Promise<number> {
  const { GANGWAY_ORIGIN: origin, CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: file = '' } = variables(folder);
  const headers = { authorization: `Bearer ${readFileSync(file, 'utf8')}` };
  // A connection of its own: a reset closes those that are open.
  return new Promise((resolve, reject) => {
    get(`${origin}${path}`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });
}

const SERVICES = '/serviceusage/v1/projects/my-project/services';

beforeAll(() => {
  for (const folder of [first, second]) mkdirSync(folder);
  mkdirSync(join(first, 'below'));
  writeFileSync(
    join(first, 'seed.yaml'),
    'service_accounts: [run-time]\nrepositories: [europe-west1/shop]\nsecrets: { api-key: made-up }\nfly_apps: [shop]\n',
  );
});
afterAll(() => {
  for (const folder of [first, second]) gangway(folder, 'down');
  rmSync(root, { recursive: true });
});

describe('gangway up', () => {
  it('starts a local cloud for each of several folders, which commands find from below', () => {
    const up = gangway(first, 'up', '--detach', '--project', 'my-project', '--seed', 'seed.yaml');
    expect(up).toMatchObject({ status: 0, stdout: expect.stringContaining('is ready at http://127.0.0.1:') });
    expect(up.stderr).toContain("Containers can't start without a Docker engine");
    expect(gangway(second, 'up', '-d').status).toBe(0);
    expect(variables(first).GANGWAY_ORIGIN).not.toBe(variables(second).GANGWAY_ORIGIN);
    expect(variables(join(first, 'below')).GANGWAY_ORIGIN).toBe(variables(first).GANGWAY_ORIGIN);
    expect(gangway(first, 'up').stderr).toMatch(/A local cloud runs for .*first at .*gangway down/);
  });

  it('has what the seed file names', () => {
    const { resources, ...status } = JSON.parse(gangway(first, 'status', '--json').stdout);
    expect(status).toMatchObject({ project: 'my-project', repository: 'local/first' });
    expect(resources.repositories).toEqual([
      { name: 'projects/my-project/locations/europe-west1/repositories/shop', images: 0 },
    ]);
    expect(resources.apps).toMatchObject([{ name: 'shop' }]);
  });

  it('lets requests fail, and shows them', async () => {
    const add = gangway(first, 'fault', 'add', 'GET .*/services', '--status', '503', '--times', '2');
    expect(add.stdout).toContain('2x  /GET .*\\/services/  status 503');
    expect(await statusOf(first, SERVICES)).toBe(503);
    expect(gangway(first, 'fault', 'list').stdout).toContain('1x ');
    expect(gangway(first, 'fault', 'clear').stdout).toBe('1 fault cleared.\n');
    expect(await statusOf(first, SERVICES)).toBe(200);
    const requests = gangway(first, 'logs', 'serviceusage', '--requests', '--json').stdout.trim().split('\n');
    expect(requests.map((line) => JSON.parse(line).status)).toEqual([503, 200]);
    expect(gangway(first, 'logs', 'nobody').stderr).toContain('No service, job or app is named "nobody"');
  });

  it('moves its time, in which tokens expire, and is put back at the same address', async () => {
    const before = variables(first).GANGWAY_ORIGIN;
    const now = Date.parse(gangway(first, 'time').stdout.trim());
    const later = Date.parse(gangway(first, 'time', 'advance', '24h').stdout.trim());
    expect(later - now).toBeGreaterThanOrEqual(24 * 3_600_000);
    expect(await statusOf(first, SERVICES)).toBe(401);
    expect(gangway(first, 'reset').status).toBe(0);
    expect(variables(first).GANGWAY_ORIGIN).toBe(before);
    expect(await statusOf(first, SERVICES)).toBe(200);
    const { resources } = JSON.parse(gangway(first, 'status', '--json').stdout);
    expect(resources.repositories).toHaveLength(1);
  });

  it('prints variables for each shell, in files that only their owner reads', () => {
    expect(gangway(first, 'env').stdout).toMatch(/^export GANGWAY_ORIGIN='http:/m);
    expect(gangway(first, 'env', '--format', 'fish').stdout).toMatch(/^set -gx GANGWAY_ORIGIN 'http:/m);
    const token = variables(first).CLOUDSDK_AUTH_ACCESS_TOKEN_FILE ?? '';
    expect(statSync(token).mode & 0o777).toBe(0o600);
  });

  it('stops one and leaves the other, and nothing of it behind', async () => {
    const { GANGWAY_ORIGIN: origin = '', CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token = '' } = variables(first);
    expect(gangway(first, 'down').status).toBe(0);
    expect(existsSync(token)).toBe(false);
    await expect(fetch(origin)).rejects.toThrow();
    expect(gangway(first, 'status').stderr).toMatch(/No local cloud runs for .*gangway up --detach/);
    expect(gangway(second, 'status').status).toBe(0);
  });

  it('prints each request in the foreground, until a signal ends it', async () => {
    const child = spawn(process.execPath, [GANGWAY, 'up', '--verbose'], { cwd: first, env });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    await expect.poll(() => output, { timeout: 20_000 }).toContain('Control-C stops it.');
    await fetch(`${variables(first).GANGWAY_ORIGIN}/nowhere`);
    await expect.poll(() => output).toMatch(/404 +GET +\/nowhere/);
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
    expect(child.exitCode).toBe(0);
  });
});

describe('gangway up --data', () => {
  const third = join(root, 'third');
  const PASSWORD = '/secretmanager/v1/projects/my-project/secrets/password';

  it('has everything again at the same address, until it is reset', async () => {
    mkdirSync(third);
    writeFileSync(
      join(third, 'seed.yaml'),
      'secrets: { password: made-up }\napis: [secretmanager.googleapis.com]\n',
    );
    const data = join(third, 'kept');
    const up = (...more: string[]) => gangway(third, 'up', '--detach', '--data', 'kept', ...more);
    const first = up('--project', 'my-project', '--seed', 'seed.yaml');
    expect(first.stdout).toMatch(/console {5}http:\/\/127\.0\.0\.1:\d+\/\n/);
    const { GANGWAY_ORIGIN: origin } = variables(third);
    const other = gangway(second, 'up', '--detach', '--data', data);
    gangway(second, 'down');
    const refused = gangway(second, 'up', '--detach', '--data', data);
    expect(other.stderr + refused.stderr).toMatch(/kept is in use by the local cloud of process \d+/);
    expect(gangway(third, 'down').status).toBe(0);
    expect(up().stdout).toContain(`is ready at ${origin}`);
    expect(await statusOf(third, PASSWORD)).toBe(200);
    expect(gangway(third, 'reset').status).toBe(0);
    expect(await statusOf(third, PASSWORD)).not.toBe(200);
    expect(gangway(third, 'down').status).toBe(0);
    expect(up('--project', 'other-project').stderr).toContain(
      'holds the project my-project (123456789012), not other-project',
    );
  });
});

describe('what is in the way', () => {
  it('is a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const child = spawn(process.execPath, [GANGWAY, 'up', '-d', '--port', String(port)], { cwd: first, env });
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    await new Promise((resolve) => child.once('close', resolve));
    server.close();
    expect(said).toBe(
      `error: Port ${port} is in use. Give --port another one, or leave it out for a free one.\n`,
    );
  });

  it.each([
    [['up', '--port', 'x'], /A port is a whole number/],
    [['up', '--seed', 'gone.yaml'], /--seed gone\.yaml can't be read/],
    [['up', '--seed', 'wrong.yaml'], /"accounts" is no key of a seed file/],
    [['up', '--project', 'X'], /--project X: a project id has/],
    [['time', 'advance', 'soon'], /A duration is like 90s/],
    [['fault', 'add', 'GET ('], /not a regular expression/],
    [['fault', 'add', 'GET /'], /Nothing would happen/],
    [['run'], /is not in a Git repository. Create one: git init/],
    [['deploy'], /has no Dockerfile/],
  ])('%j', (args, message) => {
    writeFileSync(join(first, 'wrong.yaml'), 'accounts: []\n');
    expect(gangway(first, ...args)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  it('is all named at once before a run starts: no engine, no act, and an action that is not there', () => {
    mkdirSync(join(second, '.github/workflows'), { recursive: true });
    const path = join(second, '.github/workflows/deploy.yml');
    const job = 'jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: acme/tool@v1\n';
    writeFileSync(path, `on: push\n${job}`);
    spawnSync('git', ['init', '--quiet'], { cwd: second });
    const bare = { ...env, PATH: '/usr/bin:/bin', GANGWAY_LEFT_PROGRAMS: 'act go' };
    const run = () =>
      spawnSync(process.execPath, [GANGWAY, 'run'], { cwd: second, env: bare, encoding: 'utf8' });
    const { status, stderr } = run();
    expect(status).toBe(2);
    expect(stderr).toMatch(/acme\/tool@v1, which is not on this machine.*--fetch/);
    expect(stderr).toMatch(/There is no act.*Install act/);
    expect(stderr).toMatch(/No Docker engine answers at DOCKER_HOST=unix:\/\/\/nowhere/);
    writeFileSync(path, `on: push\n${job.replace('runs-on', 'run-on')}`);
    expect(run().stderr).toMatch(/deploy\.yml does not parse:\n {2}line \d+: .*run-on/);
  });
});
