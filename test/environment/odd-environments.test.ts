import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { StepResult } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI } from '../helpers/documents.ts';
import { type Job, startJob } from '../helpers/job.ts';

// needs: engine
// takes minutes

/** Whether this process may mount file systems of its own, out of sight of all others. */
const MOUNTS = succeeds('unshare', ['-m', 'true']);
const ROOT = process.getuid?.() === 0;

let job: Job;
/** What steps find in their workspace. */
let workspace: string;
/** What is odd lies beside it: all files of the workspace are searched for secrets. */
let folder: string;
let socket: Server;
beforeAll(async () => {
  job = await startJob();
  workspace = mkdtempSync(join(tmpdir(), 'gangway-workspace-'));
  folder = mkdtempSync(join(tmpdir(), 'gangway-odd-'));
  const at = (name: string) => join(folder, name);
  const document = JSON.stringify(FASTAPI);
  writeFileSync(join(workspace, 'openapi.json'), document);
  writeFileSync(at('utf16.json'), Buffer.from(`\uFEFF${document}`, 'utf16le'));
  writeFileSync(
    at('latin.yaml'),
    Buffer.from('openapi: 3.0.0\ninfo: { title: "\xfc", version: "1" }\n', 'latin1'),
  );
  writeFileSync(
    at('refers.json'),
    document.replace('"responses":{', '"parameters":[{"$ref":"pipe.json#/a"}],"responses":{'),
  );
  writeFileSync(at('large.json'), Buffer.alloc(64 * 1024 * 1024 + 1, 32));
  writeFileSync(at('deep.yaml'), `kind: ${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  writeFileSync(join(workspace, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  for (const name of ['pipe', 'pipe.json', 'pipe.yaml']) execFileSync('mkfifo', [at(name)]);
  symlinkSync('/dev/zero', at('zero.json'));
  symlinkSync('circle.json', at('circle.json'));
  symlinkSync('circle', join(workspace, 'circle'));
  mkdirSync(at('directory.json'));
  mkdirSync(join(workspace, 'empty'));
  for (const [name, text] of Object.entries({
    oops: 'oops',
    blank: '',
    null: 'null',
    list: '[1]',
    types: '{"repository":5}',
  }))
    writeFileSync(at(`event-${name}`), text);
  // A docker that never stops talking.
  mkdirSync(at('bin'));
  writeFileSync(at('bin/docker'), '#!/bin/sh\nexec yes "podman is not docker"\n');
  chmodSync(at('bin/docker'), 0o755);
  socket = createServer((connection) => connection.destroy());
  await new Promise<void>((resolve) => socket.listen(at('socket'), resolve));
});
afterAll(async () => {
  socket?.close();
  for (const path of [folder, workspace]) rmSync(path, { recursive: true, force: true });
  await job?.[Symbol.asyncDispose]();
});

const ACTIONS: Readonly<Record<string, () => Record<string, string>>> = {
  'enable-service': () => ({ services: 'run.googleapis.com' }),
  teardown: () => ({ service: 'none', region: 'us-central1' }),
  'create-token': () => ({ audience: 'https://app.example' }),
  'check-openapi': () => ({ spec: 'openapi.json' }),
  'create-api-key': () => ({ key_id: 'odd', display_name: 'odd', services: 'run.googleapis.com' }),
  'deploy-api-config': () => ({
    api: 'hello',
    location: 'us-central1',
    spec: 'openapi.json',
    backend: 'https://app.example',
    gateway_service_account: job.gatewayServiceAccount,
    dry_run: 'true',
  }),
  'deploy-cloud-run': () => ({
    service: 'app',
    region: 'us-central1',
    image: 'us-central1-docker.pkg.dev/demo-project/images/app:v1',
    dry_run: 'true',
  }),
  'build-and-push': () => ({
    image: 'us-central1-docker.pkg.dev/demo-project/images/app',
    tags: 'one',
    context: '.',
    reuse: 'false',
  }),
  'fly-deploy': () => ({
    app: 'hello',
    api_token: 'FlyV1 fm2_odd',
    image: 'registry.fly.io/hello:v1',
    config: 'Dockerfile',
  }),
};

interface Oddity {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly launcher?: readonly string[];
}

/** Runs an action in an odd environment: it ends, and whatever it says is for people. */
async function odd(action: string, { inputs, env, launcher }: Oddity): Promise<StepResult> {
  const started = performance.now();
  const result = await job.step(
    action,
    { ...ACTIONS[action]?.(), ...inputs },
    { fails: 'either', workspace, ...(env && { env }), ...(launcher && { launcher }) },
  );
  expect(performance.now() - started, 'it hung').toBeLessThan(60_000);
  expect(result.log).not.toMatch(/bug in Gangway|^\s+at .*[:(]\d+|\bnode:internal|dist\/[\w-]+\/\w+\.js/m);
  for (const line of result.log.split('\n')) expect(line.length).toBeLessThan(2000);
  return result;
}

/** The one error that a step ended with. */
function errorOf({ exitCode, annotations, log }: StepResult): string {
  expect(exitCode, log).toBe(1);
  const errors = annotations.filter(({ level }) => level === 'error');
  expect(errors, log).toHaveLength(1);
  const { message = '' } = errors[0] ?? {};
  expect(message).toContain('\nTo fix it: ');
  return message;
}

const set = (...variables: readonly string[]) => ['/usr/bin/env', ...variables];
const shell = (script: string) => ['/bin/sh', '-c', `${script}; exec "$@"`, 'sh'];
/** Starts a step in a world of mounts of its own. */
const mounted = (script: string) => ['unshare', '-m', ...shell(script)];

describe.each(['enable-service', 'create-api-key', 'deploy-api-config'])(
  'the files of the runner, in %s',
  (action) => {
    it.each<[string, readonly string[], RegExp]>([
      [
        'an output file that is not there',
        set('GITHUB_OUTPUT=/nowhere/output'),
        /^The environment variable GITHUB_OUTPUT names \/nowhere\/output, .*there is no such file/,
      ],
      ['a directory', set('GITHUB_OUTPUT=/tmp'), /GITHUB_OUTPUT names \/tmp, .*not a regular file/],
      ['a full device', set('GITHUB_OUTPUT=/dev/full'), /GITHUB_OUTPUT names \/dev\/full/],
      ['no output file', set('-u', 'GITHUB_OUTPUT'), /^The environment variable GITHUB_OUTPUT is not set/],
      ['a state file that is a device', set('GITHUB_STATE=/dev/full'), /GITHUB_STATE names \/dev\/full/],
    ])('%s: fails before anything is done', async (_, launcher, message) => {
      const requests = await job.requests(async () =>
        expect(errorOf(await odd(action, { launcher }))).toMatch(message),
      );
      expect(requests).toEqual([]);
    });

    it.skipIf(!MOUNTS)('a full disk below them: fails before anything is done', async () => {
      const launcher = mounted(
        'mount -t tmpfs -o size=64k tmpfs /mnt && touch /mnt/output && head -c 1M /dev/zero >/mnt/fill 2>/dev/null; export GITHUB_OUTPUT=/mnt/output',
      );
      const requests = await job.requests(async () =>
        expect(errorOf(await odd(action, { launcher }))).toMatch(
          /^The disk that holds \/mnt\/output \(GITHUB_OUTPUT\) is full/,
        ),
      );
      expect(requests).toEqual([]);
    });

    it.each([
      ['that is not there', '/nowhere/summary'],
      ['that is a directory', '/tmp'],
      ['on a full device', '/dev/full'],
    ])('a summary %s: warns, and what was done counts', async (_, path) => {
      const result = await odd(action, { launcher: set(`GITHUB_STEP_SUMMARY=${path}`) });
      expect(result.exitCode, result.log).toBe(0);
      expect(Object.keys(result.outputs)).not.toEqual([]);
      expect(result.annotations.map(({ level, message }) => `${level}: ${message}`)).toContainEqual(
        expect.stringMatching(
          new RegExp(
            `^warning: The summary of this step can't be written to ${path} \\(GITHUB_STEP_SUMMARY\\)`,
          ),
        ),
      );
    });
  },
);

describe.each(['deploy-api-config', 'build-and-push'])('RUNNER_TEMP, in %s', (action) => {
  it.each<[string, Oddity, RegExp, boolean?]>([
    [
      'that is not there',
      { env: { RUNNER_TEMP: '/nowhere/temp' } },
      /\/nowhere\/temp.* \(in RUNNER_TEMP\): it does not exist\.\nTo fix it: let RUNNER_TEMP name a directory/,
    ],
    [
      'that is a file',
      { env: { RUNNER_TEMP: '/etc/hostname' } },
      /\(in RUNNER_TEMP\): a part of the path is a file/,
    ],
    ['that loops', { env: { RUNNER_TEMP: 'circle' } }, /symbolic links lead in a circle/],
    [
      'with a name too long',
      { env: { RUNNER_TEMP: `/tmp/${'x'.repeat(5000)}` } },
      /longer than the system allows/,
    ],
    [
      'on a full disk',
      {
        env: { RUNNER_TEMP: '/mnt' },
        launcher: mounted('mount -t tmpfs -o size=64k,nr_inodes=1 tmpfs /mnt'),
      },
      /\(in RUNNER_TEMP\): no space is left on the disk\.\nTo fix it: free some space/,
      true,
    ],
    [
      'that is read-only',
      { env: { RUNNER_TEMP: '/mnt' }, launcher: mounted('mount -t tmpfs -o ro tmpfs /mnt') },
      /\(in RUNNER_TEMP\): the file system is read-only/,
      true,
    ],
    [
      'unset, and TMPDIR not there',
      { env: { RUNNER_TEMP: '', TMPDIR: '/nowhere/tmp' } },
      /\/nowhere\/tmp.* \(in the temporary directory\): it does not exist\.\nTo fix it: let TMPDIR name/,
    ],
  ])('%s', async (_, oddity, message, mounts) => {
    if (mounts && !MOUNTS) return;
    expect(errorOf(await odd(action, oddity))).toMatch(message);
  });
});

describe('RUNNER_TEMP that is only unusual', () => {
  it.each([
    ['with spaces and letters of all kinds', 'ein  Ordner – ü 目录'],
    ['with a line feed', 'one\ntwo'],
  ])('%s', async (_, name) => {
    const path = join(folder, name);
    mkdirSync(path);
    const { exitCode, outputs, log } = await odd('deploy-api-config', { env: { RUNNER_TEMP: path } });
    expect(exitCode, log).toBe(0);
    expect(outputs.spec?.startsWith(path)).toBe(true);
  });

  it('relative', async () => {
    const { exitCode, outputs, log } = await odd('deploy-api-config', { env: { RUNNER_TEMP: 'empty' } });
    expect(exitCode, log).toBe(0);
    expect(existsSync(resolve(workspace, outputs.spec ?? ''))).toBe(true);
  });
});

/** The files that lie in the odd folder. */
const ODD = /(?<![\w/])(pipe|zero|directory|large|utf16|latin|refers|circle|deep)(\.\w+)?$/;

describe('a file that a person names', () => {
  it.each<[string, string, Record<string, string>, RegExp]>([
    ['a pipe', 'deploy-api-config', { spec: 'pipe.json' }, /pipe\.json cannot be read: it is a named pipe/],
    ['a device', 'deploy-api-config', { spec: 'zero.json' }, /zero\.json cannot be read: it is a device/],
    ['a directory', 'deploy-api-config', { spec: 'directory.json' }, /cannot be read: it is a directory/],
    [
      'one too large',
      'deploy-api-config',
      { spec: 'large.json' },
      /it has 67,108,865 bytes, and the limit is 67,108,864 bytes/,
    ],
    ['UTF-16', 'deploy-api-config', { spec: 'utf16.json' }, /it is UTF-16, not UTF-8/],
    ['Latin-1', 'deploy-api-config', { spec: 'latin.yaml' }, /it is not UTF-8 at line 2/],
    [
      'a reference to a pipe',
      'deploy-api-config',
      { spec: 'refers.json' },
      /pipe\.json cannot be read: it is a named pipe/,
    ],
    [
      'a loop of links',
      'deploy-api-config',
      { spec: 'circle.json' },
      /Input "spec" is not valid: "\S+circle\.json"/,
    ],
    [
      'a pipe',
      'deploy-cloud-run',
      { metadata: 'pipe.yaml' },
      /Input "metadata" is not valid: "\S*pipe\.yaml" can't be read, as it is a named pipe/,
    ],
    ['a device', 'deploy-cloud-run', { metadata: '/dev/zero' }, /Input "metadata" .* it is a device/],
    ['nesting without end', 'deploy-cloud-run', { metadata: 'deep.yaml' }, /deep\.yaml.* nested too deeply/],
    ['a pipe', 'build-and-push', { file: 'pipe' }, /Input "file" is not valid: "\S+pipe"/],
    ['a device', 'build-and-push', { file: '/dev/zero' }, /Input "file" is not valid: "\/dev\/zero"/],
    [
      'a device',
      'build-and-push',
      { cleanup_policies: '/dev/zero' },
      /Input "cleanup_policies" .* it is a device/,
    ],
    [
      'a pipe',
      'build-and-push',
      { secret_files: 'key=pipe' },
      /Input "secret_files" [\s\S]*pipe is not a regular file/,
    ],
    [
      'a pipe',
      'fly-deploy',
      { config: 'pipe', app: '' },
      /Input "config" is not valid: "\S+pipe" can't be read, as it is a named pipe/,
    ],
    [
      'a device',
      'fly-deploy',
      { config: '/dev/zero' },
      /Input "config" is not valid: "\/dev\/zero" can't be read, as it is a device/,
    ],
  ])('%s, in %s by %o', async (_, action, named, message) => {
    const inputs = Object.fromEntries(
      Object.entries(named).map(([name, value]) => [name, value.replace(ODD, (file) => join(folder, file))]),
    );
    const { exitCode, annotations, log } = await odd(action, { inputs });
    expect(exitCode, log).toBe(1);
    expect(annotations.map((annotation) => annotation.message).join('\n')).toMatch(message);
  });

  it.each(['pipe', 'zero.json', 'directory.json', 'nowhere', 'large.json'])(
    'credentials in %s',
    async (name) => {
      const env = { GOOGLE_APPLICATION_CREDENTIALS: join(folder, name) };
      const inputs = { workload_identity_provider: '', service_account: '' };
      expect(errorOf(await odd('enable-service', { env, inputs }))).toMatch(
        /^The environment variable GOOGLE_APPLICATION_CREDENTIALS names \S+, which can't be read: (it is|it has|there is)/,
      );
    },
  );
});

describe('the event', () => {
  it.each<[string, RegExp]>([
    ['event-oops', /which is not a JSON object/],
    ['event-blank', /which is empty/],
    ['event-null', /which is not a JSON object/],
    ['event-list', /which is not a JSON object/],
    ['pipe', /which can't be read: it is a named pipe/],
    ['zero.json', /which can't be read: it is a device/],
    ['directory.json', /which can't be read: it is a directory/],
    ['utf16.json', /which can't be read: it is UTF-16/],
  ])('in %s stops what depends on it, and nothing else', async (name, message) => {
    const env = { GITHUB_EVENT_PATH: join(folder, name) };
    for (const [action, inputs] of [
      ['build-and-push', {}],
      ['fly-deploy', { pull_request: 'true', org: 'personal' }],
    ] as const) {
      const said = errorOf(await odd(action, { env, inputs }));
      expect(said).toMatch(/^The environment variable GITHUB_EVENT_PATH names /);
      expect(said).toMatch(message);
    }
    expect((await odd('enable-service', { env })).exitCode).toBe(0);
  });

  it('of other types than GitHub writes is as good as none', async () => {
    const env = { GITHUB_EVENT_PATH: join(folder, 'event-types'), PATH: '/nowhere' };
    expect(errorOf(await odd('build-and-push', { env }))).toMatch(/no "docker" on this runner/);
  });
});

describe('docker', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['is not there', { PATH: '/nowhere' }, /^There is no "docker" on this runner/],
    ['never stops talking', { PATH: '' }, /docker \S+ was stopped: it printed more than/],
    [
      'has no engine',
      { DOCKER_HOST: 'unix:///nowhere.sock' },
      /Docker's engine does not answer|does not know|no builder/,
    ],
    ['has an address that is none', { DOCKER_HOST: 'nonsense' }, /nonsense/],
    [
      'has an engine that hangs up',
      { DOCKER_HOST: '' },
      /Docker's engine does not answer|does not know|no builder/,
    ],
    ['has a context that is not there', { DOCKER_CONTEXT: 'nowhere' }, /nowhere/],
  ])('%s', async (name, given, message) => {
    const env: Record<string, string> = { ...given };
    if (name.startsWith('never')) env.PATH = `${join(folder, 'bin')}:/usr/bin:/bin`;
    else if (!succeeds('docker', ['--version']) && !name.startsWith('is not')) return;
    if (name.startsWith('has an engine')) env.DOCKER_HOST = `unix://${join(folder, 'socket')}`;
    const launcher = env.DOCKER_CONTEXT === undefined ? [] : set('-u', 'DOCKER_HOST');
    expect(errorOf(await odd('build-and-push', { env, launcher }))).toMatch(message);
  });
});

describe('a system that is only unusual', () => {
  const runs: readonly (readonly [string, readonly string[]])[] = [
    ['no HOME', set('-u', 'HOME')],
    ['a HOME that is not there', set('HOME=/nowhere/home')],
    ['another locale', set('LC_ALL=POSIX', 'LANG=C')],
    ['another system, by its name', set('RUNNER_OS=Windows')],
    ['no PATH', set('-u', 'PATH')],
    ['a repository that is none', set('GITHUB_REPOSITORY=nonsense')],
    ['a workspace that is not there', set('GITHUB_WORKSPACE=/nowhere/workspace')],
    ['umask 077', shell('umask 077')],
    ['umask 000', shell('umask 000')],
    ['few open files', shell('ulimit -n 40')],
    [
      'nothing of GitHub',
      set(
        '-u',
        'GITHUB_ACTIONS',
        '-u',
        'GITHUB_OUTPUT',
        '-u',
        'GITHUB_STATE',
        '-u',
        'GITHUB_STEP_SUMMARY',
        '-u',
        'GITHUB_EVENT_PATH',
        '-u',
        'GITHUB_WORKSPACE',
        '-u',
        'GITHUB_REPOSITORY',
        '-u',
        'RUNNER_TEMP',
      ),
    ],
  ];
  for (const [name, launcher] of runs)
    it.each(['enable-service', 'deploy-api-config'])(`${name}: %s works`, async (action) => {
      const { exitCode, log } = await odd(action, { launcher });
      expect(exitCode, log).toBe(0);
    });

  it.skipIf(!ROOT)('a user that the system does not know', async () => {
    const open = 'chmod -R a+rwX "$(dirname "$RUNNER_TEMP")" "$GITHUB_WORKSPACE"; unset HOME';
    const launcher = [...shell(open), 'setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
    const { exitCode, log } = await odd('deploy-api-config', { launcher });
    expect(exitCode, log).toBe(0);
  });

  it('too few open files for anything', async () => {
    const said = errorOf(await odd('deploy-api-config', { launcher: shell('ulimit -n 22') }));
    expect(said).toMatch(/ulimit -n/);
  });

  it('a working directory that is gone', async () => {
    const launcher = shell('mkdir -p "$RUNNER_TEMP/gone"; cd "$RUNNER_TEMP/gone"; rmdir "$RUNNER_TEMP/gone"');
    expect(errorOf(await odd('build-and-push', { launcher }))).toMatch(
      /Input "context" is not valid|^The working directory of this step is gone/,
    );
    expect(
      errorOf(
        await odd('deploy-cloud-run', {
          launcher: [...set('-u', 'GITHUB_WORKSPACE'), ...launcher],
          inputs: { metadata: 'a.yaml' },
        }),
      ),
    ).toMatch(/^The working directory of this step is gone\.\nTo fix it: look for an earlier step/);
  });

  it('a checkout that was forgotten', async () => {
    const inputs = { context: 'empty' };
    expect(errorOf(await odd('build-and-push', { inputs }))).toMatch(
      /^There is no Dockerfile in empty\.[\s\S]*build: buildpacks/,
    );
    expect(errorOf(await odd('deploy-api-config', { inputs: { spec: 'not-there.json' } }))).toMatch(
      /actions\/checkout/,
    );
    expect(errorOf(await odd('fly-deploy', { inputs: { config: 'not-there.toml' } }))).toMatch(
      /check out the repository/,
    );
  });
});

describe('an older Node', () => {
  const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && majorOf(path) < 22);
  it.skipIf(old === undefined).each(Object.keys(ACTIONS))(
    `starts %s, and is told so (${old ?? 'none is installed'})`,
    async (action) => {
      const launcher = ['/bin/sh', '-c', `shift; exec ${old} "$@"`, 'sh'];
      expect(errorOf(await odd(action, { launcher }))).toMatch(
        /^This action needs Node 22\.1 or newer, and the runner started it with v\d+/,
      );
    },
  );
});

function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]);
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
