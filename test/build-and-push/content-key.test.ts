import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BuiltSources,
  buildSources,
  canBuildSources,
  IMAGE,
  NO_DOCKER,
} from '../helpers/built-sources.ts';

// needs: base-image, busybox
// takes minutes

const run = promisify(execFile);

describe.skipIf(!canBuildSources)('what build-and-push knows built sources by', () => {
  let sources: BuiltSources;
  beforeAll(async () => {
    sources = await buildSources();
  });
  afterAll(() => sources[Symbol.asyncDispose]());

  it('knows thousands of files again, which threads read', async () => {
    const many = join(sources.workspace, 'many');
    await mkdir(many);
    const names = [...Array(3000).keys()].map((n) => `${n}.txt`);
    await Promise.all(names.map((name) => writeFile(join(many, name), name)));
    const first = await sources.build();
    expect(first.outputs.reused).toBe('false');
    const again = await sources.build({}, { env: NO_DOCKER });
    expect(again.outputs).toMatchObject({ reused: 'true', digest: first.outputs.digest });
    await writeFile(join(many, '2999.txt'), 'another');
    const changed = await sources.build({}, { env: NO_DOCKER, fails: true });
    expect(changed.annotations[0]?.message).toMatch(/[Dd]ocker/);
    await rm(many, { recursive: true });
  });

  it('counts what is in the image, and nothing else', async () => {
    const reused = async (inputs: Record<string, string> = {}) =>
      (await sources.build(inputs)).outputs.reused;
    expect(await reused()).toBe('true');

    await sources.file('notes.md', 'left out by .dockerignore');
    await mkdir(join(sources.workspace, '.git'));
    await sources.file('.git/HEAD', 'ref: refs/heads/main');
    await utimes(join(sources.workspace, 'spec.json'), 0, 0);
    await chmod(join(sources.workspace, 'spec.json'), 0o600);
    expect(await reused({ labels: 'org.opencontainers.image.created=now', build_args: 'UNUSED=1' })).toBe(
      'true',
    );

    expect(await reused({ reuse: 'false' })).toBe('false');
    expect(await reused({ labels: 'team=forecast' })).toBe('false');
    expect(await reused({ build_args: 'GREETING=hello' })).toBe('false');
    await chmod(join(sources.workspace, 'spec.json'), 0o755);
    expect(await reused()).toBe('false');
    expect(await reused()).toBe('true');
    await sources.file('new', '');
    expect(await reused()).toBe('false');
    await sources.file('new', 'other');
    expect(await reused()).toBe('false');
  });

  it('asks what a base image is now', async () => {
    const registry = new URL(sources.job.cloud.origin).host;
    await sources.build({ image: `${IMAGE}-base`, tags: '24' });
    const base = `${registry}/${IMAGE}-base:24`;
    await sources.file('Dockerfile.based', `ARG BASE\nFROM $BASE\nLABEL a=b\n`);
    const inputs = {
      file: join(sources.workspace, 'Dockerfile.based'),
      build_args: `BASE=${base}`,
      tags: 'based',
    };
    // The engine pulls the base by itself, and the step's credentials.
    expect((await sources.build(inputs)).outputs.reused).toBe('false');
    let again: Awaited<ReturnType<BuiltSources['build']>> | undefined;
    const requests = await sources.job.requests(async () => {
      again = await sources.build(inputs, { env: NO_DOCKER });
    });
    expect(again?.outputs.reused).toBe('true');
    expect(requests).toContain(`HEAD /v2/${IMAGE}-base/manifests/24`);
    expect(requests.length).toBeLessThanOrEqual(10);

    await sources.build({ image: `${IMAGE}-base`, tags: '24', labels: 'moved=on' });
    expect((await sources.build({ ...inputs, pull: 'true' })).outputs.reused).toBe('false');
  });

  it('knows a base image that is on this machine alone by what the engine has; says what helps where none tells', async () => {
    const local = `${new URL(sources.job.cloud.origin).host}/${IMAGE}:one`;
    await sources.file('Dockerfile.local', `FROM 127.0.0.1:1/base\n`);
    const inputs = { file: join(sources.workspace, 'Dockerfile.local'), tags: 'local' };
    await run('docker', ['tag', local, '127.0.0.1:1/base']);
    const first = await sources.build(inputs);
    const again = await sources.build(inputs);
    const pulled = await sources.build({ ...inputs, pull: 'true' }, { fails: true });
    await run('docker', ['rmi', '--no-prune', '127.0.0.1:1/base']);
    expect([first.outputs.reused, again.outputs.reused]).toEqual(['false', 'true']);
    expect(pulled.log).toMatch(
      /Building, because the base image 127\.0\.0\.1:1\/base can't be looked up .*sign in to 127\.0\.0\.1:1 .*pin the image by its digest/,
    );
  });

  it('knows the arguments that only a base image declares, and warns of those that nothing does', async () => {
    const { host } = new URL(sources.job.cloud.origin);
    await sources.file(
      'Dockerfile.base',
      'FROM scratch\nONBUILD ARG WHO\nONBUILD ENV WHO=$WHO\nCOPY spec.json /\n',
    );
    await sources.build({ image: `${IMAGE}-base`, file: join(sources.workspace, 'Dockerfile.base') });
    await sources.file('Dockerfile.top', `FROM ${host}/${IMAGE}-base:one\nARG 'GREETING'\n`);
    const top = (args: string) =>
      sources.build({ file: join(sources.workspace, 'Dockerfile.top'), build_args: args });
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
});
