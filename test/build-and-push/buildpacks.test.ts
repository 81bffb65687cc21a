import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { find, run } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { makePackBuilder, type PackBuilder } from '../helpers/pack-builder.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: engine, pack, busybox
// takes minutes

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const SECRET_OF_CHECKOUT = 'a-token-that-checkout-left-in-git-config';
/** A document that is nothing but what is in the image. */
const LOOK =
  'printf \'{"openapi":"3.1.0","files":"%s","greeting":"%s"}\' "$(cd /workspace && find . | sort | while read f; do printf "%s " "$f"; done)" "$(tr "\n" "|" < /workspace/greeting)"';
const INPUTS = { image: IMAGE, build: 'buildpacks', pack_version: 'path', tags: 'one, two' };

describe.skipIf(find('pack').length === 0)('a build without a Dockerfile', () => {
  let job: Job;
  let workspace: string;
  let builder: PackBuilder;
  beforeAll(async () => {
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    builder = await makePackBuilder(job.cloud);
    await write('app.sh', 'echo hello\n');
    await write('.git/config', SECRET_OF_CHECKOUT);
    await write('gha-creds-0123.json', '{}');
  }, 120_000);
  afterAll(async () => {
    await builder?.[Symbol.asyncDispose]();
    await job[Symbol.asyncDispose]();
    await rm(workspace, { recursive: true, force: true });
  });
  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(workspace, name)), { recursive: true });
    await writeFile(join(workspace, name), text);
  };
  const remove = (name: string) => rm(join(workspace, name), { recursive: true });
  const build = (inputs: Record<string, string> = {}, options: Parameters<Job['step']>[2] = {}) =>
    job.step(
      'build-and-push',
      { ...INPUTS, builder_image: builder.name, ...inputs },
      { workspace, ...options },
    );
  const registry = () => registryOf(job.cloud, IMAGE);
  const documentOf = async (path = '') => JSON.parse(await readFile(path, 'utf8'));

  it('is pushed, labelled and tagged, and is taken as it is when the same sources come again', async () => {
    const inputs = {
      labels: 'team=forecast',
      annotations: 'team=forecast',
      build_env_vars: 'PATH_PREFIX=/a=b\nGREETING="""\ntwo\nlines\n"""',
      spec_command: LOOK,
    };
    const first = await build(inputs);
    const { digest = '' } = first.outputs;
    expect(first.outputs).toMatchObject({ reused: 'false', changed: 'true' });
    for (const tag of ['one', 'two']) expect(await registry().digest(tag)).toBe(digest);
    const { config } = await registry().config(digest);
    expect(config.Labels).toMatchObject({
      team: 'forecast',
      'org.opencontainers.image.revision': '0123456789abcdef0123456789abcdef01234567',
      'io.buildpacks.build.metadata': expect.stringContaining('gangway/shell'),
    });
    expect((await registry().manifest(digest)).annotations).toEqual({ team: 'forecast' });
    const { files, greeting } = await documentOf(first.outputs.spec);
    expect(files.split(' ').filter(Boolean)).toEqual(['.', './app.sh', './greeting']);
    expect(greeting).toBe('two|lines');
    expect(first.log).not.toContain('two\nlines');
    expect(first.summary).toContain('gangway/shell 1.0.0');
    // Nothing is left of how it came there.
    const { tags } = await registry().list();
    expect(tags.filter((tag) => tag.startsWith('gangway-run-') || tag === 'gangway-buildpacks')).toEqual([]);

    const second = await build({ ...inputs, tags: 'three' });
    expect(second.outputs).toMatchObject({ digest, reused: 'true' });
    expect(second.log).not.toContain('===>');
    expect(await documentOf(second.outputs.spec)).toEqual({ openapi: '3.1.0', files, greeting });
  }, 120_000);

  it('is built again for another variable, file or builder, with the layers of the build before', async () => {
    const first = await build();
    expect(first.outputs.reused).toBe('false');
    await write('app.sh', 'echo changed\n');
    const changed = await build();
    expect(changed.outputs).toMatchObject({ reused: 'false', changed: 'true' });
    expect(changed.log).toContain('reusing tools');
    await builder.move();
    const moved = await build();
    expect(moved.outputs.reused).toBe('false');
    expect(moved.log).toMatch(/The sources have the key/);
    expect((await build()).outputs).toMatchObject({ reused: 'true', digest: moved.outputs.digest });
  }, 240_000);

  it('sends the files that project.toml names, and counts no others', async () => {
    await write(
      'project.toml',
      `[_]
schema-version = "0.2"
[io.buildpacks]
builder = "${builder.name}"
exclude = ["*.md", "/docs/", "!README.md"]
[[io.buildpacks.build.env]]
name = "GREETING"
value = "of the project"
`,
    );
    for (const name of ['README.md', 'notes/NEWS.md', 'docs/a.txt', 'notes/docs/b.txt'])
      await write(name, 'x');
    const first = await build({ builder_image: '', spec_command: LOOK });
    const { files, greeting } = await documentOf(first.outputs.spec);
    expect(files.split(' ')).toEqual(expect.arrayContaining(['./README.md', './notes/docs/b.txt']));
    expect(files).not.toMatch(/NEWS|a\.txt|\.git|creds/);
    expect(greeting).toBe('of the project');
    await write('notes/NEWS.md', 'y');
    expect((await build({ builder_image: '', spec_command: LOOK })).outputs.reused).toBe('true');
    await write('notes/docs/b.txt', 'y');
    expect((await build({ builder_image: '', spec_command: LOOK })).outputs.reused).toBe('false');
    await write('project.toml', '[_\n');
    const { annotations } = await build({}, { fails: true });
    expect(annotations[0]).toMatchObject({
      message: expect.stringMatching(/project\.toml can't be read at line 1/),
      properties: { file: 'project.toml', line: '1' },
    });
    for (const name of ['project.toml', 'README.md', 'notes', 'docs']) await remove(name);
  }, 240_000);

  it('says that no buildpack takes the sources, and what a buildpack said that failed', async () => {
    await write('fail', '');
    const failed = await build({}, { fails: true });
    expect(failed.annotations[0]?.message).toMatch(
      /^The build with .*builder:1 failed in building:\n(?=[\s\S]*^first$)[\s\S]*^the reason$/m,
    );
    await remove('fail');
    await write('empty/README.md', 'nothing');
    const none = await build({ context: 'empty' }, { fails: true });
    expect(none.annotations[0]?.message).toMatch(
      /^No buildpack of .*builder:1 can build what is in the context:[\s\S]*fail: gangway\/shell@1\.0\.0[\s\S]*To fix it: check that context/,
    );
    await remove('empty');
    const nowhere = await build({ builder_image: `${builder.name}-gone` }, { fails: true });
    expect(nowhere.annotations[0]?.message).toMatch(
      /failed to fetch builder image[\s\S]*To fix it: check the name/,
    );
  }, 120_000);

  it('runs the released pack whose digest is given, and leaves nothing in the engine without a cache', async () => {
    const archive = await run('tar', [
      '-C',
      dirname(find('pack')[0] ?? ''),
      '-czf',
      join(job.temp, 'pack.tgz'),
      'pack',
    ]).then(() => readFile(join(job.temp, 'pack.tgz')));
    const releases = createServer((request, response) => {
      response.end(
        /^\/v9\.9\.9\/pack-v9\.9\.9-linux(-arm64)?\.tgz$/.test(request.url ?? '') ? archive : 'no',
      );
    }).listen(0, '127.0.0.1');
    await once(releases, 'listening');
    const env = { GANGWAY_PACK_RELEASES: `http://127.0.0.1:${(releases.address() as AddressInfo).port}` };
    const digest = createHash('sha256').update(archive).digest('hex');
    const uncached = { cache: 'off', reuse: 'false' };
    const first = await build({ ...uncached, pack_version: `9.9.9@sha256:${digest}` }, { env });
    releases.close();
    expect(first.log).toContain('making tools');
    expect(first.log).toMatch(/^\[command\]\S+\/tools\/pack build/m);
    await expectNone(volumes);
    const { annotations } = await build({ pack_version: '9.9.9' }, { fails: true });
    expect(annotations[0]?.message).toContain('the digest of pack 9.9.9 for linux is not known here');
  }, 120_000);

  it('is its own when another run builds the same tags at the same time', async () => {
    const both = ['left', 'right'].map((word) =>
      build(
        { build_env_vars: `GREETING=${word}`, spec_command: LOOK, cache: 'auto' },
        { temp: join(job.temp, '..', word) },
      ),
    );
    const [left, right] = await Promise.all(both);
    expect((await documentOf(left?.outputs.spec)).greeting).toBe('left');
    expect((await documentOf(right?.outputs.spec)).greeting).toBe('right');
    expect(left?.outputs.digest).not.toBe(right?.outputs.digest);
    expect([left?.outputs.digest, right?.outputs.digest]).toContain(await registry().digest('one'));
  }, 120_000);

  it('stops with its containers when the step is cancelled', async () => {
    await write('wait', '');
    const cancel = new AbortController();
    await build(
      { cache: 'off' },
      {
        fails: 'either',
        signal: cancel.signal,
        onLine: (line) => line.includes('waiting') && cancel.abort(),
      },
    );
    await remove('wait');
    await expectNone(() => run('docker', ['ps', '--all', '--quiet', '--filter', 'label=author=pack']));
    await job.post();
    await expectNone(volumes);
  }, 120_000);
});

/** Expects that nothing is left in the engine, where the test of fly-deploy may be building at the same time. */
async function expectNone(left: () => Promise<string>): Promise<void> {
  await expect.poll(left, { timeout: 60_000, interval: 1000 }).toBe('');
}

/** Volumes of builds that are left in the engine, but those that flyctl keeps for the app of fly-deploy's test. */
async function volumes(): Promise<string> {
  const all = await run('docker', ['volume', 'ls', '--quiet']);
  return all
    .split('\n')
    .filter((name) => /^(gangway-pack|pack-cache|pack-layers|pack-app)-(?!packed_)/.test(name))
    .join(' ');
}
