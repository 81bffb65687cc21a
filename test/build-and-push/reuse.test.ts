import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, busybox

const run = promisify(execFile);
const [busybox] = find('busybox');
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const SPEC = '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}';
/** A runner without Docker. */
const NO_DOCKER = { PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' };

describe.skipIf(!process.env.GANGWAY_BASE_IMAGE || !busybox)(
  'build-and-push of sources that were built before',
  () => {
    let job: Job;
    let workspace: string;
    // What builds keep for one another is another matter, and each that keeps it takes half as long again.
    const build = (inputs: Record<string, string> = {}, options: Parameters<Job['step']>[2] = {}) =>
      job.step(
        'build-and-push',
        { image: IMAGE, tags: 'one, latest', cache: 'off', ...inputs },
        { workspace, ...options },
      );
    const file = (name: string, content: string) => writeFile(join(workspace, name), content);

    beforeAll(async () => {
      job = await startJob();
      workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
      await mkdir(join(workspace, 'bin'));
      for (const name of ['sh', 'cat']) await copyFile(busybox ?? '', join(workspace, 'bin', name));
      await file('Dockerfile', 'FROM scratch\nARG GREETING=none\nENV GREETING=$GREETING\nCOPY . /\n');
      await file('spec.json', SPEC);
      await file('.dockerignore', '*.md\n');
      await build();
    });
    afterAll(async () => {
      await rm(workspace, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    });

    it('takes the image by a few requests, without an engine', async () => {
      const first = await build();
      let again: Awaited<ReturnType<typeof build>> | undefined;
      const started = performance.now();
      const requests = await job.requests(async () => {
        again = await build({ tags: 'two, latest' }, { env: { ...NO_DOCKER, GITHUB_SHA: 'f'.repeat(40) } });
      });
      expect(performance.now() - started).toBeLessThan(5000);
      expect(again?.outputs).toMatchObject({ reused: 'true', changed: 'true', digest: first.outputs.digest });
      expect(again?.outputs.tags).toBe(`${IMAGE}:two\n${IMAGE}:latest`);
      expect(again?.summary).toContain('Built from the same sources before');
      expect(again?.log).toContain('It keeps its own labels');
      expect(requests.map((line) => line.replace(/\/v2\/.*\/manifests\/(gangway-)?.*/, '… $1'))).toEqual([
        expect.stringMatching(/^GET .*audience=/),
        'POST /v1/token',
        expect.stringMatching(/^POST .*:generateAccessToken$/),
        'GET … gangway-',
        expect.stringMatching(/^GET .*\/repositories\/images$/),
        'HEAD … ',
        'PUT … ',
        'HEAD … ',
      ]);
    });

    it('knows thousands of files again, which threads read', async () => {
      const many = join(workspace, 'many');
      await mkdir(many);
      const names = [...Array(3000).keys()].map((n) => `${n}.txt`);
      await Promise.all(names.map((name) => writeFile(join(many, name), name)));
      const first = await build();
      expect(first.outputs.reused).toBe('false');
      const again = await build({}, { env: NO_DOCKER });
      expect(again.outputs).toMatchObject({ reused: 'true', digest: first.outputs.digest });
      await writeFile(join(many, '2999.txt'), 'another');
      const changed = await build({}, { env: NO_DOCKER, fails: true });
      expect(changed.annotations[0]?.message).toMatch(/[Dd]ocker/);
      await rm(many, { recursive: true });
    });

    it('hands on what spec_command printed then', async () => {
      const inputs = { spec_command: 'cat /spec.json' };
      const first = await build(inputs);
      expect(first.outputs.reused).toBe('false');
      let again: Awaited<ReturnType<typeof build>> | undefined;
      const requests = await job.requests(async () => {
        again = await build(inputs, { env: NO_DOCKER });
      });
      expect(again?.outputs).toMatchObject({
        reused: 'true',
        changed: 'false',
        digest: first.outputs.digest,
      });
      expect(await readFile(again?.outputs.spec ?? '', 'utf8')).toBe(SPEC);
      expect(requests.length).toBeLessThanOrEqual(10);
      const other = await build({ spec_command: 'cat /spec.json # another' });
      expect(other.outputs.reused).toBe('false');
    });

    it('takes the image for the tags of another commit where tags are immutable', async () => {
      const image = IMAGE.replace('/images/', '/releases/');
      const release = (env: Record<string, string> = {}) =>
        build({ image, tags: 'sha', immutable_tags: 'true' }, { env });
      const first = await release();
      expect(first.outputs.reused).toBe('false');
      const next = await release({ ...NO_DOCKER, GITHUB_SHA: 'f'.repeat(40) });
      expect(next.outputs).toMatchObject({ reused: 'true', changed: 'true', digest: first.outputs.digest });
      expect(next.outputs.tags).toBe(`${image}:${'f'.repeat(40)}`);
    });

    it('counts what is in the image, and nothing else', async () => {
      const reused = async (inputs: Record<string, string> = {}) => (await build(inputs)).outputs.reused;
      expect(await reused()).toBe('true');

      await file('notes.md', 'left out by .dockerignore');
      await mkdir(join(workspace, '.git'));
      await file('.git/HEAD', 'ref: refs/heads/main');
      await utimes(join(workspace, 'spec.json'), 0, 0);
      await chmod(join(workspace, 'spec.json'), 0o600);
      expect(await reused({ labels: 'org.opencontainers.image.created=now', build_args: 'UNUSED=1' })).toBe(
        'true',
      );

      expect(await reused({ reuse: 'false' })).toBe('false');
      expect(await reused({ labels: 'team=forecast' })).toBe('false');
      expect(await reused({ build_args: 'GREETING=hello' })).toBe('false');
      await chmod(join(workspace, 'spec.json'), 0o755);
      expect(await reused()).toBe('false');
      expect(await reused()).toBe('true');
      await file('new', '');
      expect(await reused()).toBe('false');
      await file('new', 'other');
      expect(await reused()).toBe('false');
    });

    it('asks what a base image is now', async () => {
      const registry = new URL(job.cloud.origin).host;
      await build({ image: `${IMAGE}-base`, tags: '24' });
      const base = `${registry}/${IMAGE}-base:24`;
      await file('Dockerfile.based', `ARG BASE\nFROM $BASE\nLABEL a=b\n`);
      const inputs = { file: join(workspace, 'Dockerfile.based'), build_args: `BASE=${base}`, tags: 'based' };
      // The engine pulls the base by itself, and the step's credentials.
      expect((await build(inputs)).outputs.reused).toBe('false');
      let again: Awaited<ReturnType<typeof build>> | undefined;
      const requests = await job.requests(async () => {
        again = await build(inputs, { env: NO_DOCKER });
      });
      expect(again?.outputs.reused).toBe('true');
      expect(requests).toContain(`HEAD /v2/${IMAGE}-base/manifests/24`);
      expect(requests.length).toBeLessThanOrEqual(10);

      await build({ image: `${IMAGE}-base`, tags: '24', labels: 'moved=on' });
      expect((await build({ ...inputs, pull: 'true' })).outputs.reused).toBe('false');
    });

    it('builds where a base image can not be looked up, and says what helps', async () => {
      const local = `${new URL(job.cloud.origin).host}/${IMAGE}:one`;
      await file('Dockerfile.local', `FROM 127.0.0.1:1/base\n`);
      const inputs = { file: join(workspace, 'Dockerfile.local'), tags: 'local' };
      await run('docker', ['tag', local, '127.0.0.1:1/base']);
      const { outputs, log } = await build(inputs);
      await run('docker', ['rmi', '--no-prune', '127.0.0.1:1/base']);
      expect(outputs.reused).toBe('false');
      expect(log).toMatch(
        /Building, as the base image 127\.0\.0\.1:1\/base can't be looked up .*sign in to 127\.0\.0\.1:1 .*pin the image by its digest/,
      );
    });

    it.each([
      ['ADD https://example.com/a /\n', 'ADD https://example.com/a may bring something else'],
      ['COPY .git /git\n', 'the Dockerfile copies .git'],
    ])('has no key for %j', async (line, why) => {
      await file('Dockerfile.open', `FROM scratch\n${line}`);
      const { log } = await build(
        { file: join(workspace, 'Dockerfile.open'), tags: 'open' },
        { fails: 'either', env: NO_DOCKER },
      );
      expect(log).toContain(`Building, as ${why}`);
    });

    it('knows the arguments that only a base image declares, and warns of those that nothing does', async () => {
      const { host } = new URL(job.cloud.origin);
      await file(
        'Dockerfile.base',
        'FROM scratch\nONBUILD ARG WHO\nONBUILD ENV WHO=$WHO\nCOPY spec.json /\n',
      );
      await build({ image: `${IMAGE}-base`, file: join(workspace, 'Dockerfile.base') });
      await file('Dockerfile.top', `FROM ${host}/${IMAGE}-base:one\nARG 'GREETING'\n`);
      const top = (args: string) => build({ file: join(workspace, 'Dockerfile.top'), build_args: args });
      const first = await top('WHO=me\nGREETING=hi');
      expect(first.annotations).toEqual([]);
      expect((await top('WHO=me\nGREETING=hi')).outputs.reused).toBe('true');
      expect((await top('WHO=you\nGREETING=hi')).outputs.reused).toBe('false');
      expect((await top('WHO=me\nGREETING=ho')).outputs.reused).toBe('false');
      const { outputs, annotations } = await top('"WHO=me"\nGREETING=hi\nNOBODY=1');
      expect(outputs).toMatchObject({ reused: 'true', digest: first.outputs.digest });
      expect(annotations.map(({ level, message }) => [level, message])).toEqual([
        ['warning', expect.stringContaining('Build argument NOBODY: no ARG of ')],
      ]);
    });

    it('copies an image by its digest without an engine and a checkout, and what is there is not sent again', async () => {
      const { outputs } = await build();
      const empty = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
      const live = 'europe-west1-docker.pkg.dev/demo-project/live/hello';
      const copy = (from_image: string, more: Record<string, string> = {}, fails = false) =>
        job.step(
          'build-and-push',
          { image: live, from_image, tags: 'v1, latest', ...more },
          { workspace: empty, env: NO_DOCKER, fails },
        );
      const first = await copy(outputs.image ?? '');
      expect(first.outputs).toMatchObject({
        image: `${live}@${outputs.digest}`,
        tags: `${live}:v1\n${live}:latest`,
        changed: 'true',
        reused: 'true',
      });
      expect(first.log).toMatch(/Copied .*\/images\/app@sha256:\w+: \d+ blobs sent/);
      const tags = await registryOf(job.cloud, live).list();
      expect(tags.tags.toSorted()).toEqual(['latest', 'v1']);
      const before = job.cloud.requests.length;
      const again = await copy(`${IMAGE}:one`);
      expect(again.outputs).toMatchObject({ digest: outputs.digest, changed: 'false' });
      const sent = job.cloud.requests.slice(before).filter(({ method }) => method === 'PUT');
      expect(sent).toEqual([]);
      const missing = await copy(`${IMAGE}:nowhere`, {}, true);
      expect(missing.annotations[0]?.message).toMatch(
        /"from_image" names .*:nowhere, which is not in its registry/,
      );
      const refused = await copy(`${IMAGE}:one`, { target: 'x' }, true);
      expect(refused.annotations[0]?.message).toContain('leave target out with from_image');
      await rm(empty, { recursive: true });
    });

    it('never fails for a key that can be neither read nor written', async () => {
      job.cloud.faults.add({ match: /^GET .*manifests\/gangway-[0-9a-f]{40}/, times: 1, status: 403 });
      job.cloud.faults.add({ match: /^PUT .*manifests\/gangway-[0-9a-f]{40}/, times: 1, status: 403 });
      const { outputs, log } = await build();
      expect(outputs.reused).toBe('false');
      expect(log).toMatch(/Building, as no earlier image could be looked for: .* with 403/);
      expect(log).toMatch(/could not be put under its key, .* with 403/);
      job.cloud.faults.clear();
    });
  },
);
