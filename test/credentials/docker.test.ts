import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJob } from '../helpers/job.ts';
import { processesWith } from '../helpers/processes.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: base-image

const run = promisify(execFile);
const BASE = await shellBase();
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const MINUTE = 60_000;
/** Lines for a shell's printf that the runner would take for commands, in all the ways it reads them. */
const HOSTILE = [
  'compiling ##[stop-commands]pwned',
  '::stop-commands::raw',
  '\\0302\\0205::stop-commands::pwned',
  '\\0302\\0255::stop-commands::pwned',
  ':\\0342\\0200\\0213:stop-commands::pwned',
  'progress\\0015::stop-commands::pwned\\0015 ##[error]pwned',
  '::SET-OUTPUT name=pwned::yes',
  '##[set-output name=pwned]yes',
  '::add-mask::a',
  '\\0377\\0376::warning::pwned',
];

describe.skipIf(!BASE)('credentials of build-and-push (npm test prepares an engine)', () => {
  let folder: string;
  let workspace: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-docker-'));
    workspace = join(folder, 'workspace');
    await mkdir(workspace);
    await writeFile(join(workspace, 'Dockerfile'), 'ARG BASE\nFROM $BASE\nARG NAME=x\nLABEL name=$NAME\n');
    await writeFile(
      join(workspace, 'Dockerfile.slow'),
      'ARG BASE\nFROM $BASE\nARG NAME\nRUN echo $NAME && sleep 20\n',
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are fresh for a push that starts 70 minutes after the step', async () => {
    const offset = join(folder, 'offset');
    const now = () => Date.now() + (existsSync(offset) ? Number(readFileSync(offset, 'utf8')) : 0);
    await using job = await startJob({ clock: { now, wait: sleep } });
    const env = { ...(await shiftedClock(offset)), PATH: await dockerThatTakesLong(offset) };
    const inputs = { image: IMAGE, build_args: `BASE=${BASE}`, tags: 'late', service_account: '' };
    const { outputs } = await job.step('build-and-push', inputs, { workspace, env });
    expect(outputs.digest).toMatch(/^sha256:/);
    expect(Number(await readFile(offset, 'utf8'))).toBe(70 * MINUTE);
    const { requests, tokens } = job.cloud;
    // What the step began with was of no use anymore.
    const ended = tokens.all().filter((token) => !tokens.verify(token));
    expect(ended.length).toBeGreaterThan(0);
    expect(requests.filter(({ path }) => path === '/v1/token').length).toBeGreaterThanOrEqual(2);
    await job.post();
  });

  it.each([
    ['the federated identity itself', { service_account: '' }],
    ['a service account', {}],
  ])('of %s stay masked when what a build prints is hostile', async (_, account) => {
    const offset = join(folder, `offset-${Object.keys(account).length}`);
    const now = () => Date.now() + (existsSync(offset) ? Number(readFileSync(offset, 'utf8')) : 0);
    await using job = await startJob({ clock: { now, wait: sleep } });
    const hostile = await workspaceOf({
      // Octal, since a shell's printf knows no other bytes.
      Dockerfile: `ARG BASE\nFROM $BASE\nRUN : ${Date.now()} '![x](https://evil.example/y) | <img src=x> @octocat \`'\nRUN printf '%b' ${HOSTILE.map((text) => `'${text}\\0012'`).join(' ')} '##['\n`,
      'raw.sh': `printf '%b' ${HOSTILE.map((text) => `'${text}\\0012'`).join(' ')} ':'\n`,
      'event.json': JSON.stringify({
        repository: { description: 'A service.\n::stop-commands::described\n##[stop-commands]described' },
      }),
    });
    // The program prints as it likes, too, before the tokens in hand have ended; what it asks for then is renewed.
    const path = await docker(
      `case "$1" in buildx | build | push) sh '${join(hostile, 'raw.sh')}'; sh '${join(hostile, 'raw.sh')}' >&2;; esac
[ "$1" = push ] && printf ${70 * MINUTE} > '${offset}'`,
    );
    const before = new Set(job.cloud.tokens.all());
    const { commands, annotations, outputs, masks, log, summary, post } = await job.step(
      'build-and-push',
      { image: IMAGE, build_args: `BASE=${BASE}`, tags: 'hostile', ...account },
      {
        workspace: hostile,
        env: { ...(await shiftedClock(offset)), PATH: path, GITHUB_EVENT_PATH: join(hostile, 'event.json') },
      },
    );
    // What startJob's step looks for in all that was written: each token that the cloud gave.
    const { tokens } = job.cloud;
    expect(tokens.all().filter((token) => !tokens.verify(token)).length).toBeGreaterThan(0);
    const given = tokens.all().filter((token) => !before.has(token));
    expect(given.length).toBeGreaterThan(1);
    expect(masks).toEqual(expect.arrayContaining(given));
    expect(log).toContain('compiling ##\\[stop-commands]pwned');
    expect(log).toContain('| ::stop-commands::raw');
    expect(outputs).not.toHaveProperty('pwned');
    expect(annotations.filter(({ message }) => message.includes('pwned'))).toEqual([]);
    const own = new Set(commands.flatMap(({ name, value }) => (name === 'stop-commands' ? [value] : [])));
    expect([...own].filter((token) => !/^[0-9a-f]{32}$/.test(token))).toEqual([]);
    const others = new Set(commands.map(({ name }) => name).filter((name) => !own.has(name)));
    expect(
      [...others].filter((name) => !/^(stop-commands|add-mask|group|endgroup|debug|notice)$/.test(name)),
    ).toEqual([]);
    // An instruction is shown as it is, too.
    expect(summary).toMatch(/<code>RUN &#58; \d+ .*octocat/);
    expect(summary).not.toMatch(/!\[|<img|@octocat/);
    await post();
  });

  it('are the only ones of the step: the other registries of the user keep theirs', async () => {
    await using other = await startJob();
    const host = new URL(other.cloud.origin).host;
    await other.step(
      'build-and-push',
      { image: IMAGE, build_args: `BASE=${BASE}\nNAME=other`, tags: 'base' },
      { workspace },
    );
    const base = `${host}/${IMAGE}:base`;
    const home = join(folder, 'home');
    await mkdir(join(home, '.docker'), { recursive: true });
    const { token } = other.cloud.tokens.issue({ member: 'user:owner@example.com', memberOf: [] }, 3600);
    const auth = Buffer.from(`oauth2accesstoken:${token}`).toString('base64');
    const config = JSON.stringify({ auths: { [host]: { auth } } });

    await using job = await startJob();
    const inputs = { image: IMAGE, build_args: `BASE=${base}\nNAME=mine`, tags: 'mine' };
    const options = { workspace, env: { HOME: home }, secrets: [token] };
    await run('docker', ['image', 'rm', '--force', base]);
    await writeFile(join(home, '.docker', 'config.json'), '{}');
    await job.step('build-and-push', inputs, { ...options, fails: true });
    await writeFile(join(home, '.docker', 'config.json'), config);
    await chmod(join(home, '.docker'), 0o500);
    await job.step('build-and-push', inputs, options);
    // They also tell what a base image is now, for which no engine is needed.
    const again = await job.step('build-and-push', inputs, {
      ...options,
      env: { ...options.env, PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' },
    });
    expect(again.outputs.reused).toBe('true');
    expect(await readFile(join(home, '.docker', 'config.json'), 'utf8')).toBe(config);
    expect(await readdir(join(home, '.docker'))).toEqual(['config.json']);
    await chmod(join(home, '.docker'), 0o700);
    await job.post();
  });

  it('are told why there are none, when Docker asks for them', async () => {
    const offset = join(folder, 'half-an-hour');
    await using job = await startJob();
    // By the push the token in hand is too old to hand on, and the account may not be acted as anymore.
    const path = await docker(`if [ "$1" = push ]; then printf ${30 * MINUTE} > '${offset}'; sleep 1; fi`);
    const watch = setInterval(() => {
      if (existsSync(offset))
        job.cloud.iamAdmin.accounts.get(job.exports.GANGWAY_SERVICE_ACCOUNT ?? '').disabled = true;
    }, 50);
    const { annotations } = await job.step(
      'build-and-push',
      { image: IMAGE, build_args: `BASE=${BASE}`, tags: 'never' },
      { workspace, fails: true, env: { ...(await shiftedClock(offset)), PATH: path } },
    );
    clearInterval(watch);
    expect(annotations[0]?.message).toMatch(
      /service account deployer@\S+ is disabled[\s\S]*gcloud iam service-accounts enable/,
    );
    await job.post();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'are gone after %s and the post step',
    async (signal) => {
      await using job = await startJob();
      const inputs = {
        image: IMAGE,
        file: join(workspace, 'Dockerfile.slow'),
        build_args: `BASE=${BASE}\nNAME=${Date.now()}`,
      };
      const step = job.step('build-and-push', inputs, { workspace, fails: true });
      const building = await until(() =>
        processesWith(job.temp).find(({ command }) => / build .*Dockerfile\.slow/.test(command)),
      );
      const main = processesWith(job.temp).find(({ command }) =>
        command.includes('/build-and-push/index.js'),
      );
      const scratch = (await readdir(job.temp)).filter((name) => name.startsWith('gangway-'));
      expect(scratch).toHaveLength(1);
      await sleep(500);
      const asked = performance.now();
      process.kill(main?.pid ?? 0, signal);
      if (signal === 'SIGKILL') process.kill(building.pid, signal);
      const { exitCode } = await step;
      expect(performance.now() - asked).toBeLessThan(7500);
      expect(exitCode).toBe(signal === 'SIGKILL' ? 137 : 130);
      // What the step started has ended with it.
      expect(processesWith(job.temp).map(({ command }) => command)).toEqual([]);
      await job.post();
    },
  );

  async function workspaceOf(files: Readonly<Record<string, string>>): Promise<string> {
    const path = await mkdtemp(join(folder, 'workspace-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
    return path;
  }

  /** Node with its clock moved by the milliseconds that a file holds. */
  async function shiftedClock(offset: string): Promise<Record<string, string>> {
    const shim = join(folder, 'clock.cjs');
    await writeFile(
      shim,
      `const { readFileSync } = require('node:fs');
const { now } = Date;
Date.now = () => { try { return now() + Number(readFileSync(process.env.CLOCK_OFFSET, 'utf8')); } catch { return now(); } };`,
    );
    return { NODE_OPTIONS: `--require=${shim}`, CLOCK_OFFSET: offset };
  }

  function dockerThatTakesLong(offset: string): Promise<string> {
    return docker(`[ "$1" = push ] && printf ${70 * MINUTE} > '${offset}'`);
  }

  /** PATH with a docker that does something first. */
  async function docker(first: string): Promise<string> {
    const bin = await mkdtemp(join(folder, 'bin-'));
    const { stdout } = await run('/bin/sh', ['-c', 'command -v docker']);
    await writeFile(join(bin, 'docker'), `#!/bin/sh\n${first}\nexec '${stdout.trim()}' "$@"\n`, {
      mode: 0o755,
    });
    return `${bin}${delimiter}${process.env.PATH}`;
  }
});

async function until<T>(look: () => T | undefined): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    const found = look();
    if (found) return found;
  }
  throw new Error('It did not come about in 30 seconds.');
}
