import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningCloud } from '@gangway/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image
// some tests need: buildx, buildkit
// takes minutes

type Fault = Parameters<RunningCloud['faults']['add']>[0];

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const LAYERS = 4;
const SIZE = 3_000_000;
const builders = await findBuilders();
beforeAll(() => builders.start());
afterAll(() => builders.stop());
// An engine pushes in one way whatever built in it.
const pushers = builders.all.filter(({ name }) => name === 'buildkit' || name === 'remote');

/** What sends the content of a layer: docker in PATCH, BuildKit in PUT. */
const SENDING = /^(PATCH|PUT) .*\/blobs\/uploads\//;
const toomany = { errors: [{ code: 'TOOMANYREQUESTS', message: 'Quota exceeded.' }] };

// Side by side, each with a registry of its own: a program waits for seconds before it tries again.
for (const { name, env, missing, title } of pushers)
  describe.skipIf(missing)(`a push by the builder ${title}`, { concurrent: true }, () => {
    // First, as it takes longest.
    it('gives up on a registry that stays away, and a run after it sends what is left', async () => {
      await using pusher = await startPusher(env);
      const { job, push, pushWith } = pusher;
      const refusal = { match: /^PUT .*\/manifests\//, status: 503 };
      const { annotations, stored } = await pushWith(refusal, 1000, true);
      expect(annotations.at(-1)?.message).toMatch(/^Pushing .* failed: [\s\S]*To fix it: run the job again/);
      expect(stored).toBe(LAYERS + 1);
      const before = job.cloud.requests.length;
      const again = await push();
      const sent = job.cloud.requests
        .slice(before)
        .filter(({ method, path }) => /^(PATCH|PUT)$/.test(method) && path.includes('/uploads/'));
      expect(sent, name).toEqual([]);
      expect(await registryOf(job.cloud, IMAGE).digest('one')).toBe(again.outputs.digest);
    });

    it.each<[string, Omit<Fault, 'times'>]>([
      ['dies in the middle of a layer', { match: SENDING, cut: 500_000 }],
      ['resets the connection of a layer', { match: SENDING, reset: true }],
      ['loses an answer', { match: SENDING, lost: true }],
      ['answers 503', { match: SENDING, status: 503 }],
      ['answers 429', { match: SENDING, status: 429, body: toomany, headers: { 'retry-after': '1' } }],
      ['refuses to begin an upload', { match: /^POST .*\/blobs\/uploads\//, status: 503 }],
      ['fails at the manifest', { match: /^PUT .*\/manifests\//, status: 503 }],
      ['ends the token on the way', { match: SENDING, expired: true }],
      [
        'does not take the token at first',
        {
          match: /^(GET|POST) \/v2\/token/,
          status: 401,
          body: { errors: [{ code: 'UNAUTHORIZED', message: 'authentication failed' }] },
        },
      ],
    ])('arrives though the registry %s', async (_, fault) => {
      await using pusher = await startPusher(env);
      const { outputs, stored, pending } = await pusher.pushWith(fault);
      expect(await registryOf(pusher.job.cloud, IMAGE).digest('one')).toBe(outputs.digest);
      expect(pending, 'faults that met no request').toBe(0);
      // Each layer and the configuration once: what had arrived was not sent again.
      expect(stored).toBeLessThanOrEqual(LAYERS + 1 + ('lost' in fault ? 1 : 0));
    });
  });

/** A local cloud, and a folder with an image of layers that nobody has. */
async function startPusher(env: Readonly<Record<string, string>>) {
  const job = await startJob();
  const workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  const layers = [...Array(LAYERS).keys()].map((n) => `layer-${n}`);
  await writeFile(
    join(workspace, 'Dockerfile'),
    `FROM scratch\n${layers.map((layer) => `COPY ${layer} /\n`).join('')}`,
  );
  for (const layer of layers) await writeFile(join(workspace, layer), randomBytes(SIZE));
  const push = (fails = false) =>
    job.step(
      'build-and-push',
      { image: IMAGE, tags: 'one', reuse: 'false', cache: 'off' },
      { workspace, env, fails },
    );
  return {
    job,
    push,
    /** Pushes the image while the registry has a fault; returns the step and how much was stored. */
    async pushWith(fault: Omit<Fault, 'times'>, times = 1, fails = false) {
      job.cloud.faults.add({ times, ...fault });
      const before = job.cloud.requests.length;
      const step = await push(fails);
      const { pending } = job.cloud.faults;
      job.cloud.faults.clear();
      const stored = job.cloud.requests
        .slice(before)
        .filter(
          ({ method, path, status }) =>
            method === 'PUT' && path.includes('/blobs/uploads/') && status === 201,
        );
      return { ...step, pending, stored: stored.length };
    },
    async [Symbol.asyncDispose]() {
      await rm(workspace, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    },
  };
}
