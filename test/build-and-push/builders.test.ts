import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, removeImages, run } from '@gangway/engine';
import { RUNNER_PATIENCE } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY, findBuilders } from '../helpers/builders.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, busybox, buildx, buildkit, current-engine, kubernetes
// takes minutes

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const SPEC = '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}';
const DOCKERFILE = `# What every builder can build without a base image.
FROM scratch AS tools
COPY busybox /bin/sh
COPY busybox /bin/busybox

FROM tools AS build
ARG GREETING=none
RUN echo "$GREETING" \\
  > /greeting

FROM tools
LABEL kept=yes
COPY --from=build /greeting /
COPY spec.json /
`;

const [busybox] = find('busybox');
const builders = await findBuilders(EVERY);
beforeAll(() => builders.start());
afterAll(() => builders.stop());

for (const { name, env, missing, pushes, title } of builders.all)
  describe.skipIf(missing || !busybox)(`with the builder ${title}`, () => {
    let job: Job;
    let workspace: string;
    beforeAll(async () => {
      job = await startJob();
      // What an earlier run was stopped before it removed, under the same port.
      await removeImages(new URL(job.cloud.origin).host, env);
      workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
      await copyBusybox(join(workspace, 'busybox'));
      await writeFile(join(workspace, 'Dockerfile'), DOCKERFILE);
      await writeFile(join(workspace, 'spec.json'), SPEC);
    });
    afterAll(async () => {
      await rm(workspace, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    });
    const build = (inputs: Record<string, string> = {}, options: Parameters<Job['step']>[2] = {}) =>
      job.step(
        'build-and-push',
        { image: IMAGE, tags: 'one, two', network: 'none', reuse: 'false', cache: 'off', ...inputs },
        { workspace, env, ...options },
      );
    const dockerfile = async (text: string): Promise<string> => {
      const file = join(workspace, 'Dockerfile.other');
      await writeFile(file, text);
      return file;
    };

    it('pushes every tag, takes the document out of the image, and pushes the same again for the same', async () => {
      const inputs = {
        spec_command: 'busybox cat /spec.json',
        labels: 'team=forecast',
        build_args: 'GREETING=a=b',
      };
      const first = await build(inputs);
      const { digest = '' } = first.outputs;
      const registry = registryOf(job.cloud, IMAGE);
      expect(await registry.digest('one')).toBe(digest);
      expect(await registry.digest('two')).toBe(digest);
      expect((await registry.config(digest)).config.Labels).toMatchObject({
        kept: 'yes',
        team: 'forecast',
        'org.opencontainers.image.revision': '0123456789abcdef0123456789abcdef01234567',
      });
      expect((await registry.manifest(digest)).layers.length).toBeGreaterThan(2);
      expect(first.outputs.spec).toMatch(/openapi\.json$/);
      const second = await build(inputs);
      expect(second.outputs).toMatchObject({ digest, changed: 'false' });
    });

    it('puts the failing command on its line of the Dockerfile, with what it printed', async () => {
      const file = await dockerfile(
        DOCKERFILE.replace('RUN echo "$GREETING"', 'RUN echo first >&2; echo the reason >&2; exit 7'),
      );
      const { annotations } = await build({ file }, { fails: true });
      expect(annotations).toEqual([
        expect.objectContaining({
          level: 'error',
          properties: { file: 'Dockerfile.other', line: '8' },
        }),
      ]);
      expect(annotations[0]?.message).toMatch(
        /^The build failed at line 8 of Dockerfile\.other, in RUN echo first.*: exit code: 7\nfirst\nthe reason$/,
      );
    });

    it.each([
      [
        'a word that is no instruction',
        DOCKERFILE.replace('LABEL', 'LABLE'),
        '12',
        /unknown instruction: LABLE/i,
      ],
      [
        'a file that is not there',
        DOCKERFILE.replace('COPY spec.json', 'COPY nothing.json'),
        '14',
        /nothing\.json/,
      ],
      ['nothing', '# none\n', undefined, /no build stage|empty|no instructions|cannot be empty/i],
    ])('says what is wrong with %s', async (_, text, line, message) => {
      const { annotations } = await build({ file: await dockerfile(text) }, { fails: true });
      expect(annotations).toHaveLength(1);
      expect(annotations[0]?.message).toMatch(message);
      if (line) expect(annotations[0]?.properties).toEqual({ file: 'Dockerfile.other', line });
    });

    it('says that a stage is not there', async () => {
      const { annotations } = await build({ target: 'nowhere' }, { fails: true });
      expect(annotations[0]?.message).toMatch(/nowhere/);
    });

    it('gives secrets to BuildKit as files, or refuses before it builds', async () => {
      await writeFile(join(workspace, 'key.pem'), 'in a file of its own');
      const file = await dockerfile(
        `${DOCKERFILE}RUN --mount=type=secret,id=A --mount=type=secret,id=B --mount=type=secret,id=C busybox wc -c /run/secrets/A /run/secrets/B /run/secrets/C > /sizes\n`,
      );
      const given = {
        file,
        secrets: 'A=open=sesame',
        secret_envs: 'B=MY_SECRET',
        secret_files: 'C=key.pem',
        spec_command: 'busybox cat /sizes',
      };
      const { annotations } = await build(given, {
        fails: true,
        env: { ...env, MY_SECRET: 'line one is long\nline two is long' },
        secrets: ['open=sesame', 'line one is long\nline two is long'],
      });
      if (name === 'classic')
        expect(annotations[0]?.message).toMatch(/^Input "secrets" needs BuildKit.*classic/);
      else expect(annotations[0]?.message).toMatch(/other than an OpenAPI document: 11 .*\n.*33 .*\n.*20 /);
    });

    it.runIf(pushes || name === 'current' || name === 'containerd')('takes named contexts', async () => {
      await mkdir(join(workspace, 'more'));
      await writeFile(join(workspace, 'more/extra.json'), SPEC);
      const file = await dockerfile(`${DOCKERFILE}COPY --from=more extra.json /\n`);
      const { outputs } = await build({
        file,
        build_contexts: `more=${join(workspace, 'more')}`,
        spec_command: 'busybox cat /extra.json',
      });
      expect(outputs.spec).toMatch(/openapi\.json$/);
    });

    it('stops when the step is cancelled, and a run after it converges', async () => {
      const file = await dockerfile(`${DOCKERFILE}RUN echo building; busybox sleep 299\n`);
      const cancel = new AbortController();
      let cancelled = Number.NaN;
      const onLine = (line: string) => {
        if (!/(^| )building$/.test(line)) return;
        cancelled = performance.now();
        cancel.abort();
      };
      const { exitCode, annotations } = await build(
        { file, tags: 'slow' },
        { fails: true, signal: cancel.signal, onLine },
      );
      expect(performance.now() - cancelled).toBeLessThan(RUNNER_PATIENCE);
      expect(exitCode).toBe(130);
      expect(annotations.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^The step was cancelled\./),
      ]);
      await expect.poll(() => processesWith('sleep 299'), { timeout: 10_000 }).toEqual([]);
      expect(await registryOf(job.cloud, IMAGE).digest('slow')).toBeUndefined();
      await build({ tags: 'slow' });
    });

    it('removes what is its own in the post step, and has kept no image that it pulled to look into', async () => {
      await job.post();
      const options = { env: { ...process.env, ...env } };
      const digests = await run(
        'docker',
        ['image', 'ls', '--digests', '--format', '{{.Repository}} {{.Tag}}'],
        options,
      );
      const here = digests.split('\n').filter((line) => line.startsWith(new URL(job.cloud.origin).host));
      if (pushes) expect(here).toEqual([]);
      else expect(here).not.toEqual([]);
    });
  });

/** Command lines of this machine's processes that hold a text. */
async function processesWith(text: string): Promise<string[]> {
  const all = await run('ps', ['-eo', 'args=']);
  return all.split('\n').filter((line) => line.includes(text));
}
