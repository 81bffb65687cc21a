import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, busybox
// some tests need: buildx, buildkit

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const DOCKERFILE = `FROM scratch AS tools
COPY busybox /bin/sh
FROM tools AS deps
RUN echo deps >/deps
FROM tools AS unused
RUN echo unused >/unused
FROM tools AS runtime
COPY --from=deps /deps /
COPY source /
CMD ["sh"]
`;

const [busybox] = find('busybox');
const builders = await findBuilders(['classic', 'buildkit', 'remote']);
beforeAll(() => builders.start());
afterAll(() => builders.stop());

for (const { env, missing, title } of builders.all)
  describe.skipIf(missing || !busybox)(`stages pushed by the builder ${title}`, () => {
    let job: Job;
    let workspace: string;
    beforeAll(async () => {
      job = await startJob();
      workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
      await copyBusybox(join(workspace, 'busybox'));
      await writeFile(join(workspace, 'Dockerfile'), DOCKERFILE);
      await writeFile(join(workspace, 'source'), `${Math.random()}\n`);
    });
    afterAll(async () => {
      await rm(workspace, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    });
    const build = (inputs: Readonly<Record<string, string>>, fails = false) =>
      job.step(
        'build-and-push',
        { image: IMAGE, tags: 'one', cache: 'off', ...inputs },
        { workspace, env, ...(fails && { fails }) },
      );
    const digest = (tag: string) => registryOf(job.cloud, IMAGE).digest(tag);

    it('have tags of their own, and are built where they are not there', async () => {
      const first = await build({});
      expect(await digest('deps')).toBeUndefined();
      const { log, outputs } = await build({ stages: 'push' });
      expect(log).toContain('Stage deps');
      const [tools, deps] = [await digest('tools'), await digest('deps')];
      expect(tools).toMatch(/^sha256:/);
      expect(deps).toMatch(/^sha256:/);
      expect(new Set([tools, deps, outputs.digest]).size).toBe(3);
      expect(await digest('one')).toBe(outputs.digest);
      expect(await digest('unused')).toBeUndefined();
      expect(first.outputs.digest).toBeDefined();

      const again = await build({ stages: 'push' });
      expect(again.log).toContain(
        'The tags of the stages stay as they are, as nothing is built: tools, deps.',
      );
      expect([await digest('tools'), await digest('deps')]).toEqual([tools, deps]);
    });

    it('are those that are named', async () => {
      await writeFile(join(workspace, 'source'), `${Math.random()}\n`);
      const { log } = await build({ stages: 'deps', image: `${IMAGE}-named` });
      expect(log).toContain('Stage deps');
      expect(await registryOf(job.cloud, `${IMAGE}-named`).digest('deps')).toMatch(/^sha256:/);
      expect(await registryOf(job.cloud, `${IMAGE}-named`).digest('tools')).toBeUndefined();
    });

    it.each<[Record<string, string>, string]>([
      [{ stages: 'unused' }, 'Input "stages" is not valid: "unused"'],
      [{ stages: 'runtime' }, 'Input "stages" is not valid: "runtime"'],
      [{ stages: 'push', target: 'tools' }, 'has no named stage before the last'],
      [{ stages: 'deps', tags: 'deps' }, 'the image itself gets the tag deps'],
      [{ stages: 'push', immutable_tags: 'true', tags: 'sha' }, 'the tag of a stage moves with each build'],
      [{ stages: 'push', from_image: 'nginx:1', context: '.' }, 'from_image builds nothing'],
    ])('are refused before any request: %j', async (inputs, message) => {
      const { annotations, log } = await build(inputs, true);
      const said = annotations.map((one) => one.message).join();
      expect(`${said}\n${log}`).toContain(message);
    });
  });
