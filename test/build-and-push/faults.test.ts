import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Buildkit, find, run, startBuildkit } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, busybox
// some tests need: buildx, buildkit
// takes minutes

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const [busybox = ''] = find('busybox');
/** What runs in a build here and in no other file. */
const PAUSE = 'busybox sleep 2.01';
const builders = await findBuilders();
beforeAll(() => builders.start());
afterAll(() => builders.stop());

let job: Job;
let workspace: string;
beforeAll(async () => {
  job = await startJob();
  workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  if (busybox) await copyBusybox(join(workspace, 'busybox'));
  await writeFile(
    join(workspace, 'Dockerfile'),
    'FROM scratch\nCOPY busybox /bin/sh\nCOPY busybox /bin/busybox\n',
  );
});
afterAll(async () => {
  await rm(workspace, { recursive: true, force: true });
  await job[Symbol.asyncDispose]();
});
const build = (inputs: Record<string, string>, options: Parameters<Job['step']>[2]) =>
  job.step(
    'build-and-push',
    { image: IMAGE, tags: 'one', network: 'none', reuse: 'false', cache: 'off', ...inputs },
    { workspace, ...options },
  );
const dockerfile = async (text: string): Promise<string> => {
  const file = join(workspace, 'Dockerfile.other');
  await writeFile(file, `FROM scratch\nCOPY busybox /bin/sh\nCOPY busybox /bin/busybox\n${text}`);
  return file;
};

describe('bad input is refused before any request', () => {
  let outside: string;
  beforeAll(async () => {
    outside = join('/var/tmp', `gangway-outside-${randomBytes(4).toString('hex')}`);
    await mkdir(outside);
    await symlink(outside, join(workspace, 'link'));
    await mkdir(join(workspace, 'folder'));
  });
  afterAll(() => rm(outside, { recursive: true, force: true }));

  it.each<[Record<string, string>, string | RegExp]>([
    [
      { context: '/' },
      'Input "context" is not valid: "/".\nTo fix it: name a directory inside the workspace',
    ],
    [{ context: 'link' }, 'name a directory inside the workspace'],
    [{ context: '../..' }, 'name a directory inside the workspace'],
    [{ context: 'Dockerfile' }, 'name the directory that the build copies from'],
    [{ 'build-args': 'A=1' }, 'write build_args in place of build-args'],
    [{ 'cache-from': 'type=gha' }, 'This action has no input "cache-from".'],
    [{ context: 'https://github.com/a/b.git' }, 'check the repository out with actions/checkout'],
    [{ context: 'folder' }, /^There is no Dockerfile in folder\.[\s\S]*build: buildpacks/],
    [{ file: 'folder' }, 'name the Dockerfile itself'],
    [{ platforms: 'arm' }, 'write OS/ARCHITECTURE'],
    [{ secrets: 'a,b=something' }, 'in the name of a secret'],
    [{ secret_envs: 'A=NOT_SET_ANYWHERE' }, 'set NOT_SET_ANYWHERE under "env:"'],
    [{ secret_files: 'A=nowhere.pem' }, 'there is no file nowhere.pem'],
    [{ secrets: 'A=something', secret_envs: 'A=PATH' }, 'A is under secrets as well'],
    [{ ssh: 'default' }, 'there is no SSH agent'],
    [{ ssh: 'key=nowhere' }, 'there is no nowhere'],
    [{ add_hosts: 'somewhere' }, 'write HOST=ADDRESS'],
    [{ ulimits: 'nofile' }, 'write NAME=SOFT'],
    [{ shm_size: 'much' }, 'write a size'],
    [{ compression: 'brotli' }, 'write one of auto, gzip, zstd'],
    [{ provenance: 'maybe' }, 'write true, false, mode=min or mode=max'],
    [{ sbom: 'a b' }, 'name of a generator image'],
    [{ builder: '--push' }, 'docker buildx ls'],
    [{ reproducible: 'true', sbom: 'true' }, 'leave out provenance and sbom'],
  ])('%o', async (inputs, message) => {
    const env = { SSH_AUTH_SOCK: '' };
    const requests = await job.requests(async () => {
      const { annotations } = await build(inputs, { fails: true, env });
      expect(annotations).toHaveLength(1);
      expect(annotations[0]?.message).toMatch(
        typeof message === 'string' ? new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : message,
      );
    });
    expect(requests).toEqual([]);
  });
});

for (const { name, env, missing, title } of builders.all)
  describe.skipIf(missing || !busybox)(`with the builder ${title}`, () => {
    it.runIf(name !== 'remote')(
      'says that the engine stopped in the middle, and a run after it converges',
      async () => {
        const file = await dockerfile(
          `RUN echo building; ${PAUSE}; true ${randomBytes(4).toString('hex')}\n`,
        );
        const engine = await lineTo(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock');
        const onLine = (line: string) => {
          if (/(^| )building$/.test(line)) engine.cut();
        };
        const broken = { ...env, DOCKER_HOST: engine.host };
        const { annotations } = await build({ file, tags: 'cut' }, { fails: true, env: broken, onLine });
        await engine.close();
        expect(annotations.at(-1)?.message).toMatch(
          /^The build failed[\s\S]*To fix it: the engine or builder stopped/,
        );
        const { outputs } = await build({ file, tags: 'cut' }, { env });
        expect(await registryOf(job.cloud, IMAGE).digest('cut')).toBe(outputs.digest);
      },
    );

    it('stops a push when the step is cancelled, and a run after it converges', async () => {
      const half = `half-${name}`;
      await writeFile(join(workspace, 'large'), randomBytes(300_000));
      const file = await dockerfile('COPY large /\n');
      job.cloud.faults.add({ match: /^(PATCH|PUT) .*\/blobs\/uploads\//, times: 100, delay: 5_000 });
      const before = job.cloud.requests.length;
      const cancel = new AbortController();
      const step = build({ file, tags: half }, { fails: true, env, signal: cancel.signal });
      await expect
        .poll(
          () =>
            job.cloud.requests
              .slice(before)
              .some(({ method, path }) => method === 'POST' && path.includes('/blobs/uploads/')),
          { timeout: 60_000 },
        )
        .toBe(true);
      const cancelled = performance.now();
      cancel.abort();
      const { exitCode } = await step;
      expect(performance.now() - cancelled).toBeLessThan(2500);
      expect(exitCode).toBe(130);
      job.cloud.faults.clear();
      expect(await registryOf(job.cloud, IMAGE).digest(half)).toBeUndefined();
      const { outputs } = await build({ file, tags: half }, { env });
      expect(await registryOf(job.cloud, IMAGE).digest(half)).toBe(outputs.digest);
    });

    it.runIf(name !== 'classic')('takes keys of an SSH agent to RUN alone', async () => {
      const agent = /SSH_AUTH_SOCK=([^;]+);.*SSH_AGENT_PID=(\d+)/s.exec(await run('ssh-agent', ['-s']));
      try {
        const file = await dockerfile(
          'RUN --mount=type=ssh test -S "$SSH_AUTH_SOCK" && echo "agent at $SSH_AUTH_SOCK"\n',
        );
        const given = { ...env, SSH_AUTH_SOCK: agent?.[1] ?? '' };
        const { log } = await build({ file, ssh: 'default', no_cache: 'true' }, { env: given });
        expect(log).toMatch(/ agent at \/run\/buildkit\/ssh_agent\.0/);
      } finally {
        process.kill(Number(agent?.[2]));
      }
    });

    it('leaves nothing behind', async () => {
      await job.post();
      if (name === 'remote') return;
      const commands = await run('docker', ['ps', '--all', '--format', '{{.Command}}']);
      expect(commands.split('\n').filter((command) => command.includes(PAUSE))).toEqual([]);
    });
  });

const remote = builders.all.find(({ name }) => name === 'remote');
describe.skipIf(remote?.missing)(`a full disk of the builder ${remote?.title}`, () => {
  let small: string;
  let buildkit: Buildkit | undefined;
  beforeAll(async () => {
    small = await mkdtemp(join(tmpdir(), 'gangway-small-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small]);
    buildkit = await startBuildkit(small);
  });
  afterAll(async () => {
    await buildkit?.stop();
    await run('umount', ['--lazy', small]);
    await rm(small, { recursive: true, force: true });
  });

  it('is named with its cure, and a run with room converges', async () => {
    const env = remote?.env ?? {};
    const create = ['buildx', 'create', '--name', 'small', '--driver', 'remote', buildkit?.address ?? ''];
    await run(find('docker')[0] ?? '', create, { env: { ...process.env, ...env } });
    const file = await dockerfile('RUN busybox dd if=/dev/zero of=/large bs=1M count=60\n');
    const { annotations } = await build({ file, builder: 'small', tags: 'full' }, { env, fails: true });
    expect(annotations[0]?.message).toMatch(
      /No space left on device[\s\S]*To fix it: free space on the builder's disk/i,
    );
    const { outputs } = await build({ file, tags: 'full' }, { env });
    expect(await registryOf(job.cloud, IMAGE).digest('full')).toBe(outputs.digest);
  });
});

it('leaves nothing in the temporary directory of the runner', async () => {
  await job.post();
  expect((await readdir(job.temp)).filter((entry) => entry.startsWith('gangway-'))).toEqual([]);
});

/** A socket that leads to an engine until it is cut. */
async function lineTo(host: string): Promise<{ host: string; cut(): void; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-line-'));
  const path = join(folder, 'docker.sock');
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(host.replace(/^unix:\/\//, ''));
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `unix://${path}`,
    cut,
    async close() {
      cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
