import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, run } from '@gangway/engine';
import type { StepResult } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { startFlyJob } from '../helpers/fly/fly-job.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { processesThatRun, processesWith } from '../helpers/processes.ts';
import { shellBase } from '../helpers/shell-base.ts';

// some tests need: buildx, flyctl

const BASE = await shellBase();
const FLYCTL = find('flyctl').length > 0;
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/killed';
/** Milliseconds in which nothing of a killed step may be left. */
const PROMISED = 3000;

/** What a step writes of itself, so that it can be killed outright, as the runner does when a cancel takes too long. */
function killable(folder: string) {
  const file = join(folder, 'pid');
  return {
    launcher: ['/bin/sh', '-c', `echo $$ > ${file}; exec "$@"`, 'sh'],
    kill: () => process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL'),
  };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-killed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Expects nothing that this job's steps started to run: by its environment, and by what it runs in a container. */
async function expectNoneLeft(job: Job, program?: string): Promise<void> {
  const left = () => [
    ...processesWith(job.temp).map(({ pid, command }) => `${pid} ${command}`),
    ...(program ? processesThatRun(program).map(({ pid, command }) => `${pid} ${command}`) : []),
  ];
  await expect.poll(left, { timeout: PROMISED, interval: 100 }).toEqual([]);
}

/** Containers of a step that run a command, ended ones included. */
async function containersThatRun(command: string): Promise<string[]> {
  const all = await run('docker', ['ps', '--all', '--no-trunc', '--format', '{{.Names}} {{.Command}}']);
  return all.split('\n').filter((line) => /^gangway-[0-9a-f]{8}-/.test(line) && line.includes(command));
}

const builders = await findBuilders(['classic', 'buildkit', 'docker']);

describe.skipIf(process.platform !== 'linux' || !BASE)('a build-and-push that is killed', () => {
  let job: Job;
  beforeAll(async () => {
    await builders.start();
    job = await startJob();
    await writeFile(
      join(folder, 'Dockerfile'),
      `ARG BASE\nFROM \${BASE}\nARG SECONDS\nRUN echo building; sleep $SECONDS\n`,
    );
    await writeFile(
      join(folder, 'Dockerfile.quick'),
      `ARG BASE\nFROM \${BASE}\nARG DATA\nRUN head -c 3000000 /dev/urandom > /data\n`,
    );
  });
  afterAll(async () => {
    await job?.[Symbol.asyncDispose]();
    await builders.stop();
  });

  const build = (inputs: Record<string, string>, options: Parameters<Job['step']>[2]): Promise<StepResult> =>
    job.step(
      'build-and-push',
      { image: IMAGE, tags: 'killed', cache: 'false', ...inputs },
      { fails: true, workspace: folder, ...options },
    );

  for (const [index, { name, env, missing, title }] of builders.all.entries()) {
    it.skipIf(missing)(`leaves no build: ${title}`, async () => {
      const { launcher, kill } = killable(folder);
      const seconds = `47${index}1`;
      const inputs = { build_args: `BASE=${BASE}\nSECONDS=${seconds}` };
      let killed = false;
      const onLine = (line: string) => {
        if (killed || !/(^| )building$/.test(line)) return;
        killed = true;
        kill();
      };
      await build(inputs, { env, launcher, onLine });
      expect(killed, name).toBe(true);
      await expectNoneLeft(job, `sleep ${seconds}`);
    });
  }

  it('leaves no container of spec_command, not even one that heeds nothing', async () => {
    const { launcher, kill } = killable(folder);
    const step = build(
      {
        file: join(folder, 'Dockerfile.quick'),
        build_args: `BASE=${BASE}`,
        spec_command: "trap '' INT TERM HUP; sleep 4811; sleep 4811",
      },
      { launcher },
    );
    await expect.poll(() => processesThatRun('sleep 4811'), { timeout: 60_000 }).toHaveLength(1);
    expect(await containersThatRun('sleep 4811')).toHaveLength(1);
    kill();
    const result = await step;
    await expectNoneLeft(job, 'sleep 4811');
    expect(await containersThatRun('sleep 4811')).toEqual([]);
    // The post step finds nothing to do, and all in order.
    const post = await result.post();
    expect(post).toMatchObject({ exitCode: 0, annotations: [] });
  });

  it('leaves no push', async () => {
    const { launcher, kill } = killable(folder);
    job.cloud.faults.add({ match: /^(PATCH|PUT) \/v2\/.*\/blobs\/uploads\//, times: 20, delay: 20_000 });
    let killed = false;
    const onLine = (line: string) => {
      if (killed || !line.startsWith('[command]docker push')) return;
      killed = true;
      setTimeout(kill, 500);
    };
    await build(
      { file: join(folder, 'Dockerfile.quick'), build_args: `BASE=${BASE}\nDATA=${Date.now()}` },
      { launcher, onLine },
    );
    job.cloud.faults.clear();
    expect(killed).toBe(true);
    await expectNoneLeft(job);
  });
});

describe.skipIf(process.platform !== 'linux' || !FLYCTL)('a fly-deploy that is killed', () => {
  it.each([
    ['a machine is made', /^POST \/v1\/apps\/hello\/machines$/],
    ['a release is made', /^POST \/api\/v1\/releases/],
  ])('leaves no flyctl while %s', async (_, match) => {
    await using fly = await startFlyJob();
    const { launcher, kill } = killable(folder);
    const { faults } = fly.job.cloud;
    faults.add({ match, times: 1, delay: 20_000 });
    const step = fly.deploy({ image: await fly.push(), strategy: 'immediate' }, { fails: true, launcher });
    await expect.poll(() => faults.pending, { timeout: 30_000 }).toBe(0);
    const running = () =>
      processesWith(fly.job.temp).filter(({ command }) => command.includes('flyctl deploy'));
    expect(running()).toHaveLength(1);
    kill();
    await step;
    await expectNoneLeft(fly.job);
  });
});
