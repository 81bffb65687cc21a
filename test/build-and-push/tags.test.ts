import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

// needs: base-image

const run = promisify(execFile);
const BASE = process.env.GANGWAY_BASE_IMAGE;
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const SHA = '0123456789abcdef0123456789abcdef01234567';
const REPOSITORY = {
  name: 'hello',
  description: 'Says hello.',
  html_url: 'https://github.com/example/hello',
  default_branch: 'main',
  license: { spdx_id: 'MIT' },
};

describe('the tags of build-and-push', () => {
  let workspace: string;
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  });
  afterAll(async () => {
    await rm(workspace, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });

  /** Builds at an event, as GitHub tells it. */
  async function build(
    inputs: Record<string, string>,
    { ref, name = 'push', payload = {} }: { ref: string; name?: string; payload?: object },
    options: Parameters<Job['step']>[2] = {},
  ) {
    const path = join(workspace, '..', `gangway-event-${Math.random()}.json`);
    const head_commit = { id: SHA, timestamp: '2026-01-02T03:04:05+01:00' };
    await writeFile(path, JSON.stringify({ repository: REPOSITORY, head_commit, ...payload }));
    const env = { GITHUB_EVENT_NAME: name, GITHUB_REF: ref, GITHUB_EVENT_PATH: path };
    try {
      return await job.step(
        'build-and-push',
        { image: IMAGE, cache: 'off', ...inputs },
        { workspace, env, ...options },
      );
    } finally {
      await rm(path);
    }
  }

  it.each([
    [{ tags: '{{nope}}' }, 'Input "tags" is not valid: "{{nope}}"'],
    [{ tags: 'type=semver' }, 'type=semver needs pattern, such as pattern={{version}}'],
    [{ tags: 'type=semver,pattern={{branch}}' }, '{{branch}} is unknown; there are version, raw'],
    [{ tags: 'pr\nsemver' }, 'none of them applies to push of refs/heads/main; add sha'],
    [{ tags: 'sha', flavor: 'latest=perhaps' }, 'Input "flavor" is not valid: "latest=perhaps"'],
  ])('are refused before any request where they can make none: %o', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await build(inputs, { ref: 'refs/heads/main' }, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });

  describe.skipIf(!BASE)('with a Docker engine (npm test prepares one)', () => {
    const pushed = (outputs: Record<string, string>) =>
      (outputs.tags ?? '').split('\n').map((reference) => reference.replace(`${IMAGE}:`, ''));

    it.each([
      ['the default branch', {}, { ref: 'refs/heads/main' }, [SHA, 'latest']],
      ['another branch', {}, { ref: 'refs/heads/feat/x' }, [SHA]],
      [
        'a branch',
        { tags: 'short-sha, branch, pr, latest' },
        { ref: 'refs/heads/feat/x' },
        ['0123456', 'feat-x'],
      ],
      [
        'a release',
        { tags: 'sha, semver' },
        { ref: 'refs/tags/v1.2.3' },
        [SHA, '1.2.3', '1.2', '1', 'latest'],
      ],
      [
        'a pull request',
        { tags: 'type=ref,event=branch\ntype=ref,event=pr\ntype=sha' },
        { ref: 'refs/pull/7/merge', name: 'pull_request', payload: { number: 7 } },
        ['pr-7', 'sha-0123456'],
      ],
      [
        "docker/metadata-action's output",
        { tags: `${IMAGE}:1.2.3\n${IMAGE}:extra` },
        { ref: 'refs/tags/v1.2.3' },
        ['1.2.3', 'extra'],
      ],
      [
        'lines that are switched off or come out empty',
        {
          tags: 'type=semver,enable=false\ntype=raw,value=\ntype=raw,value="kept"\n{{{branch}}}',
        },
        { ref: 'refs/heads/main' },
        ['kept', 'main'],
      ],
      [
        'a schedule',
        { tags: "schedule\n{{commit_date 'YYYYMMDD'}}", flavor: 'suffix=-slim' },
        { ref: 'refs/heads/main', name: 'schedule' },
        ['nightly-slim', '20260102-slim'],
      ],
    ])('are those of %s', async (_, inputs, event, expected) => {
      const { outputs, log } = await build(inputs, event);
      expect(pushed(outputs)).toEqual(expected);
      expect(expected).toContain(outputs.version);
      const stored = job.cloud.artifactRegistry.find(
        'projects/demo-project/locations/us-central1/repositories/images',
      );
      const tags = stored?.images.get('app')?.tags;
      for (const tag of expected) expect(tags?.get(tag), tag).toBe(outputs.digest);
      if (expected.includes('feat-x'))
        expect(log).toContain(
          "Skipped tags, because they don't apply to push of refs/heads/feat/x: pr, latest.",
        );
    });

    it('come with labels of the commit, so that a commit stays one image', async () => {
      const inputs = {
        tags: 'semver',
        labels: 'org.opencontainers.image.title=Hello\nrelease={{tag}} of größe',
      };
      const first = await build(inputs, { ref: 'refs/tags/v2.0.0' });
      const second = await build(inputs, { ref: 'refs/tags/v2.0.0' });
      expect(second.outputs).toMatchObject({ digest: first.outputs.digest, changed: 'false' });
      const reference = `${new URL(job.cloud.origin).host}/${IMAGE}:2.0.0`;
      expect(second.outputs.version).toBe('2.0.0');
      const { stdout } = await run('docker', [
        'image',
        'inspect',
        '--format',
        '{{json .Config.Labels}}',
        reference,
      ]);
      expect(JSON.parse(stdout)).toMatchObject({
        'org.opencontainers.image.title': 'Hello',
        release: 'v2.0.0 of größe',
        'org.opencontainers.image.description': 'Says hello.',
        'org.opencontainers.image.url': REPOSITORY.html_url,
        'org.opencontainers.image.source': REPOSITORY.html_url,
        'org.opencontainers.image.version': '2.0.0',
        'org.opencontainers.image.created': '2026-01-02T02:04:05.000Z',
        'org.opencontainers.image.revision': SHA,
        'org.opencontainers.image.licenses': 'MIT',
      });
    });
  });
});
