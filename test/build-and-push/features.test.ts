import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, run, startBuildkit } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, busybox, buildx, buildkit

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const SCRATCH = 'FROM scratch\nCOPY hello.txt /\n';
const SHELL = 'FROM scratch\nCOPY busybox /bin/sh\nCOPY busybox /bin/busybox\n';
const ATTESTATION = 'application/vnd.in-toto+json';

const [busybox = ''] = find('busybox');
const builders = await findBuilders();
const { env: remote, missing, title } = builders.all.find(({ name }) => name === 'remote') ?? { title: '' };
beforeAll(() => builders.start());
afterAll(() => builders.stop());

describe.skipIf(missing || !busybox)(`with a builder that pushes by itself: ${title}`, () => {
  let job: Job;
  let workspace: string;
  let bare: string | undefined;
  beforeAll(async () => {
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    await copyBusybox(join(workspace, 'busybox'));
    await writeFile(join(workspace, 'hello.txt'), 'hello\n');
    await write('Dockerfile', SCRATCH);
  });
  afterAll(async () => {
    for (const path of [workspace, bare]) if (path) await rm(path, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(workspace, name), text);
    return join(workspace, name);
  };
  const build = (inputs: Record<string, string> = {}, options: Parameters<Job['step']>[2] = {}) =>
    job.step(
      'build-and-push',
      { image: IMAGE, tags: 'one', reuse: 'false', cache: 'off', ...inputs },
      { workspace, env: remote ?? {}, ...options },
    );
  const registry = () => registryOf(job.cloud, IMAGE);

  it('pushes one plain OCI manifest by default, with the annotations filled in', async () => {
    const { outputs } = await build({ annotations: 'team=forecast' });
    const manifest = await registry().manifest(outputs.digest ?? '');
    expect(manifest).toMatchObject({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      annotations: {
        team: 'forecast',
        'org.opencontainers.image.source': 'https://github.com/example/fastapi-on-cloud-run',
      },
    });
    expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual([
      'application/vnd.oci.image.layer.v1.tar+gzip',
    ]);
  });

  it.runIf(process.arch === 'x64').each([
    ['the default', {}],
    ['an index with attestations', { platforms: 'linux/amd64,linux/arm64', provenance: 'max' }],
  ])('gives Cloud Run an image that it runs: %s', async (_, inputs) => {
    const server = `${SHELL}COPY hello.txt /www/index.html\nCMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]\n`;
    const file = await write('Dockerfile.server', server);
    const { outputs } = await build({ file, tags: 'server', ...inputs });
    const service = { service: 'hello', region: 'us-central1', image: outputs.image ?? '' };
    const deployed = await job.step('deploy-cloud-run', { ...service, invokers: 'allUsers' }, {});
    expect(deployed.outputs.revision).toMatch(/^hello-/);
    expect(await (await fetch(deployed.outputs.url ?? '')).text()).toBe('hello\n');
  });

  it('builds for several platforms into one index', async () => {
    const { outputs, log } = await build({ platforms: 'linux/amd64, linux/arm64', tags: 'many' });
    const index = await registry().manifest('many');
    expect(index.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(index.manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`)).toEqual([
      'linux/amd64',
      'linux/arm64',
    ]);
    expect(await registry().digest('many')).toBe(outputs.digest);
    for (const { digest, platform } of index.manifests)
      expect((await registry().config(digest)).architecture).toBe(platform?.architecture);
    expect(index.annotations).toHaveProperty(['org.opencontainers.image.revision']);
    expect(log).toContain('driver remote');
  });

  it('adds provenance and an SBOM by choice', async () => {
    // A generator by BuildKit's protocol (https://github.com/moby/buildkit/blob/master/docs/attestations/sbom-protocol.md).
    const scanner = 'us-central1-docker.pkg.dev/demo-project/images/scanner';
    const statement = JSON.stringify({
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://spdx.dev/Document',
      predicate: { spdxVersion: 'SPDX-2.3', name: 'counted' },
    });
    await write('scan.sh', `echo '${statement}' > $BUILDKIT_SCAN_DESTINATION/counted.spdx.json\n`);
    const file = await write(
      'Dockerfile.scanner',
      `${SHELL}COPY scan.sh /\nENTRYPOINT ["/bin/sh", "/scan.sh"]\n`,
    );
    await job.step(
      'build-and-push',
      { image: scanner, tags: '1', file, reuse: 'false', cache: 'off' },
      { workspace, env: remote ?? {} },
    );
    const sbom = `${new URL(job.cloud.origin).host}/${scanner}:1`;
    const { outputs } = await build({ provenance: 'max', sbom, tags: 'attested' });
    const index = await registry().manifest(outputs.digest ?? '');
    const [image, attestation] = index.manifests;
    expect(attestation?.annotations).toMatchObject({
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': image?.digest,
    });
    const { layers } = await registry().manifest(attestation?.digest ?? '');
    expect(layers.map(({ mediaType }) => mediaType)).toEqual([ATTESTATION, ATTESTATION]);
    expect(layers.map(({ annotations }) => annotations?.['in-toto.io/predicate-type']).sort()).toEqual(
      ['https://slsa.dev/provenance/v1', 'https://spdx.dev/Document'].map((type) =>
        expect.stringMatching(type.replace('/v1', '/v')),
      ),
    );
  });

  it.each([
    ['zstd', 'application/vnd.oci.image.layer.v1.tar+zstd'],
    ['gzip', 'application/vnd.oci.image.layer.v1.tar+gzip'],
    ['estargz', 'application/vnd.oci.image.layer.v1.tar+gzip'],
    ['uncompressed', 'application/vnd.oci.image.layer.v1.tar'],
  ])('compresses layers with %s', async (compression, type) => {
    const { outputs } = await build({ compression, tags: compression });
    const { layers } = await registry().manifest(outputs.digest ?? '');
    expect(layers.map(({ mediaType }) => mediaType)).toEqual([type]);
    const toc = layers[0]?.annotations?.['containerd.io/snapshot/stargz/toc.digest'];
    expect(toc !== undefined).toBe(compression === 'estargz');
  });

  it('takes named contexts, hosts and limits', async () => {
    await mkdir(join(workspace, 'more'), { recursive: true });
    await write('more/extra.txt', 'from elsewhere');
    const file = await write(
      'Dockerfile.more',
      `${SHELL}COPY --from=more extra.txt /\nRUN busybox grep -q "10.9.8.7.*somewhere" /etc/hosts && ulimit -n > /limit && busybox cat /extra.txt\n`,
    );
    const { log } = await build({
      file,
      build_contexts: `more=${join(workspace, 'more')}`,
      add_hosts: 'somewhere=10.9.8.7',
      ulimits: 'nofile=1024:2048',
      network: 'none',
      no_cache: 'true',
    });
    expect(log).toMatch(/ from elsewhere/);
  });

  it("puts what Dockerfile checks find on the Dockerfile's lines", async () => {
    const file = await write('Dockerfile.checked', 'FROM scratch as base\nCOPY hello.txt /\nCMD echo hi\n');
    const { annotations } = await build({ file });
    expect(annotations.map(({ level, properties }) => ({ level, ...properties }))).toEqual(
      expect.arrayContaining([
        { level: 'warning', title: 'FromAsCasing', file: 'Dockerfile.checked', line: '1' },
        { level: 'warning', title: 'JSONArgsRecommended', file: 'Dockerfile.checked', line: '3' },
      ]),
    );
    expect(annotations.find(({ properties }) => properties.title === 'FromAsCasing')?.message).toContain(
      'https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
    );
  });

  it('does not need a Docker engine', async () => {
    const env = { ...remote, DOCKER_HOST: 'unix:///nowhere.sock' };
    const { outputs, log } = await build({ tags: 'far' }, { env });
    expect(log).toContain('no engine');
    expect(await registry().digest('far')).toBe(outputs.digest);
    const { annotations } = await build({ spec_command: 'cat x' }, { env, fails: true });
    expect(annotations[0]?.message).toMatch(/^Input "spec_command" needs a Docker engine/);
  });

  it('moves no tag when the document can not be taken', async () => {
    const file = await write('Dockerfile.mute', SHELL);
    const before = await registry().digest('one');
    await build({ file, spec_command: 'echo nothing' }, { fails: true });
    expect(await registry().digest('one')).toBe(before);
  });

  it('says that a builder is not there, or does not answer', async () => {
    const unknown = await build({ builder: 'nobody' }, { fails: true });
    expect(unknown.annotations[0]?.message).toMatch(
      /^Input "builder" names nobody, which buildx does not know/,
    );
    await createBuilder('dead', 'unix:///nowhere.sock');
    const dead = await build({ builder: 'dead' }, { fails: true });
    expect(dead.annotations[0]?.message).toMatch(/^The builder dead \(driver remote\) does not answer: /);
  });

  describe('a reproducible build', () => {
    beforeAll(async () => {
      const identity = { NAME: 't', EMAIL: 't@example.com', DATE: '2024-01-02T03:04:05Z' };
      const variables = Object.entries(identity).flatMap(([name, value]) => [
        [`GIT_AUTHOR_${name}`, value],
        [`GIT_COMMITTER_${name}`, value],
      ]);
      const env = { ...process.env, ...Object.fromEntries(variables) };
      const git = (...args: string[]) => run('git', ['-C', workspace, ...args], { env });
      await git('init', '--quiet');
      await git('commit', '--quiet', '--allow-empty', '--message', 'x');
    });
    const sha = '0123456789abcdef0123456789abcdef01234567';
    const inputs = { reproducible: 'true', no_cache: 'true', tags: sha };

    it('gives one digest, whatever the times of the files and the machine that builds', async () => {
      const file = await write('Dockerfile.same', `${SHELL}COPY hello.txt /\nRUN echo made > /made\n`);
      const first = await build({ ...inputs, file });
      await utimes(join(workspace, 'hello.txt'), 1.8e9, 1.8e9);
      const machine = await startBuildkit();
      await using other = await startJob();
      await createBuilder('second', machine.address);
      const second = await other.step(
        'build-and-push',
        { image: IMAGE, reuse: 'false', cache: 'off', ...inputs, file, builder: 'second' },
        { workspace, env: remote ?? {} },
      );
      await machine.stop();
      expect(second.outputs.digest).toBe(first.outputs.digest);
      const { created, history } = await registry().config(first.outputs.digest ?? '');
      expect(new Date(created).toISOString()).toBe('2024-01-02T03:04:05.000Z');
      expect(new Set(history.map((entry) => entry.created)).size).toBe(1);
      const again = await build({ ...inputs, file });
      expect(again.outputs.changed).toBe('false');
      expect(again.annotations).toEqual([]);
    });

    it('says what differs where the Dockerfile does not allow it', async () => {
      const file = await write(
        'Dockerfile.differs',
        `${SHELL}RUN echo same > /same\nRUN busybox cat /proc/sys/kernel/random/uuid > /id\n`,
      );
      await build({ ...inputs, file, tags: `${sha}, differs-0123456` });
      const { annotations, summary } = await build({ ...inputs, file, tags: 'differs-0123456' });
      expect(annotations[0]).toMatchObject({
        level: 'warning',
        properties: { title: 'Another digest for the same commit' },
      });
      expect(annotations[0]?.message).toMatch(
        /gave sha256:\w{64}: the first layer that differs is RUN busybox cat \/proc/,
      );
      expect(summary).toContain('| Not reproducible | An earlier build of this commit gave');
    });

    it('refuses what would make it differ, and what it can not know', async () => {
      const { annotations } = await build({ ...inputs, provenance: 'true' }, { fails: true });
      expect(annotations[0]?.message).toContain('leave out provenance and sbom');
      // Its post script runs there too.
      bare = await mkdtemp(join(tmpdir(), 'gangway-bare-'));
      await writeFile(join(bare, 'Dockerfile'), 'FROM scratch\n');
      const none = await build(inputs, { fails: true, workspace: bare });
      expect(none.annotations[0]?.message).toMatch(/^Input "reproducible" takes the time of the commit, but/);
    });
  });

  it('shows layers, stages and the cache in the summary', async () => {
    const text = `FROM scratch AS tools\nCOPY busybox /bin/sh\nFROM tools AS build\nRUN echo built > /built\nFROM tools\nCOPY --from=build /built /\nCOPY hello.txt /\n`;
    const file = await write('Dockerfile.staged', text);
    await build({ file, tags: 'staged' });
    await write('hello.txt', `hello${'!'.repeat(5000)}\n`);
    const { summary } = await build({ file, tags: 'staged' });
    expect(summary).toMatch(/\| `COPY busybox \/bin\/sh` \| [\d.]+ MB \| same \|/);
    expect(summary).toMatch(/\| `COPY hello.txt \/` \| \d+ B \| changed, \+\d+ B \|/);
    expect(summary).toMatch(/\| \*\*3 layers\*\* \| \*\*[\d.]+ MB\*\* \| \*\*\+\d+ B\*\* \|/);
    expect(summary).toMatch(/\| build \| 0\.0 s \| \S+ \| 1 of 1 \|/);
    expect(summary).toMatch(/\| tools \| 0\.0 s \| \S+ \| 1 of 1 \|/);
    expect(summary).toMatch(
      /\(https:\/\/console\.cloud\.google\.com\/artifacts\/docker\/demo-project\/us-central1\/images\/app\/sha256:\w{64}\?project=demo-project\)/,
    );
  });

  it('says that the builder stopped in the middle, and a run after it converges', async () => {
    const file = await write('Dockerfile.killed', `${SHELL}RUN echo building; busybox sleep 3\n`);
    let killed: Promise<void> | undefined;
    const onLine = (line: string) => {
      if (/ building$/.test(line)) killed ??= builders.starter.buildkit()?.kill();
    };
    const { annotations } = await build({ file, tags: 'killed' }, { fails: true, onLine });
    await killed;
    expect(annotations.at(-1)?.message).toMatch(
      /^The build failed.*[\s\S]*To fix it: the engine or builder stopped/,
    );
    await builders.starter.buildkit()?.start();
    await build({ file, tags: 'killed' });
    expect(await registry().digest('killed')).toMatch(/^sha256:/);
  });

  it('leaves nothing behind', () => job.post());
});

for (const { name, env, missing: reason, title: builder } of builders.all.slice(0, 3))
  describe.skipIf(reason)(`what the builder ${builder} can not do`, () => {
    const cases = [
      { platforms: 'linux/amd64,linux/arm64' },
      { provenance: 'true' },
      { sbom: 'true' },
      { compression: 'zstd' },
      { reproducible: 'true' },
      { annotations: 'a=b' },
      { build_contexts: 'a=b' },
      ...(name === 'classic' ? [{ platforms: 'linux/amd64' }] : []),
      ...(name !== 'classic' && builders.engine < 23 ? [{ ulimits: 'nofile=1:2' }, { shm_size: '80m' }] : []),
    ].map((inputs) => ({ input: Object.keys(inputs)[0] ?? '', inputs }));
    it.each(cases)('is refused before anything is changed: $inputs', async ({ input, inputs }) => {
      await using job = await startJob();
      const workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
      await writeFile(join(workspace, 'Dockerfile'), SCRATCH);
      const requests = await job.requests(async () => {
        const given = { image: IMAGE, ...inputs };
        const { annotations } = await job.step('build-and-push', given, { workspace, env, fails: true });
        expect(annotations[0]?.message).toMatch(
          new RegExp(
            `^Input "${input}" needs (a builder of its own|BuildKit|an engine from 23 on)[\\s\\S]*To fix it: add docker/setup-buildx-action`,
          ),
        );
      });
      await rm(workspace, { recursive: true });
      // Signing in comes first, and the question for an image of the same sources, for which no builder is needed.
      const asked = requests.filter((request) => !/token|generateAccessToken/i.test(request));
      expect(asked.filter((request) => !/^GET .*\/manifests\/gangway-/.test(request))).toEqual([]);
    });
  });

/** Tells buildx of a BuildKit daemon. */
async function createBuilder(name: string, address: string): Promise<void> {
  const create = ['buildx', 'create', '--name', name, '--driver', 'remote', address];
  await run(find('docker')[0] ?? '', create, { env: { ...process.env, ...remote } });
}
