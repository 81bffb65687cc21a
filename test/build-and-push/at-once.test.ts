import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, run } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { FAULT_SEED, howMany } from '../helpers/fault-runs.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, busybox
// some tests need: buildx, current-engine, buildkit
// takes minutes

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const ROUNDS = howMany({ few: 1, half: 1, usual: 1, all: 50 });
const AT_ONCE = 3;
/** What the first tag of a run is, which is under what Docker used to build and push. */
const TAGS = ['branch, sha', 'latest, sha', 'sha, latest', 'latest'];
const DOCKERFILE = 'FROM scratch\nCOPY busybox /bin/sh\nCOPY busybox /bin/cat\nCOPY spec.json /\n';

const [busybox] = find('busybox');
const builders = await findBuilders(['classic', 'buildkit', 'docker', 'containerd', 'remote']);
beforeAll(() => builders.start());
afterAll(() => builders.stop());

describe.each(builders.all)('builds of one image at once, by the builder $title', ({ env, missing }) => {
  let job: Job;
  let folder: string;
  beforeAll(async () => {
    job = await startJob();
    folder = await mkdtemp(join(tmpdir(), 'gangway-at-once-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });

  /** A commit with sources of its own, and a runner with its own RUNNER_TEMP. */
  async function prepare(name: string) {
    const workspace = join(folder, name, 'workspace');
    const temp = join(folder, name, 'temp');
    for (const path of [workspace, temp]) await mkdir(path, { recursive: true });
    await copyFile(busybox ?? '', join(workspace, 'busybox'));
    await writeFile(join(workspace, 'Dockerfile'), DOCKERFILE);
    const spec = `{"openapi":"3.1.0","info":{"title":"${name}","version":"1"},"paths":{}}`;
    await writeFile(join(workspace, 'spec.json'), spec);
    const sha = createHash('sha1').update(name).digest('hex');
    const payload = join(folder, name, 'event.json');
    await writeFile(payload, JSON.stringify({ repository: { name: 'app', default_branch: 'main' } }));
    return {
      spec,
      sha,
      build: (inputs: Record<string, string>) =>
        job.step(
          'build-and-push',
          { image: IMAGE, network: 'none', cache: 'off', spec_command: 'cat /spec.json', ...inputs },
          {
            workspace,
            env: {
              ...env,
              RUNNER_TEMP: temp,
              GITHUB_SHA: sha,
              GITHUB_REF: 'refs/heads/main',
              GITHUB_EVENT_PATH: payload,
            },
          },
        ),
    };
  }

  const may = (role: string) => {
    const resource = `projects/${job.project}`;
    const { bindings } = job.cloud.iam.get(resource);
    const changed = bindings.map((binding) =>
      /^roles\/artifactregistry\./.test(binding.role) ? { ...binding, role } : binding,
    );
    job.cloud.iam.set(resource, { bindings: changed });
  };

  it.skipIf(missing || !busybox)(
    `gives each its own image and document, ${ROUNDS} times`,
    async () => {
      const draw = lots(FAULT_SEED);
      const registry = registryOf(job.cloud, IMAGE);
      for (let round = 0; round < ROUNDS * 2; round++) {
        // A writer can't delete tags, so the image has to go under one that stays.
        may(round % 2 === 0 ? 'roles/artifactregistry.admin' : 'roles/artifactregistry.writer');
        const reuse = String(draw(4) > 0);
        const commits = await Promise.all(
          [...Array(AT_ONCE).keys()].map((index) => prepare(`${round}-${index}`)),
        );
        const what = `seed ${FAULT_SEED}, round ${round}, reuse ${reuse}`;
        for (const again of [false, true]) {
          const runs = await Promise.all(
            commits.map(({ build }) => build({ tags: TAGS[draw(TAGS.length)] ?? '', reuse })),
          );
          for (const [index, { outputs }] of runs.entries()) {
            const { spec, sha } = commits[index] ?? { spec: '', sha: '' };
            expect(await readFile(outputs.spec ?? '', 'utf8'), what).toBe(spec);
            const { config } = await registry.config(outputs.digest ?? '');
            expect(config.Labels, what).toMatchObject({ 'org.opencontainers.image.revision': sha });
            if (outputs.tags?.includes(sha)) expect(await registry.digest(sha), what).toBe(outputs.digest);
            expect(outputs.reused, what).toBe(String(again && reuse === 'true'));
          }
          const digests = runs.map(({ outputs }) => outputs.digest);
          for (const tag of ['latest', 'main']) {
            const named = await registry.digest(tag);
            if (runs.every(({ outputs }) => outputs.tags?.includes(`:${tag}`)))
              expect(digests, what).toContain(named);
          }
        }
      }
      const { tags } = await registry.list();
      expect(tags.filter((tag) => tag.startsWith('gangway-run-'))).toEqual([]);
      const inEngine = await run('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'], {
        env: { ...process.env, ...env },
      }).catch(() => '');
      const { host } = new URL(job.cloud.origin);
      expect(
        inEngine.split('\n').filter((name) => name.startsWith(host) && name.includes(':gangway-run-')),
      ).toEqual([]);
    },
    600_000,
  );
});

/** Numbers below a bound, the same ones for the same seed. */
function lots(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    // Numerical Recipes' linear congruential generator; its upper bits are the better ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
