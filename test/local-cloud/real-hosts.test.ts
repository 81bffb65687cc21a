// takes minutes
// needs: gcloud, flyctl
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { environment, type RunningCloud, startCloud, writeEnvironmentFiles } from '@gangway/emulator';
import { find } from '@gangway/engine';
import { runAction } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let cloud: RunningCloud;
let folder: string;
let env: Record<string, string>;
let token: string;
beforeAll(async () => {
  cloud = await startCloud({ realHosts: true, simulateMachines: true });
  folder = await mkdtemp(join(tmpdir(), 'gangway-hosts-'));
  const files = await writeEnvironmentFiles(cloud, folder);
  env = { PATH: process.env.PATH ?? '', HOME: folder, ...environment(cloud, files) };
  token = await readFile(files.accessToken, 'utf8');
});
afterAll(async () => {
  await cloud?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const PROJECT = 'projects/demo-project';
const SERVICES = `https://run.googleapis.com/v2/${PROJECT}/locations/us-central1/services`;

/** Names as their clients know them, and what of the answer shows that it is the local cloud's. */
const NAMES: readonly [url: string, status: number, shows: RegExp][] = [
  [SERVICES, 200, /\{/],
  [
    'https://us-central1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/demo-project/services',
    200,
    /ServiceList/,
  ],
  ['https://us-central1-docker.pkg.dev/v2/_catalog', 200, /repositories/],
  [`https://cloudresourcemanager.googleapis.com/v1/projects/demo-project`, 200, /123456789012/],
  ['https://api.machines.dev/v1/apps?org_slug=personal', 401, /unauthorized/],
  ['https://api.fly.io/v1/apps?org_slug=personal', 401, /unauthorized/],
  ['https://pubsub.googleapis.com/v1/projects/demo-project/topics', 404, /The local cloud has no such API/],
];

/** The programs that people ask with, each printing the status and the text of an answer. */
const CLIENTS: readonly [program: string, args: (url: string) => readonly string[]][] = [
  ['curl', (url) => ['-sS', '-w', '\n%{http_code}', '-H', `Authorization: Bearer ${token}`, url]],
  [
    'python3',
    (url) => [
      '-c',
      `import sys, urllib.request, urllib.error
request = urllib.request.Request(sys.argv[1], headers={'Authorization': 'Bearer ' + sys.argv[2]})
try:
    answer = urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    answer = error
print(answer.read().decode())
print(answer.status)`,
      url,
      token,
    ],
  ],
  [
    process.execPath,
    (url) => [
      '-e',
      `fetch(process.argv[1], { headers: { authorization: 'Bearer ' + process.argv[2] } })
  .then(async (answer) => console.log(await answer.text() + '\\n' + answer.status))`,
      url,
      token,
    ],
  ],
];

describe.each(CLIENTS)('%s', (program, args) => {
  it.skipIf(!isThere(program))('asks for the real names, and trusts what answers', async () => {
    for (const [url, status, shows] of NAMES) {
      const { code, output } = await run(program, args(url));
      expect([url, code, output.trim().split('\n').at(-1)]).toEqual([url, 0, String(status)]);
      expect(output).toMatch(shows);
    }
  });

  it.skipIf(!isThere(program))('is refused at once for any other name', async () => {
    const begun = performance.now();
    const { code, output } = await run(program, args('https://example.com/'));
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(code).not.toBe(0);
    expect(output).toMatch(/403|proxy|fetch failed/i);
  });
});

it('tells a client in JSON that a name is not served, and asks nobody', async () => {
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  let asked = 0;
  stranger.on('connection', () => {
    asked += 1;
  });
  const { port } = stranger.address() as { port: number };
  for (const authority of [
    'example.com:443',
    `localhost.example.com:${port}`,
    'metadata.google.internal:80',
  ]) {
    const answer = await connectTo(authority);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Not served by the local cloud\r\n/);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ error: { code: 403 } });
  }
  expect(asked).toBe(0);
  stranger.close();
});

it('answers TLS on its port as well, for who finds it by a hosts file', async () => {
  const { port } = new URL(cloud.origin);
  const socket = connectTls({
    host: '127.0.0.1',
    port: Number(port),
    servername: 'run.googleapis.com',
    ca: cloud.authority ?? '',
  });
  socket.end(
    `GET ${new URL(SERVICES).pathname} HTTP/1.1\r\nHost: run.googleapis.com\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
  );
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

describe('gcloud', () => {
  it('works without a single override', async () => {
    expect(Object.keys(env).filter((name) => name.includes('OVERRIDE'))).toEqual([]);
    const made = 'artifacts repositories create real --repository-format=docker --location=us-central1';
    expect(await gcloud(made)).toMatchObject({ code: 0 });
    expect(
      (await gcloud('artifacts repositories list --location=us-central1 --format=value(name)')).output,
    ).toMatch(/real/);
    expect(await gcloud('run services list --region=us-central1')).toMatchObject({ code: 0 });
    expect((await gcloud('services list --enabled --format=value(config.name)')).output).toMatch(
      /run\.googleapis\.com/,
    );
  });

  it('is told of an API that is not there', async () => {
    const { code, output } = await gcloud('dns managed-zones list');
    expect(code).not.toBe(0);
    expect(output).toMatch(/local cloud has no such API/i);
  });
});

it('lets flyctl work by the real names', async () => {
  expect(Object.keys(env).filter((name) => /^FLY_.*_BASE_URL$/.test(name))).toEqual([]);
  env.FLY_NO_UPDATE_CHECK = '1';
  // A development build panics without it (fly-go, statuslogger).
  env.FLYCTL_STATUSLOGGER_NO_ERROR = '1';
  expect(await run('flyctl', ['apps', 'create', 'real', '--org', 'personal'])).toMatchObject({ code: 0 });
  const { code, output } = await run('flyctl', ['machine', 'list', '--app', 'real']);
  expect([code, output]).toEqual([0, expect.stringContaining('No machines are available on this app real')]);
});

it('lets an action sign in and work by the real names', async () => {
  const result = await runAction({
    action: 'enable-service',
    inputs: {
      services: 'secretmanager.googleapis.com',
      workload_identity_provider: env.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
      service_account: env.GANGWAY_SERVICE_ACCOUNT ?? '',
    },
    env,
    workspace: folder,
    temp: join(folder, 'runner'),
  });
  expect(result.exitCode, result.log).toBe(0);
  const asked = cloud.requests.filter(({ service }) => service === 'serviceusage.googleapis.com');
  expect(asked.length).toBeGreaterThan(0);
});

function isThere(program: string): boolean {
  return isAbsolute(program) || find(program).length > 0;
}

function gcloud(command: string) {
  return run('gcloud', [...command.split(' '), '--project=demo-project']);
}

function run(program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(program, [...args], { env, cwd: folder, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error ? Number((error as { code?: unknown }).code) || 1 : 0;
      resolve({ code, output: `${stderr}${stdout}` });
    });
  });
}

async function connectTo(authority: string): Promise<string> {
  const socket = connect(Number(new URL(cloud.origin).port), '127.0.0.1');
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}
