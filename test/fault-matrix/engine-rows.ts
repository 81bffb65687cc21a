import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { expect } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';
import { buildApp, IMAGE, show, workspace } from '../helpers/run-job.ts';
import { type Ground, type Row, type Subject, subject } from './subject.ts';

const BASE = process.env.GANGWAY_BASE_IMAGE ?? '';
const [busybox] = find('busybox');
const ENGINE = BASE ? [] : ['a Docker engine (npm test prepares one)'];
const SPEC = '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}';
const REGISTRY = 'us-central1-docker.pkg.dev/demo-project';

/** The actions that need a Docker engine: one local cloud for all runs, with something of its own for each. */
export const ENGINE_ROWS: readonly Row[] = [
  {
    title: 'deploy-cloud-run of a service',
    missing: ENGINE,
    runs: 6,
    atOnce: 2,
    open: () =>
      runGround((job, name) => {
        const inputs = { service: name, region: 'us-central1', image: `${IMAGE}:v1`, invokers: 'allUsers' };
        return subject(
          job,
          (options) => job.step('deploy-cloud-run', { ...inputs, timeout: '60s' }, options),
          async ({ outputs }) => {
            expect((await fetch(outputs.url ?? '')).status).toBe(200);
          },
        );
      }),
  },
  {
    title: 'deploy-cloud-run of a job',
    missing: ENGINE,
    runs: 6,
    atOnce: 2,
    open: () =>
      runGround((job, name) => {
        const inputs = { job: name, region: 'us-central1', image: `${IMAGE}:v1`, execute: 'true' };
        return subject(
          job,
          (options) => job.step('deploy-cloud-run', { ...inputs, timeout: '60s' }, options),
          async ({ outputs }) => {
            const path = `jobs/${name}/executions/${outputs.execution}`;
            expect(await show<{ succeededCount?: number }>(job, path)).toMatchObject({ succeededCount: 1 });
          },
        );
      }),
  },
  {
    title: 'build-and-push of known sources',
    missing: [...ENGINE, ...(busybox ? [] : ['busybox'])],
    runs: 10,
    builds: true,
    // They share a repository.
    atOnce: 1,
    open: () =>
      buildGround(async (job, folder, number) => {
        const image = `${REGISTRY}/images/app`;
        const tag = `tag-${number}`;
        const inputs = { image, tags: tag, spec_command: 'cat /spec.json' };
        const reader = number % 2 === 0 ? job.gatewayServiceAccount : 'none';
        const repository = { repository_labels: `run=${number}`, readers: reader };
        const options = { workspace: folder };
        if (number === 0) await job.step('build-and-push', { ...inputs, tags: 'first' }, options);
        return subject(
          job,
          (more) => job.step('build-and-push', { ...inputs, ...repository }, { ...options, ...more }),
          async ({ outputs }) => {
            expect(await registryOf(job.cloud, image).digest(tag)).toBe(outputs.digest);
            expect(await readFile(outputs.spec ?? '', 'utf8')).toBe(SPEC);
          },
        );
      }),
  },
  {
    title: 'build-and-push into a new repository',
    missing: [...ENGINE, ...(busybox ? [] : ['busybox'])],
    runs: 20,
    builds: true,
    atOnce: 2,
    open: () =>
      buildGround(async (job, folder, number) => {
        const image = `${REGISTRY}/new-${number}/app`;
        const inputs = { image, tags: 'one, two', readers: job.gatewayServiceAccount };
        return subject(
          job,
          (options) => job.step('build-and-push', inputs, { workspace: folder, ...options }),
          async ({ outputs }) => {
            for (const tag of ['one', 'two'])
              expect(await registryOf(job.cloud, image).digest(tag)).toBe(outputs.digest);
          },
        );
      }),
  },
];

/** A cloud with an image to run. */
async function runGround(make: (job: Job, name: string) => Subject): Promise<Ground> {
  const job = await startJob();
  await buildApp(job, BASE);
  let count = 0;
  return {
    start: async () => make(job, `app-${count++}`),
    [Symbol.asyncDispose]: () => job[Symbol.asyncDispose](),
  };
}

/** A cloud, and a folder with what a small image is built of. */
async function buildGround(
  make: (job: Job, folder: string, number: number) => Promise<Subject>,
): Promise<Ground> {
  const job = await startJob();
  const folder = await workspace({ Dockerfile: 'FROM scratch\nCOPY . /\n', 'spec.json': SPEC });
  await mkdir(join(folder.path, 'bin'));
  for (const name of ['sh', 'cat']) await copyFile(busybox ?? '', join(folder.path, 'bin', name));
  let count = 0;
  return {
    start: () => make(job, folder.path, count++),
    async [Symbol.asyncDispose]() {
      try {
        await job.post();
      } finally {
        await job[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      }
    },
  };
}
