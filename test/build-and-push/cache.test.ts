import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, run, startBuildkit } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY, findBuilders } from '../helpers/builders.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { type Job, startJob } from '../helpers/job.ts';

// needs: base-image, busybox, buildx, buildkit, current-engine, kubernetes
// takes minutes

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const DOCKERFILE = `FROM scratch AS tools
COPY busybox /bin/sh
FROM tools AS deps
COPY lock /
RUN echo "$(while read -r line; do echo $line; done </lock)" >/deps
FROM tools AS build
COPY --from=deps /deps /
COPY source /
RUN echo built >/built
FROM tools
COPY --from=build /built /
`;

const [busybox] = find('busybox');
const builders = await findBuilders(EVERY);
beforeAll(() => builders.start());
afterAll(() => builders.stop());

for (const { name, env, missing, title } of builders.all)
  describe.skipIf(missing || !busybox)(`the cache of the builder ${title}`, () => {
    let job: Job;
    let workspace: string;
    beforeAll(async () => {
      job = await startJob();
      workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
      await copyBusybox(join(workspace, 'busybox'));
      await writeFile(join(workspace, 'Dockerfile'), DOCKERFILE);
      for (const file of ['lock', 'source']) await writeFile(join(workspace, file), `${Math.random()}\n`);
    });
    afterAll(async () => {
      await rm(workspace, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    });
    const build = async (inputs: Record<string, string> = {}, more: Record<string, string> = {}) => {
      await writeFile(join(workspace, 'source'), `${Math.random()}\n`);
      const options = { workspace, env: { ...env, ...more } };
      return job.step('build-and-push', { image: IMAGE, tags: 'one', ...inputs }, options);
    };
    const cached = () => {
      const name = 'projects/demo-project/locations/us-central1/repositories/images';
      return [...(job.cloud.artifactRegistry.find(name)?.images.get('app/cache')?.tags.keys() ?? [])].sort();
    };

    it.runIf(name === 'remote')('spares a new builder what an earlier one did', async () => {
      const first = await build();
      expect(first.log).toContain('There is no cache in');
      const fresh = await startBuildkit();
      try {
        await run('docker', ['buildx', 'create', '--name', 'fresh', '--driver', 'remote', fresh.address], {
          env: { ...process.env, ...env },
        });
        const { log } = await build(
          { builder: 'fresh' },
          { GITHUB_HEAD_REF: 'feature/one', GITHUB_BASE_REF: 'main' },
        );
        expect(log).toMatch(/Using the cache .*app\/cache:main\./);
        expect(log).toMatch(/Instructions from the cache: .*deps 2 of 2/);
        expect(cached()).toEqual([expect.stringMatching(/^feature-one-[0-9a-f]{8}$/), 'main']);
      } finally {
        await fresh.stop();
      }
    });

    it.runIf(name === 'remote')(
      'is shared by images that name one, and none replaces that of another',
      async () => {
        const [left, right] = ['left', 'right'].map((image) => `${IMAGE.slice(0, -'/app'.length)}/${image}`);
        const cache = IMAGE.replace(/app$/, 'shared');
        const tags = () => {
          const home = 'projects/demo-project/locations/us-central1/repositories/images';
          return [...(job.cloud.artifactRegistry.find(home)?.images.get('shared')?.tags.keys() ?? [])].sort();
        };
        await build({ image: left ?? '', cache });
        const fresh = await startBuildkit();
        try {
          await run('docker', ['buildx', 'create', '--name', 'shared', '--driver', 'remote', fresh.address], {
            env: { ...process.env, ...env },
          });
          const { log } = await build({ image: right ?? '', cache, builder: 'shared' });
          expect(log).toMatch(/Using the cache .*\/shared:main\.left\./);
          expect(log).toMatch(/Instructions from the cache: .*deps 2 of 2/);
          expect(tags()).toEqual(['main.left', 'main.right']);
          const again = await build({ image: left ?? '', cache, builder: 'shared' });
          expect(again.log).toMatch(/Using the cache .*\/shared:main\.left and .*\/shared:main\.right\./);
        } finally {
          await fresh.stop();
        }
      },
    );

    it.runIf(name === 'buildkit' || name === 'classic')('is an image of each stage', async () => {
      const { log } = await build();
      expect(log).toContain('There is no cache in');
      expect(cached()).toEqual(['main.build', 'main.deps', 'main.stage-3', 'main.tools']);
      const again = await build();
      expect(again.log).toMatch(/Using the cache of the stages tools, deps, build, stage-3 in/);
      expect(again.log).toMatch(/Instructions from the cache: .*deps 2 of 2/);
      expect(again.log).toMatch(/Kept .*main\.build/);
      expect(again.log).not.toMatch(/Kept .*main\.deps/);
    });

    it.runIf(name === 'docker' || name === 'current')(
      'is none where it would cost more than it saves, or as with the engine alone',
      async () => {
        const { log } = await build();
        expect(log).toMatch(/No cache: this engine can't write one|There is no cache in/);
      },
    );

    it('never fails a build, whatever the registry says', async () => {
      await build();
      job.cloud.faults.add({ match: /^HEAD .*\/cache\/manifests\//, times: 20, status: 403 });
      job.cloud.faults.add({ match: /^(PUT|POST) .*\/cache\//, times: 200, status: 403 });
      const { exitCode, log, outputs } = await build();
      job.cloud.faults.clear();
      expect(exitCode).toBe(0);
      expect(outputs.reused).toBe('false');
      if (log.includes('No cache: ')) return;
      expect(log).toMatch(/The cache .*can't be read: .*403/);
      expect(log).toMatch(/The cache .*(can't be written|could not be used \(exporting cache)/);
    });

    it('is none where tags can not be moved, unless it is in another repository', async () => {
      const image = IMAGE.replace('/images/', '/releases/');
      const release = (inputs: Record<string, string> = {}) =>
        build({ image, tags: `v${Math.random()}`, immutable_tags: 'true', reuse: 'false', ...inputs });
      const { log } = await release();
      expect(log).toContain('No cache: tags of the repository releases are immutable');
      expect(log).not.toMatch(/--cache-/);
      const cache = `${new URL(job.cloud.origin).host}/${IMAGE}/releases`;
      const elsewhere = await release({ cache });
      if (elsewhere.log.includes('No cache: this engine')) return;
      expect(elsewhere.log).toContain(`There is no cache in ${cache}`);
      expect((await release({ cache })).log).toMatch(
        /Using the cache of|Using the cache .*app\/releases:main/,
      );
    });

    it('is off where it is not wanted', async () => {
      const { log } = await build({ cache: 'off' });
      expect(log).not.toMatch(/--cache-|There is no cache|Using the cache/);
    });
  });
