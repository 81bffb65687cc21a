import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, writeEnvironmentFiles } from '@gangway/emulator';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFlyJob } from '../helpers/fly/fly-job.ts';
import { type Job, secretsOf, startJob } from '../helpers/job.ts';
import { leaksIn } from '../helpers/leaks.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: strace
// some tests need: flyctl

const BASE = await shellBase();
const FLYCTL = find('flyctl').length > 0;
const [strace] = find('strace');
const title = `is written to no file, not for a moment${strace ? '' : ' (skipped: no strace)'}`;
const SECRET = 'sesame-open-9f8e7d6c5b4a';
const OTHER = 'another-secret-0a1b2c3d4e5f';

/** All that makes flyctl, Docker and our own say and keep more: as a debug run sets it, or a hostile step before. */
const LOUD = {
  ACTIONS_STEP_DEBUG: 'true',
  RUNNER_DEBUG: '1',
  LOG_LEVEL: 'debug',
  DEBUG: '*',
  VERBOSE: '1',
  FLY_VERBOSE: '1',
  FLY_LOG_GQL_ERRORS: '1',
  FLY_SEND_METRICS: '1',
  GOOGLE_SDK_NODE_LOGGING: '*',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-written-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let traces = 0;
/** Runs a program, and records every write of it and of all that it starts, with the path that it goes to. */
function tracing() {
  const file = join(folder, `trace-${++traces}`);
  const calls = 'write,pwrite64,writev,pwritev,pwritev2';
  const launcher = [
    strace ?? '',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-y',
    '-s',
    '4000000',
    '-e',
    `trace=${calls}`,
    '-o',
    file,
  ];
  return {
    launcher,
    /** The paths of files that got one of these secrets. */
    async leaks(secrets: readonly string[]): Promise<string[]> {
      const lines = (await readFile(file, 'latin1')).split('\n');
      expect(lines.length).toBeGreaterThan(10);
      const written = new Map<string, string[]>();
      for (const line of lines) {
        const path = /^\d+\s+\w+\(\d+<(\/[^>]*)>/.exec(line)?.[1];
        if (path && !path.startsWith('/dev/')) written.set(path, [...(written.get(path) ?? []), line]);
      }
      expect(written.size).toBeGreaterThan(0);
      return [...written]
        .filter(([, of]) => leaksIn(of.join('\n'), secrets).length > 0)
        .map(([path]) => path);
    },
  };
}

describe.skipIf(!FLYCTL || !strace)('a secret of an app on Fly.io', () => {
  it(title, async () => {
    await using fly = await startFlyJob('app = "hello"\n[deploy]\nrelease_command = "migrate"\n');
    const { launcher, leaks } = tracing();
    const home = await mkdtemp(join(folder, 'home-'));
    const secrets = `PASSWORD=${SECRET}\nOTHER="""\n${OTHER}\n"""`;
    const har = join(folder, 'fly.har');
    await fly.deploy(
      { image: await fly.push(), secrets, strategy: 'immediate' },
      { launcher, secrets: [SECRET, OTHER], env: { ...LOUD, HOME: home, FLYCTL_OUTPUT_HAR: har } },
    );
    const [machine] = fly.machines();
    expect(machine?.secrets).toMatchObject({ PASSWORD: SECRET, OTHER });
    const tokens = [...fly.job.cloud.fly.tokens.all(), ...secretsOf(fly.job.cloud)];
    expect(await leaks([SECRET, OTHER, ...tokens])).toEqual([]);
  }, 240_000);

  it('would be, by flyctl alone', async () => {
    await using fly = await startFlyJob();
    const { cloud } = fly.job;
    const exports = environment(
      cloud,
      await writeEnvironmentFiles(cloud, await mkdtemp(join(folder, 'cloud-'))),
    );
    const { launcher, leaks } = tracing();
    const config = await mkdtemp(join(folder, 'fly-'));
    const token = cloud.fly.tokens.issue({
      kind: 'deploy',
      name: 'ci',
      organization: fly.app.organization,
      app: fly.app,
      lifetime: 3600,
    });
    const [program = '', ...args] = launcher;
    const child = spawn(program, [...args, 'flyctl', 'secrets', 'import', '--stage', '--app', 'hello'], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...exports,
        FLY_API_TOKEN: token.macaroon,
        FLY_CONFIG_DIR: config,
        HTTPS_PROXY: 'http://127.0.0.1:9',
      },
    });
    child.stdin?.end(`PASSWORD=${SECRET}\n`);
    await once(child, 'exit');
    expect(await leaks([SECRET])).toEqual([expect.stringContaining(join(config, 'logs'))]);
  }, 60_000);
});

describe.skipIf(!BASE || !strace)('a secret of a build', () => {
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it(`is in one file until it is built, and no token is in any${strace ? '' : ' (skipped: no strace)'}`, async () => {
    const workspace = await mkdtemp(join(folder, 'workspace-'));
    await writeFile(
      join(workspace, 'Dockerfile'),
      `ARG BASE\nFROM $BASE\nRUN --mount=type=secret,id=TOKEN test -s /run/secrets/TOKEN\nCMD ["true"]\n`,
    );
    const { launcher, leaks } = tracing();
    await job.step(
      'build-and-push',
      {
        image: 'us-central1-docker.pkg.dev/demo-project/apis/written',
        tags: 'one',
        build_args: `BASE=${BASE}`,
        secrets: `TOKEN=${SECRET}`,
        spec_command: `echo '{"openapi":"3.0.0"}'`,
      },
      { launcher, workspace, env: LOUD, secrets: [SECRET] },
    );
    const [file, ...others] = await leaks([SECRET]);
    expect(file).toMatch(/\/gangway-\w{6}\/secrets\/0$/);
    expect(others).toEqual([]);
    await expect(readFile(file ?? '')).rejects.toThrow('ENOENT');
    expect(await leaks(secretsOf(job.cloud))).toEqual([]);
  }, 240_000);
});
