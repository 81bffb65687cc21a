import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: base-image

const run = promisify(execFile);
const BASE = await shellBase();
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/services/app';
const NAME = 'projects/demo-project/locations/us-central1/repositories/services';
const READER = 'serviceAccount:gateway@demo-project.iam.gserviceaccount.com';
const POLICIES = JSON.stringify([
  { name: 'old', action: { type: 'Delete' }, condition: { tagState: 'any', olderThan: '30d' } },
  { name: 'newest', action: { type: 'Keep' }, mostRecentVersions: { keepCount: 5 } },
]);

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  await writeFile(
    join(workspace, 'Dockerfile'),
    'FROM scratch\nARG GREETING\nLABEL greeting=$GREETING\nCOPY cleanup.json /\n',
  );
  await writeFile(join(workspace, 'cleanup.json'), POLICIES);
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

describe('the repository of build-and-push, before any request', () => {
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it.each([
    [{ repository_labels: 'Team=x' }, 'Input "repository_labels" is not valid: "Team=x"'],
    [{ immutable_tags: 'perhaps' }, 'Input "immutable_tags" is not valid: "perhaps"'],
    [{ cleanup_policies: 'nowhere.json' }, 'name a file of the workspace, or write the JSON itself'],
    [{ cleanup_policies: '{"rules":[]}' }, 'write a list of policies'],
    [{ readers: 'gateway' }, 'Input "readers" is not valid: "gateway"'],
    [
      { image: 'us-central1-a-docker.pkg.dev/demo-project/services/app' },
      'a region, not a zone: write us-central1-docker',
    ],
    [{ image: 'mirror.gcr.io/demo-project/app' }, 'push to gcr.io, us.gcr.io, eu.gcr.io or asia.gcr.io'],
  ])('refuses %o', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await job.step(
        'build-and-push',
        { image: IMAGE, ...inputs },
        { fails: true, workspace },
      );
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });
});

describe.skipIf(!BASE)('the repository of build-and-push (npm test prepares an engine)', () => {
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
  });
  afterAll(() => job[Symbol.asyncDispose]());
  const build = (inputs: Record<string, string> = {}, options: Parameters<Job['step']>[2] = {}) =>
    job.step(
      'build-and-push',
      { image: IMAGE, tags: 'v1', reuse: 'false', cache: 'off', ...inputs },
      { workspace, ...options },
    );
  const repository = () => job.cloud.artifactRegistry.find(NAME)?.resource;
  const wanted = {
    repository_labels: 'team=forecast',
    cleanup_policies: 'cleanup.json',
    cleanup_dry_run: 'true',
    readers: READER.replace('serviceAccount:', ''),
  };

  it('is created as the inputs want it, and then left alone', async () => {
    const { summary } = await build(wanted);
    expect(summary).toContain('the repository services was created');
    expect(repository()).toMatchObject({
      labels: { team: 'forecast' },
      cleanupPolicies: {
        old: { action: 'DELETE', condition: { olderThan: '2592000s' } },
        newest: { action: 'KEEP' },
      },
      cleanupPolicyDryRun: true,
    });
    expect(job.cloud.iam.get(NAME).bindings).toEqual([
      { role: 'roles/artifactregistry.reader', members: [READER] },
    ]);
    const requests = await job.requests(() => build(wanted));
    expect(
      requests.filter(
        (request) =>
          /PATCH|:setIamPolicy|POST \/v1\/.*repositories(\?|$)/.test(request) && !request.includes('/v2/'),
      ),
    ).toEqual([]);
  });

  it('is brought in step, and keeps what was not asked for', async () => {
    const { log } = await build({ repository_labels: 'tier=web', cleanup_policies: '[]', readers: 'none' });
    expect(log).toContain('Changed the repository services: cleanup policies none.');
    expect(log).toContain(`${READER} may not pull from the repository anymore.`);
    expect(repository()).toMatchObject({
      labels: { team: 'forecast', tier: 'web' },
      cleanupPolicies: {},
      cleanupPolicyDryRun: true,
    });
    expect(job.cloud.iam.get(NAME).bindings).toEqual([]);
  });

  it('may be one of gcr.io, which real docker pushes to', async () => {
    const { outputs } = await build({ image: 'eu.gcr.io/demo-project/team/app' });
    expect(outputs.image).toMatch(/^eu\.gcr\.io\/demo-project\/team\/app@sha256:[0-9a-f]{64}$/);
    const stored = job.cloud.artifactRegistry.find(
      'projects/demo-project/locations/europe/repositories/eu.gcr.io',
    );
    expect(stored?.images.get('team/app')?.tags.get('v1')).toBe(outputs.digest);
  });

  it('is looked for elsewhere when it is missing', async () => {
    const elsewhere = IMAGE.replace('us-central1', 'europe-west1');
    const { annotations } = await build({ image: elsewhere, create_repository: 'false' }, { fails: true });
    expect(annotations[0]?.message).toContain(
      'there is one in us-central1: write us-central1-docker.pkg.dev',
    );
    const { annotations: made } = await build({ image: elsewhere });
    expect(made[0]?.message).toContain('but demo-project has one of that name in us-central1 too');
    const { annotations: unknown } = await build(
      { image: IMAGE.replace('us-central1', 'us-mars1') },
      { fails: true },
    );
    expect(unknown[0]?.message).toContain(
      'the location us-mars1, which Artifact Registry does not seem to have',
    );
  });

  it('is refused before the build where its API is off, or a permission is missing', async () => {
    await using own = await startJob();
    const step = (inputs: Record<string, string>) =>
      own.step('build-and-push', { image: IMAGE, reuse: 'false', ...inputs }, { fails: true, workspace });
    own.cloud.serviceUsage.enabled.delete('artifactregistry.googleapis.com');
    const off = await step({});
    expect(off.annotations[0]?.message).toMatch(
      /has not been used in project[\s\S]*enable artifactregistry\.googleapis\.com first/,
    );
    own.cloud.serviceUsage.enabled.add('artifactregistry.googleapis.com');

    replaceRole(own, 'roles/artifactregistry.admin', 'roles/artifactregistry.reader');
    const denied = await step({});
    expect(denied.annotations[0]?.message).toMatch(
      /artifactregistry\.repositories\.create[\s\S]*gcloud projects add-iam-policy-binding demo-project --member="serviceAccount:deployer@\S+" --role=roles\/artifactregistry\.admin/,
    );
    replaceRole(own, 'roles/artifactregistry.reader', 'roles/artifactregistry.admin');
    await own.step('build-and-push', { image: IMAGE }, { workspace });
    replaceRole(own, 'roles/artifactregistry.admin', 'roles/artifactregistry.reader');
    const reader = await step({});
    expect(reader.annotations[0]?.message).toMatch(
      /uploadArtifacts" denied[\s\S]*--role=roles\/artifactregistry\.writer/,
    );
    for (const { log } of [off, denied, reader]) expect(log).not.toContain('docker build');
  });

  describe('with immutable tags', () => {
    const image = `${IMAGE.replace('services', 'releases')}`;
    const release = (inputs: Record<string, string> = {}, options: Parameters<Job['step']>[2] = {}) =>
      build({ image, tags: 'sha', immutable_tags: 'true', ...inputs }, options);
    const next = { GITHUB_SHA: 'f'.repeat(40) };

    it('takes the image that a tag of this commit names, and gives it the tags that are new', async () => {
      const first = await release();
      expect(first.outputs.changed).toBe('true');
      const again = await release();
      expect(again.outputs).toMatchObject({ digest: first.outputs.digest, changed: 'false' });
      expect(again.log).toContain('already names the image of this commit');
      const { outputs, summary } = await release({ tags: 'sha, v1.0.0' });
      expect(outputs).toMatchObject({ digest: first.outputs.digest, changed: 'true' });
      expect(summary).toContain('Immutable tags already named the image of this commit');
    });

    it('takes the OpenAPI document out of that image all the same', async () => {
      await writeFile(join(workspace, 'Dockerfile.spec'), 'ARG BASE\nFROM $BASE\nCOPY spec.json /\n');
      await writeFile(join(workspace, 'spec.json'), '{"openapi":"3.1.0","info":{},"paths":{}}');
      const inputs = {
        image: `${image}-spec`,
        build_args: `BASE=${BASE}`,
        file: join(workspace, 'Dockerfile.spec'),
      };
      await release({ ...inputs });
      const { outputs, log } = await release({ ...inputs, spec_command: 'cat /spec.json' });
      expect(log).toContain('already names the image of this commit');
      expect(await readFile(outputs.spec ?? '', 'utf8')).toContain('"openapi":"3.1.0"');
    });

    it.each([
      [
        'another commit',
        { tags: 'v1.0.0' },
        { env: next },
        'the tag v1.0.0 already names an image of the commit 0123456789abcdef',
      ],
      ['other inputs', { build_args: 'GREETING=hi' }, {}, 'that was built with other inputs'],
    ])('stops before the build when a tag names an image of %s', async (_, inputs, options, message) => {
      const { annotations, log } = await release(inputs, { ...options, fails: true });
      expect(annotations[0]?.message).toContain('Tags of the repository are immutable');
      expect(annotations[0]?.message).toContain(message);
      expect(log).not.toMatch(/^##\[group\]Build|::group::Build/m);
    });

    it('stops when two tags name different images', async () => {
      await release({ tags: 'v2.0.0' }, { env: next });
      const { annotations } = await release({ tags: 'v1.0.0, v2.0.0' }, { fails: true });
      expect(annotations[0]?.message).toContain('the tags v1.0.0 and v2.0.0 already name different images');
    });

    it('is what the registry itself keeps to', async () => {
      const host = new URL(job.cloud.origin).host;
      const { token } = job.cloud.tokens.issue({ member: 'user:owner@example.com', memberOf: [] }, 600);
      const config = await mkdtemp(join(tmpdir(), 'gangway-docker-'));
      const docker = (...args: string[]) => run('docker', ['--config', config, ...args]);
      await docker('login', '-u', 'oauth2accesstoken', '-p', token, host);
      await docker('pull', `${host}/${image}:v2.0.0`);
      await docker('tag', `${host}/${image}:v2.0.0`, `${host}/${image}:v1.0.0`);
      await expect(docker('push', `${host}/${image}:v1.0.0`)).rejects.toThrow(
        'manifest invalid: cannot update tag v1.0.0. The repository has enabled tag immutability',
      );
      await rm(config, { recursive: true });
    });
  });
});

function replaceRole({ cloud, project }: Job, from: string, to: string): void {
  const resource = `projects/${project}`;
  const { bindings } = cloud.iam.get(resource);
  cloud.iam.set(resource, {
    bindings: bindings.map(({ role, members }) => ({ role: role === from ? to : role, members })),
  });
}
