import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { StepResult } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { workspace as files } from '../helpers/run-job.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: base-image
// some tests need: flytekit

const execute = promisify(execFile);
const BASE = await shellBase();
const { GANGWAY_FLYTEKIT: flytekit } = process.env;
const REPOSITORY = 'us-central1-docker.pkg.dev/demo-project/images';
const IMAGE_SPEC = `import sys
from flytekit import ImageSpec
spec = ImageSpec(name='spec', registry=sys.argv[1], packages=['example'])
print(spec.image_name())
print(spec.exist())`;

describe('docker_login of build-and-push, before any request', () => {
  it.each([
    [{ docker_login: 'always' }, 'Input "docker_login" is not valid: "always"'],
    [{ docker_login: 'job', untag: 'true', tags: 'old' }, 'a step that removes tags pushes nothing'],
  ])('refuses %o', async (inputs, message) => {
    await using job = await startJob();
    await using folder = await files({ Dockerfile: 'FROM scratch\n' });
    const requests = await job.requests(async () => {
      const step = await job.step(
        'build-and-push',
        { image: `${REPOSITORY}/app`, ...inputs },
        { fails: true, workspace: folder.path },
      );
      expect(step.annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });
});

describe.skipIf(!BASE)('later steps of a job after build-and-push (npm test prepares an engine)', () => {
  let folder: string;
  let workspace: string;
  let job: Job;
  let step: StepResult;
  /** As Docker names the repository on the local cloud. */
  let place: string;
  const home = () => join(folder, 'home');
  const own = () => join(home(), '.docker', 'config.json');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-login-'));
    workspace = join(folder, 'workspace');
    await mkdir(workspace);
    await mkdir(join(home(), '.docker'), { recursive: true });
    await writeFile(own(), '{"auths":{}}');
    await writeFile(join(workspace, 'Dockerfile'), 'ARG BASE\nFROM $BASE\nLABEL name=one\n');
    job = await startJob();
    place = `${new URL(job.cloud.origin).host}/${REPOSITORY}`;
    step = await build({ docker_login: 'job' });
  });
  afterAll(async () => {
    await job[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const build = (inputs: Record<string, string>) => {
    const given = { image: `${REPOSITORY}/app`, build_args: `BASE=${BASE}`, tags: 'one', ...inputs };
    return job.step('build-and-push', given, { workspace, env: { HOME: home() } });
  };

  /** Runs a program as the runner runs a step after those. */
  async function later(after: StepResult, program: string, args: readonly string[], more = {}) {
    const { DOCKER_CONFIG: _, ...environment } = process.env;
    const PATH = [...after.path.toReversed(), process.env.PATH].join(delimiter);
    const env = { ...environment, HOME: home(), ...after.exported, ...more, PATH };
    return execute(program, args, { env, cwd: workspace }).then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
    );
  }

  const push = async (after: StepResult, name: string) => {
    const reference = `${place}/${name}`;
    const built = await later(after, 'docker', [
      'build',
      '--build-arg',
      `BASE=${BASE}`,
      '--tag',
      reference,
      '.',
    ]);
    expect(built.code, built.said).toBe(0);
    return later(after, 'docker', ['push', reference]);
  };

  it('can push to the same repository with docker', async () => {
    const pushed = await push(step, 'second:one');
    expect(pushed.code, pushed.said).toBe(0);
    const name = 'projects/demo-project/locations/us-central1/repositories/images';
    const tags = job.cloud.artifactRegistry.find(name)?.images.get('second')?.tags;
    expect(tags?.get('one')).toBe(/digest: (sha256:\w+)/.exec(pushed.said)?.[1]);
  });

  it('have the token in no variable, log or file of the workspace, and masked', async () => {
    const file = join(step.exported.DOCKER_CONFIG ?? '', '..', 'credential.json');
    const { Secret: token } = JSON.parse(await readFile(file, 'utf8'));
    expect(job.cloud.tokens.verify(token)).toBeTruthy();
    const basic = Buffer.from(`oauth2accesstoken:${token}`).toString('base64');
    for (const secret of [token, basic]) {
      expect(step.log).not.toContain(secret);
      expect(JSON.stringify([step.exported, step.outputs, step.path])).not.toContain(secret);
      expect(step.masks).toContain(secret);
    }
    expect(step.exported.DOCKER_CONFIG?.startsWith(join(job.temp, 'gangway-'))).toBe(true);
    expect(await readFile(own(), 'utf8')).toBe('{"auths":{}}');
  });

  it.skipIf(!flytekit)("let Flyte's ImageSpec find an existing image, and miss another", async () => {
    const python = ['-c', IMAGE_SPEC, place];
    const env = { PYTHONPATH: flytekit ?? '' };
    const before = await later(step, 'python3', python, env);
    expect(before.code, before.said).toBe(0);
    const [, name = '', exists] = /^(\S+)\n(\w+)$/m.exec(before.said) ?? [];
    expect([name.startsWith(`${place}/spec:`), exists], before.said).toEqual([true, 'False']);
    expect((await push(step, name.slice(place.length + 1))).code).toBe(0);
    expect((await later(step, 'python3', python, env)).said).toContain(`${name}\nTrue\n`);
  });

  it('can not without it, nor after the post step, which leaves nothing', async () => {
    const denied = await push({ ...step, exported: {}, path: [] }, 'third:one');
    expect(denied.code).not.toBe(0);
    expect(denied.said).toMatch(/denied|unauthorized|authentication required/i);
    const plain = await build({ tags: 'two' });
    expect([plain.exported, plain.path]).toEqual([{}, []]);
    await job.post();
    expect(existsSync(step.exported.DOCKER_CONFIG ?? '')).toBe(false);
    const late = await push(step, 'third:one');
    expect(late.code).not.toBe(0);
    expect(late.said).toMatch(/denied|unauthorized|authentication required/i);
  });
});
