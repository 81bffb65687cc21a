import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RUNNER_PATIENCE } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: base-image

const run = promisify(execFile);
const BASE = await shellBase();
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const BUILDPACKS = { build: 'buildpacks' };
const SPEC = '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}';

describe('build-and-push, before any request', () => {
  let job: Job;
  let workspace: string;
  let empty: string;
  beforeAll(async () => {
    job = await startJob();
    empty = await mkdtemp(join(tmpdir(), 'gangway-empty-'));
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\n');
    await mkdir(join(workspace, 'source'));
  });
  afterAll(async () => {
    for (const path of [workspace, empty]) await rm(path, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });

  it.each([
    [{ image: '' }, 'Input "image" is required'],
    [{ image: 'hello' }, 'write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME'],
    [{ image: `${IMAGE}:v1` }, `write ${IMAGE}, and the tag under tags`],
    [{ image: IMAGE, tags: 'no spaces' }, 'Input "tags" is not valid: "no spaces"'],
    [{ image: IMAGE, context: 'nowhere' }, 'Input "context" is not valid: "nowhere"'],
    [{ image: IMAGE, file: 'Nofile' }, 'Input "file" is not valid: "Nofile"'],
    [{ image: IMAGE, labels: 'a={{nope}}' }, 'Input "labels" is not valid: "{{nope}}"'],
    [{ image: IMAGE, tags: 'ghcr.io/me/app:1' }, `this step pushes to ${IMAGE} alone`],
    [{ image: IMAGE, from_image: 'hello' }, 'write HOST/PATH@sha256:DIGEST'],
    [{ image: IMAGE, build_args: 'A' }, 'Input "build_args" is not valid: line 1 is not NAME=VALUE.'],
    [{ image: IMAGE, context: 'source' }, 'write build: buildpacks to build without one'],
    [{ image: IMAGE, build: 'kaniko' }, 'write one of dockerfile, buildpacks'],
    [{ image: IMAGE, builder_image: 'a/b' }, 'write build: buildpacks, or leave builder_image out'],
    [{ image: IMAGE, ...BUILDPACKS, file: 'Dockerfile' }, 'Input "file" is for a Dockerfile'],
    [{ image: IMAGE, ...BUILDPACKS, target: 'a' }, 'Input "target" is for a Dockerfile'],
    [{ image: IMAGE, ...BUILDPACKS, secrets: 'A=open' }, 'Input "secrets" is for a Dockerfile'],
    [{ image: IMAGE, ...BUILDPACKS, platforms: 'linux/arm64' }, 'Input "platforms" is for a Dockerfile'],
    [{ image: IMAGE, ...BUILDPACKS, builder: 'heroku/builder:24' }, 'under builder_image'],
    [{ image: IMAGE, ...BUILDPACKS, build_args: 'A=1' }, 'under build_env_vars'],
    [{ image: IMAGE, ...BUILDPACKS, reproducible: 'true' }, 'Input "reproducible" is for a Dockerfile'],
    [{ image: IMAGE, ...BUILDPACKS, annotations: 'index:a=b' }, 'leave out index:'],
    [{ image: IMAGE, ...BUILDPACKS, builder_image: 'No Image' }, 'Input "builder_image" is not valid'],
    [{ image: IMAGE, ...BUILDPACKS, build_env_vars: 'A-B=1' }, 'Input "build_env_vars" is not valid: "A-B"'],
    [{ image: IMAGE, ...BUILDPACKS, pack_version: 'latest' }, 'write a version such as 0.38.2'],
    [
      { image: IMAGE, ...BUILDPACKS, pack_version: '0.1.0' },
      'the digest of pack 0.1.0 for linux is not known',
    ],
    [{ image: IMAGE, ...BUILDPACKS, from_image: 'a/b:1' }, 'leave it out with from_image'],
    [{ image: IMAGE, create_repository: 'perhaps' }, 'write true or false'],
  ])('refuses %o', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await job.step('build-and-push', inputs, { fails: true, workspace });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });

  it.each([
    [{}, 'Input "file" names "Dockerfile"'],
    [{ context: 'api' }, 'Input "context" names "api"'],
  ])('says that the repository is not checked out: %o', async (inputs, named) => {
    const { annotations } = await job.step(
      'build-and-push',
      { image: IMAGE, ...inputs },
      { fails: true, workspace: empty },
    );
    expect(annotations.map(({ message }) => message)).toEqual([
      `${named}, but the workspace is empty: the repository is not checked out.\nTo fix it: add actions/checkout before this step.`,
    ]);
  });

  it('says what to do where there is no engine', async () => {
    const { annotations } = await job.step(
      'build-and-push',
      { image: IMAGE },
      { fails: true, workspace, env: { DOCKER_HOST: 'unix:///nowhere.sock' } },
    );
    expect(annotations[0]?.message).toMatch(/(engine does not answer|no "docker")[\s\S]*To fix it: /);
    await job.post();
  });
});

describe.skipIf(!BASE)('build-and-push with a Docker engine (npm test prepares one)', () => {
  let job: Job;
  let workspace: string;
  beforeAll(async () => {
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    await writeFile(
      join(workspace, 'Dockerfile'),
      `ARG BASE\nFROM \${BASE}\nARG GREETING=none\nLABEL greeting=\${GREETING}\nCOPY spec.json /spec.json\n`,
    );
    await writeFile(join(workspace, 'spec.json'), SPEC);
  });
  afterAll(async () => {
    await rm(workspace, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });
  const build = (inputs: Record<string, string> = {}, options: Parameters<Job['step']>[2] = {}) =>
    job.step(
      'build-and-push',
      { image: IMAGE, tags: 'one, two', reuse: 'false', build_args: `BASE=${BASE}\nGREETING=a=b`, ...inputs },
      { workspace, ...options },
    );

  it('creates the repository, pushes every tag, and gives the digest that the registry holds', async () => {
    const { outputs, summary } = await build({ spec_command: 'cat /spec.json', labels: 'team=forecast' });
    expect(outputs.image).toBe(`${IMAGE}@${outputs.digest}`);
    expect(outputs.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(outputs.tags).toBe(`${IMAGE}:one\n${IMAGE}:two`);
    expect(await readFile(outputs.spec ?? '', 'utf8')).toBe(SPEC);
    expect(summary).toContain('the repository images was created');

    const { config } = await inspect(job);
    expect(config.Labels).toMatchObject({
      greeting: 'a=b',
      team: 'forecast',
      'org.opencontainers.image.source': 'https://github.com/example/fastapi-on-cloud-run',
      'org.opencontainers.image.revision': '0123456789abcdef0123456789abcdef01234567',
    });
  });

  it('gives the same digest for the same sources', async () => {
    const first = await build();
    const second = await build();
    expect(second.outputs).toMatchObject({ digest: first.outputs.digest, changed: 'false' });
    expect(second.summary).toContain('nothing changed');
  });

  it('hands build secrets to BuildKit as files, or says that it takes BuildKit', async () => {
    const hash = createHash('sha256').update('open=sesame').digest('hex');
    await writeFile(
      join(workspace, 'Dockerfile.secret'),
      // What the file must hold is told by its hash: the Dockerfile shows in the log.
      `ARG BASE\nFROM \${BASE}\nRUN --mount=type=secret,id=TOKEN echo "${hash}  /run/secrets/TOKEN" | sha256sum -c\n`,
    );
    const given = {
      file: join(workspace, 'Dockerfile.secret'),
      secrets: 'TOKEN=open=sesame',
      tags: 'secret',
    };
    const options = { secrets: ['open=sesame'], fails: 'either' } as const;
    const { exitCode, log, annotations } = await build(given, options);
    if (exitCode === 0) expect(log).toMatch(/builds with (buildx|the engine's own BuildKit)/);
    else expect(annotations[0]?.message).toContain('needs BuildKit');
  });

  it('shows the failing command of a build, and leaves nothing behind', async () => {
    await writeFile(
      join(workspace, 'Dockerfile.broken'),
      `ARG BASE\nFROM \${BASE}\nRUN echo about to fail && exit 7\n`,
    );
    const { annotations } = await build({ file: join(workspace, 'Dockerfile.broken') }, { fails: true });
    expect(annotations[0]?.message).toMatch(
      /^The build failed at line 3 of Dockerfile\.broken, in RUN [\s\S]*exit code: 7\nabout to fail$/,
    );
  });

  it('says what a spec_command printed when it is no document', async () => {
    const { annotations } = await build({ spec_command: 'echo hello' }, { fails: true });
    expect(annotations[0]?.message).toContain(
      'Input "spec_command" printed something other than an OpenAPI document: hello',
    );
    const { annotations: failed } = await build({ spec_command: 'echo oh no >&2; exit 3' }, { fails: true });
    expect(failed[0]?.message).toMatch(/failed in the image with exit code 3:\noh no/);
  });

  it('reads ~/.docker and never writes it', async () => {
    const home = await mkdtemp(join(tmpdir(), 'gangway-home-'));
    await mkdir(join(home, '.docker'));
    const config = JSON.stringify({
      auths: { 'registry.example.com': { auth: 'dTpw' } },
      credsStore: 'not-there',
    });
    await writeFile(join(home, '.docker/config.json'), config);
    const { exitCode } = await build({ tags: 'home' }, { env: { HOME: home } });
    expect(exitCode).toBe(0);
    expect(await readFile(join(home, '.docker/config.json'), 'utf8')).toBe(config);
    await rm(home, { recursive: true, force: true });
  });

  it('stops a build when the step is cancelled', async () => {
    await writeFile(
      join(workspace, 'Dockerfile.slow'),
      `ARG BASE\nFROM \${BASE}\nRUN echo building; sleep 300\n`,
    );
    const cancel = new AbortController();
    let cancelled = Number.NaN;
    const onLine = (line: string) => {
      if (!/(^| )building$/.test(line)) return;
      cancelled = performance.now();
      cancel.abort();
    };
    const { exitCode, annotations } = await build(
      { file: join(workspace, 'Dockerfile.slow'), tags: 'slow' },
      { fails: true, signal: cancel.signal, onLine },
    );
    expect(performance.now() - cancelled).toBeLessThan(RUNNER_PATIENCE);
    expect(exitCode).toBe(130);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The step was cancelled\./),
    ]);
    await expect.poll(() => running('sleep 300'), { timeout: 10_000 }).toEqual([]);
  });

  it('stops a spec_command that never ends to print, and its container', async () => {
    const started = performance.now();
    const { annotations, log } = await build(
      { tags: 'spec', spec_command: 'yes gangway-endless' },
      { fails: true },
    );
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Input "spec_command" was stopped in the image: it printed more than 67,108,864 characters\.\nTo fix it: let it print the OpenAPI document alone/,
      ),
    ]);
    expect(log).not.toContain('gangway-endless\ngangway-endless');
    expect(performance.now() - started).toBeLessThan(90_000);
    await expect.poll(() => running('yes gangway-endless'), { timeout: 10_000 }).toEqual([]);
  });

  it('stops the container of spec_command when the step is cancelled, even one that ignores it', async () => {
    const cancel = new AbortController();
    const step = build(
      { tags: 'spec', spec_command: "trap '' INT TERM; sleep 301; sleep 301" },
      { fails: true, signal: cancel.signal },
    );
    await expect.poll(() => running('sleep 301'), { timeout: 30_000 }).toHaveLength(1);
    const cancelled = performance.now();
    cancel.abort();
    expect((await step).exitCode).toBe(130);
    expect(performance.now() - cancelled).toBeLessThan(RUNNER_PATIENCE);
    await expect.poll(() => running('sleep 301'), { timeout: 10_000 }).toEqual([]);
  });

  it('names the permission that a push lacks', async () => {
    await using own = await startJob();
    const resource = `projects/${own.project}`;
    const { bindings } = own.cloud.iam.get(resource);
    own.cloud.iam.set(resource, {
      bindings: bindings.map(({ role, members }) =>
        role === 'roles/artifactregistry.admin'
          ? { role: 'roles/artifactregistry.reader', members }
          : { role, members },
      ),
    });
    const missing = await own.step(
      'build-and-push',
      { image: IMAGE, create_repository: 'false' },
      { fails: true, workspace },
    );
    expect(missing.annotations[0]?.message).toContain('does not exist in demo-project');
    await create(own);
    const { annotations } = await own.step(
      'build-and-push',
      { image: IMAGE, build_args: `BASE=${BASE}` },
      { fails: true, workspace },
    );
    expect(annotations[0]?.message).toMatch(
      /Permission "artifactregistry\.repositories\.uploadArtifacts" denied[\s\S]*roles\/artifactregistry\.writer/,
    );
  });

  it('removes its credentials in the post step', () => job.post());
});

/** Containers that run a command. */
async function running(command: string): Promise<string[]> {
  const { stdout } = await run('docker', ['ps', '--no-trunc', '--format', '{{.ID}} {{.Command}}']);
  return stdout.split('\n').filter((line) => line.includes(command));
}

async function inspect({ cloud }: Job): Promise<{ config: { Labels: Record<string, string> } }> {
  const reference = `127.0.0.1:${new URL(cloud.origin).port}/${IMAGE}:one`;
  const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{json .Config}}', reference]);
  return { config: JSON.parse(stdout) as { Labels: Record<string, string> } };
}

async function create({ cloud }: Job): Promise<void> {
  const { token } = cloud.tokens.issue(
    { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
    600,
  );
  await fetch(
    `${cloud.origin}/v1/projects/demo-project/locations/us-central1/repositories?repositoryId=images`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ format: 'DOCKER' }),
    },
  );
}
