import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningCloud, startCloud } from '@gangway/emulator';
import { find, run } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { type MachineOptions, startMachine } from '../helpers/s6/machine.ts';
import { readTree } from '../helpers/s6/tree.ts';

// needs: s6
// some tests need: elixir

const example = fileURLToPath(new URL('../../examples/phoenix-on-fly', import.meta.url));
const rootfs = join(example, 'rootfs');
const SERVICES = 'etc/s6-overlay/s6-rc.d';

describe('the service tree', () => {
  it('is what s6-rc-compile takes, and starts the app last', () => {
    const { problems, order } = readTree(rootfs);
    expect(problems).toEqual([]);
    expect(order.map(({ name }) => name)).toEqual(['fly-oidc', 'migrate', 'app']);
  });

  it.each([
    ['a type that is none', 'app/type', 'daemon', 'app/type is "daemon"'],
    [
      'a dependency that is none',
      'app/dependencies.d/databse',
      '',
      'app names databse, which is no service.',
    ],
    ['a circle', 'migrate/dependencies.d/app', '', 'app needs migrate needs app: none could ever start.'],
    ['a script as up', 'migrate/up', '#!/bin/sh\nmigrate', 'migrate/up must be one command line'],
    [
      'an up that is not there',
      'migrate/up',
      '/etc/s6-overlay/scripts/gone',
      'migrate/up needs scripts/gone',
    ],
    ['a time that is none', 'app/timeout-kill', '20s', 'app/timeout-kill is "20s", not milliseconds.'],
    ['readiness on stderr', 'fly-oidc/notification-fd', '2', 'it must be a file descriptor above 2'],
    ['readiness that never comes', 'app/notification-fd', '4', 'app/run never writes to file descriptor 4'],
    ['a run that is no script', 'app/run', 'exec /app/bin/server', 'app: the script has no #! line.'],
    ['a service in no bundle', 'stray/type', 'longrun', 'stray is in no bundle that is started'],
  ])('would not pass with %s', async (_, file, text, problem) => {
    const copy = await mkdtemp(join(tmpdir(), 'gangway-tree-'));
    try {
      await cp(rootfs, copy, { recursive: true });
      await mkdir(join(copy, SERVICES, file, '..'), { recursive: true });
      await writeFile(join(copy, SERVICES, file), text);
      expect(readTree(copy).problems.join('\n')).toContain(problem);
    } finally {
      await rm(copy, { recursive: true });
    }
  });
});

const s6 = process.platform === 'linux' && process.getuid?.() === 0 && find('s6-svscan').length > 0;

describe.skipIf(!s6)('a machine (needs root, s6 and execline)', () => {
  const MIGRATE = '#!/bin/sh\necho migrating as $(id -un)\n';
  const SERVE = `#!/bin/sh
echo serving as $(id -un) with $DATABASE_URL
trap 'echo draining; sleep 0.2; echo drained; exit 0' TERM
while :; do sleep 0.05; done
`;
  const image = ({ server = SERVE, migrate = MIGRATE, ...rest }: Machine = {}) => {
    const env = {
      // As in the Dockerfile.
      S6_BEHAVIOUR_IF_STAGE2_FAILS: '2',
      DATABASE_URL: 'ecto://user:p=a ss@db/app',
      ...rest.env,
    };
    const scripts = { '/app/bin/migrate': migrate, '/app/bin/server': server };
    return startMachine({ rootfs, scripts, ...rest, env });
  };
  type Machine = Partial<MachineOptions> & { readonly server?: string; readonly migrate?: string };

  it.each(['SIGTERM', 'SIGINT'] as const)('stops in good order on %s, which Fly sends', async (signal) => {
    await using machine = await image();
    await machine.said('serving as app with ecto://user:p=a ss@db/app');
    machine.process.kill(signal);
    expect(await machine.exited).toEqual({ code: 0, signal: null });
    expect(machine.output()).toMatch(/migrating as app\n[\s\S]*serving as app[\s\S]*draining\ndrained\n/);
  });

  it('ends with the app, and as the app did', async () => {
    await using broken = await image({ server: '#!/bin/sh\nexit 7\n' });
    expect(await broken.exited).toEqual({ code: 7, signal: null });
    await using killed = await image({ server: '#!/bin/sh\nkill -KILL $$\n' });
    expect(await killed.exited).toEqual({ code: 137, signal: null });
  });

  it('ends at once when the migration fails, and never starts the app', async () => {
    const started = performance.now();
    await using machine = await image({ migrate: '#!/bin/sh\necho no such table >&2\nexit 3\n' });
    expect(await machine.exited).toEqual({ code: 1, signal: null });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(machine.output()).toContain('no such table');
    expect(machine.output()).not.toContain('serving');
  });

  it('runs a release command by itself: no app, its own exit code', async () => {
    const command = ['/app/bin/migrate'];
    const env = { RELEASE_COMMAND: '1' };
    await using good = await image({ command, env });
    expect(await good.exited).toEqual({ code: 0, signal: null });
    expect(good.output()).toBe('migrating as root\n');
    await using bad = await image({ command, env, migrate: '#!/bin/sh\nexit 5\n' });
    expect(await bad.exited).toEqual({ code: 5, signal: null });
  });

  it('can be stopped while it still migrates', async () => {
    await using machine = await image({ migrate: '#!/bin/sh\necho long migration\nsleep 60\n' });
    await machine.said('long migration');
    machine.process.kill('SIGTERM');
    expect((await machine.exited).signal).toBeNull();
    expect(machine.output()).not.toContain('serving');
  });

  it('starts the app after a while when Fly gives no token, and says so', async () => {
    const credentials = JSON.stringify({ audience: '//iam.googleapis.com/projects/1/x' });
    const scripts = {
      '/etc/google.json': credentials,
      '/app/bin/migrate': MIGRATE,
      '/app/bin/server': SERVE,
    };
    const env = { GOOGLE_APPLICATION_CREDENTIALS: '/etc/google.json', FLY_OIDC_PATIENCE: '1' };
    await using machine = await image({ scripts, env });
    await machine.said('serving');
    expect(machine.output()).toContain('fly-oidc: no token after 1 s; starting the app without.');
  });
});

it.skipIf(find('elixir').length === 0)('the Elixir sources can be read (needs elixir)', async () => {
  const files = (await readdir(example, { recursive: true })).filter((file) => /\.exs?$/.test(file));
  expect(files.length).toBeGreaterThan(10);
  const read = 'for file <- System.argv(), do: Code.string_to_quoted!(File.read!(file), file: file)';
  await run('elixir', ['-e', read, ...files], { cwd: example });
});

describe.skipIf(find('elixir').length === 0)('what the app makes of answers (needs elixir)', () => {
  // A blocked answer comes with status 200; none of them may end the process that asks.
  const CASES = [
    ['global gemini-3.5-flash hello', "ok A canned answer in place of gemini-3.5-flash's to: hello"],
    ['eu gemini-3.5-flash hello', "ok A canned answer in place of gemini-3.5-flash's to: hello"],
    ['global gemini-3.5-flash /block', 'blocked The prompt was blocked: SAFETY'],
    ['global gemini-3.5-flash /finish SAFETY', 'blocked The model gave no answer: SAFETY'],
    ['global gemini-3.5-flash /finish STOP', 'blocked The model gave no answer'],
    ['global gemini-3.5-flash /nothing', 'blocked The model gave no answer'],
    [
      'us-central1 gemini-2.5-flash hello',
      'error Vertex AI has no model gemini-2.5-flash in us-central1. It may have been retired: set VERTEX_MODEL to one of https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions',
    ],
  ] as const;
  const HOSTS = { global: 'aiplatform.googleapis.com', eu: 'aiplatform.eu.rep.googleapis.com' };

  it('is an answer, a reason, or whose mistake it is, and never a crash', async () => {
    const cloud = await startCloud();
    try {
      cloud.serviceUsage.enabled.add('aiplatform.googleapis.com');
      const refused = await ask(cloud, ['global gemini-3.5-flash hello']);
      expect(refused[0]).toMatch(
        /^error Vertex AI answered 403: Permission 'aiplatform.endpoints.predict' denied on resource/,
      );
      cloud.iam.grant(`projects/${cloud.project.id}`, 'roles/aiplatform.user', `serviceAccount:${ACCOUNT}`);
      const lines = await ask(
        cloud,
        CASES.map(([question]) => question),
      );
      expect(lines.filter((_, index) => index % 2 === 0)).toEqual(CASES.map(([, answer]) => answer));
      expect([lines[1], lines[3], lines[13]]).toEqual([
        HOSTS.global,
        HOSTS.eu,
        'us-central1-aiplatform.googleapis.com',
      ]);
    } finally {
      await cloud.close();
    }
  });

  const ACCOUNT = 'vertex@demo-project.iam.gserviceaccount.com';

  /** Two lines for each question: what came of it, and the host that is asked without the local cloud. */
  function ask(cloud: RunningCloud, questions: readonly string[]): Promise<string[]> {
    const principal = { member: `serviceAccount:${ACCOUNT}`, memberOf: [], email: ACCOUNT };
    const { token } = cloud.tokens.issue(principal, 600);
    const script = fileURLToPath(new URL('vertex.exs', import.meta.url));
    const source = join(example, 'lib/vertex_phoenix/vertex.ex');
    const env = { PATH: process.env.PATH, HOME: tmpdir(), TOKEN: token };
    return new Promise((resolve, reject) => {
      const asked = execFile(
        'elixir',
        [script, source, `${cloud.origin}/aiplatform`],
        { env },
        (error, stdout) => {
          if (error) reject(error);
          else resolve(stdout.trim().split('\n'));
        },
      );
      asked.stdin?.end(`${questions.join('\n')}\n`);
    });
  }
});

it('names in the README each variable that the application and the workflow read', async () => {
  const read = (path: string) => readFile(join(example, path), 'utf8');
  const readme = await read('README.md');
  const sources = `${await read('config/runtime.exs')}${await read('lib/vertex_phoenix/credentials.ex')}`;
  const used = [
    ...[...sources.matchAll(/System\.(?:get|fetch)_env!?\("(\w+)"/g)].map(([, name]) => name),
    ...[...(await read('.github/workflows/deploy.yml')).matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(
      ([, name]) => name,
    ),
  ];
  const told = used.filter((name) => name !== 'CLOUDSDK_AUTH_TOKEN_HOST');
  expect(told.length).toBeGreaterThan(15);
  expect(told.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

it('the Dockerfile has the stages that a cold builder takes from the cache', async () => {
  const text = await readFile(join(example, 'Dockerfile'), 'utf8');
  const stages = [...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
  expect(stages).toEqual(['builder', 'deps', 'frontend', 'releaser', 'runtime']);
  // A tag says what it is, the digest what is taken.
  const images = [...text.matchAll(/^ARG \w+_IMAGE=(\S+)$/gm)].map(([, image]) => image);
  expect(images).toHaveLength(3);
  for (const image of images) expect(image).toMatch(/^[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
  expect(text).toContain('TARGETARCH:-');
});
