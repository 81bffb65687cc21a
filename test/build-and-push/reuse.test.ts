import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BuiltSources,
  buildSources,
  canBuildSources,
  IMAGE,
  NO_DOCKER,
  SPEC,
} from '../helpers/built-sources.ts';
import { registryOf } from '../helpers/registry.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: base-image, busybox

describe.skipIf(!canBuildSources)('build-and-push of sources that were built before', () => {
  let sources: BuiltSources;
  beforeAll(async () => {
    sources = await buildSources();
  });
  afterAll(() => sources[Symbol.asyncDispose]());

  it('takes the image by a few requests, without an engine', async () => {
    const first = await sources.build();
    let again: Awaited<ReturnType<BuiltSources['build']>> | undefined;
    const requests = await sources.job.requests(async () => {
      again = await sources.build(
        { tags: 'two, latest' },
        { env: { ...NO_DOCKER, GITHUB_SHA: 'f'.repeat(40) } },
      );
    });
    expect(again?.outputs).toMatchObject({ reused: 'true', changed: 'true', digest: first.outputs.digest });
    expect(again?.outputs.tags).toBe(`${IMAGE}:two\n${IMAGE}:latest`);
    expect(again?.summary).toContain('an image of the same sources was reused');
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

  it('takes the image where its base is on this machine alone, by what the engine has', async () => {
    const base = `gangway-test.invalid/base-${randomUUID()}:1`;
    await run('docker', ['tag', (await shellBase()) ?? '', base]);
    try {
      const file = 'Dockerfile.local';
      const inputs = { build_args: `BASE=${base}`, file: join(sources.workspace, file) };
      await sources.file(file, 'ARG BASE\nFROM $BASE\nCOPY spec.json /spec.json\n');
      const first = await sources.build(inputs);
      expect(first.outputs.reused).toBe('false');
      const again = await sources.build(inputs);
      expect(again.outputs, again.log).toMatchObject({ reused: 'true', digest: first.outputs.digest });
      // Another image of the same name is another base.
      const another = `printf 'FROM ${base}\\nLABEL other=1\\n' | docker build --tag ${base} -`;
      await run('sh', ['-c', another]);
      expect((await sources.build(inputs)).outputs.reused).toBe('false');
      expect((await sources.build({ ...inputs, pull: 'true' }, { fails: true })).log).toContain(
        "can't be looked up",
      );
    } finally {
      await run('docker', ['rmi', base]).catch(() => undefined);
    }
  });

  it('hands on what spec_command printed then', async () => {
    const inputs = { spec_command: 'cat /spec.json' };
    const first = await sources.build(inputs);
    expect(first.outputs.reused).toBe('false');
    let again: Awaited<ReturnType<BuiltSources['build']>> | undefined;
    const requests = await sources.job.requests(async () => {
      again = await sources.build(inputs, { env: NO_DOCKER });
    });
    expect(again?.outputs).toMatchObject({
      reused: 'true',
      changed: 'false',
      digest: first.outputs.digest,
    });
    expect(await readFile(again?.outputs.spec ?? '', 'utf8')).toBe(SPEC);
    expect(requests.length).toBeLessThanOrEqual(10);
    const other = await sources.build({ spec_command: 'cat /spec.json # another' });
    expect(other.outputs.reused).toBe('false');
  });

  it('takes the image for the tags of another commit where tags are immutable', async () => {
    const image = IMAGE.replace('/images/', '/releases/');
    const release = (env: Record<string, string> = {}) =>
      sources.build({ image, tags: 'sha', immutable_tags: 'true' }, { env });
    const first = await release();
    expect(first.outputs.reused).toBe('false');
    const next = await release({ ...NO_DOCKER, GITHUB_SHA: 'f'.repeat(40) });
    expect(next.outputs).toMatchObject({ reused: 'true', changed: 'true', digest: first.outputs.digest });
    expect(next.outputs.tags).toBe(`${image}:${'f'.repeat(40)}`);
  });

  it.each([
    ['ADD https://example.com/a /\n', 'ADD https://example.com/a may bring something else'],
    ['COPY .git /git\n', 'the Dockerfile copies .git'],
  ])('has no key for %j', async (line, why) => {
    await sources.file('Dockerfile.open', `FROM scratch\n${line}`);
    const { log } = await sources.build(
      { file: join(sources.workspace, 'Dockerfile.open'), tags: 'open' },
      { fails: 'either', env: NO_DOCKER },
    );
    expect(log).toContain(`Building, because ${why}`);
  });

  it('copies an image by its digest without an engine and a checkout, and what is there is not sent again', async () => {
    const { outputs } = await sources.build();
    const empty = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    const live = 'europe-west1-docker.pkg.dev/demo-project/live/hello';
    const copy = (from_image: string, more: Record<string, string> = {}, fails = false) =>
      sources.job.step(
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
    const tags = await registryOf(sources.job.cloud, live).list();
    expect(tags.tags.toSorted()).toEqual(['latest', 'v1']);
    const before = sources.job.cloud.requests.length;
    const again = await copy(`${IMAGE}:one`);
    expect(again.outputs).toMatchObject({ digest: outputs.digest, changed: 'false' });
    const sent = sources.job.cloud.requests.slice(before).filter(({ method }) => method === 'PUT');
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
    sources.job.cloud.faults.add({ match: /^GET .*manifests\/gangway-[0-9a-f]{40}/, times: 1, status: 403 });
    sources.job.cloud.faults.add({ match: /^PUT .*manifests\/gangway-[0-9a-f]{40}/, times: 1, status: 403 });
    const { outputs, log } = await sources.build();
    expect(outputs.reused).toBe('false');
    expect(log).toMatch(/Building, because earlier images could not be looked up: .* with 403/);
    expect(log).toMatch(/could not be stored under its key, .* with 403/);
    sources.job.cloud.faults.clear();
  });
});
