import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, buildx, current-engine

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const OCI = 'application/vnd.oci.image';

const builders = await findBuilders(['containerd']);
const [{ env, missing, title } = { env: {}, missing: 'none', title: '' }] = builders.all;
beforeAll(() => builders.start());
afterAll(() => builders.stop());

describe.skipIf(missing)(`an engine with the containerd image store: ${title}`, () => {
  let job: Job;
  let workspace: string;
  beforeAll(async () => {
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    await writeFile(join(workspace, 'hello.txt'), 'hello\n');
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\nCOPY hello.txt /\n');
  });
  afterAll(async () => {
    await rm(workspace, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });
  const build = (inputs: Record<string, string> = {}, more: Record<string, string> = {}, fails = false) =>
    job.step(
      'build-and-push',
      { image: IMAGE, reuse: 'false', cache: 'off', ...inputs },
      { workspace, fails, env: { ...env, ...more } },
    );
  const registry = () => registryOf(job.cloud, IMAGE);

  it('pushes one plain OCI manifest by default, with the annotations filled in', async () => {
    const { outputs, log } = await build({ tags: 'plain', annotations: 'team=forecast' });
    expect(log).toMatch(
      /engine 2\d\.\S+ with the containerd image store, builds with buildx \(driver docker\)/,
    );
    expect(await registry().manifest(outputs.digest ?? '')).toMatchObject({
      mediaType: `${OCI}.manifest.v1+json`,
      annotations: {
        team: 'forecast',
        'org.opencontainers.image.source': 'https://github.com/example/fastapi-on-cloud-run',
      },
    });
  });

  it('builds for several platforms into one index, attested', async () => {
    const inputs = { platforms: 'linux/amd64, linux/arm64', provenance: 'max', tags: 'many, more' };
    const { outputs } = await build(inputs);
    const index = await registry().manifest('many');
    expect(index.mediaType).toBe(`${OCI}.index.v1+json`);
    expect(index.manifests.map(({ platform }) => platform?.architecture)).toEqual([
      'amd64',
      'arm64',
      'unknown',
      'unknown',
    ]);
    for (const { digest, platform } of index.manifests.slice(0, 2))
      expect((await registry().config(digest)).architecture).toBe(platform?.architecture);
    for (const tag of ['many', 'more']) expect(await registry().digest(tag)).toBe(outputs.digest);
  });

  it.each([
    ['zstd', `${OCI}.layer.v1.tar+zstd`],
    ['gzip', `${OCI}.layer.v1.tar+gzip`],
  ])('compresses layers with %s', async (compression, type) => {
    const { outputs } = await build({ compression, tags: compression });
    const { layers } = await registry().manifest(outputs.digest ?? '');
    expect(layers.map(({ mediaType }) => mediaType)).toEqual([type]);
  });

  it('can not rewrite times, and says what can', async () => {
    const { annotations } = await build(
      { reproducible: 'true', tags: 'same' },
      { SOURCE_DATE_EPOCH: '1704164645' },
      true,
    );
    expect(annotations[0]?.message).toMatch(
      /^Input "reproducible" needs a builder of its own .*[\s\S]*To fix it: add docker\/setup-buildx-action/,
    );
  });

  it('keeps what it did in the registry for an engine that has done nothing', async () => {
    const inputs = { tags: 'cached', cache: 'auto' };
    expect((await build(inputs)).log).toContain('There is no cache in');
    const { log } = await build(inputs);
    expect(log).toMatch(/Using the cache \S+\/cache:main\./);
    expect(log).toMatch(/Instructions from the cache: .*1 of 1/);
  });

  it('leaves nothing behind', () => job.post());
});
