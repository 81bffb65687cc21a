import { find } from '@gangway/engine';
import { expect } from 'vitest';
import { withRoute } from '../helpers/documents.ts';
import { startFlyJob } from '../helpers/fly/fly-job.ts';
import { startGatewayJob } from '../helpers/gateway-job.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { buildApp, show } from '../helpers/run-job.ts';
import type { Field, Ground, Race } from './race.ts';

const BASE = process.env.GANGWAY_BASE_IMAGE ?? '';
const ENGINE = BASE ? [] : ['a Docker engine (npm test prepares one)'];
const REGION = 'us-central1';

interface Shown {
  readonly template: { readonly template?: Containers } & Containers;
}
interface Containers {
  readonly containers?: readonly { readonly env?: readonly { name: string; value?: string }[] }[];
}

/** Each action but build-and-push, whose runs share more than names. */
export const RACES: readonly Race[] = [
  {
    title: 'deploy-cloud-run of a new service',
    missing: ENGINE,
    open: () => runGround((job, image, round) => serviceField(job, image, `new-${round}`)),
  },
  {
    title: 'deploy-cloud-run of a service that is there, checked before it serves',
    missing: ENGINE,
    open: () =>
      runGround(async (job, image) => {
        const field = serviceField(job, image, 'checked', { check_url: '/', check_timeout: '20s' });
        const first = { service: 'checked', region: REGION, image, invokers: 'allUsers' };
        await job.step('deploy-cloud-run', first);
        return field;
      }),
  },
  {
    title: 'deploy-cloud-run of a preview beside others',
    missing: ENGINE,
    open: () => runGround((job, image) => previewField(job, image)),
  },
  {
    title: 'deploy-cloud-run of a job',
    missing: ENGINE,
    open: () => runGround((job, image, round) => jobField(job, image, `job-${round}`)),
  },
  {
    title: 'deploy-cloud-run of a worker pool',
    missing: ENGINE,
    open: () => runGround((job, image, round) => poolField(job, image, `pool-${round}`)),
  },
  {
    title: 'deploy-api-config',
    missing: [],
    async open() {
      const gateway = await startGatewayJob();
      const { job } = gateway;
      const start = async (round: number): Promise<Field> => ({
        run: (runner, options) => {
          const spec = `openapi-${runner}.json`;
          const document = withRoute(`/r${round}-${runner}`, `r${round}_${runner}`);
          return gateway.deploy(document, { spec, api: `api-${round % 5}`, verify: 'false' }, options);
        },
        check(runner, { outputs }) {
          const names = [...job.cloud.apiGateway.configs.keys()];
          const name = names.find((one) => one.endsWith(`/configs/${outputs.config}`)) ?? '';
          const [file] = job.cloud.apiGateway.configs.get(name)?.openapiDocuments ?? [];
          const contents = Buffer.from(file?.document?.contents ?? '', 'base64').toString();
          expect(contents).toContain(`/r${round}-${runner}`);
        },
      });
      return ground(job, start, () => gateway[Symbol.asyncDispose]());
    },
  },
  {
    title: 'create-api-key',
    missing: [],
    async open() {
      const job = await startJob();
      const start = async (round: number): Promise<Field> => ({
        run: (runner, options) =>
          job.step(
            'create-api-key',
            { key_id: `key-${round}`, display_name: `Runner ${runner}`, services: 'run.googleapis.com' },
            options,
          ),
        check(_, { outputs }) {
          const key = job.cloud.apiKeys.list(job.cloud.clock.now()).find(({ name }) => name === outputs.name);
          expect(key?.keyString).toBe(outputs.key);
        },
      });
      return ground(job, start, () => job[Symbol.asyncDispose]());
    },
  },
  {
    title: 'enable-service',
    missing: [],
    async open() {
      const job = await startJob();
      const services = 'secretmanager.googleapis.com\nlogging.googleapis.com';
      const start = async (): Promise<Field> => {
        for (const name of services.split('\n')) job.cloud.serviceUsage.enabled.delete(name);
        return {
          run: (_, options) => job.step('enable-service', { services }, options),
          check() {
            for (const name of services.split('\n')) expect(job.cloud.serviceUsage.enabled).toContain(name);
          },
        };
      };
      return ground(job, start, () => job[Symbol.asyncDispose]());
    },
  },
  {
    title: 'create-token',
    missing: [],
    async open() {
      const job = await startJob();
      const tokens = new Set<string>();
      const start = async (): Promise<Field> => ({
        run: (_, options) =>
          job.step('create-token', { scopes: 'devstorage.read_only', lifetime: '10m' }, options),
        check(_, { outputs }) {
          expect(tokens.has(outputs.token ?? '')).toBe(false);
          tokens.add(outputs.token ?? '');
          expect(job.cloud.tokens.verify(outputs.token ?? '')).toBeDefined();
        },
      });
      return ground(job, start, () => job[Symbol.asyncDispose]());
    },
  },
  {
    title: 'fly-deploy',
    missing: find('flyctl').length > 0 ? [] : ['flyctl'],
    async open() {
      const fly = await startFlyJob();
      const image = await fly.push();
      const releases = new Set<string>();
      const inputs = { image, strategy: 'immediate', lock_timeout: '60s' };
      const start = async (round: number): Promise<Field> => ({
        // flyctl takes its leases on machines, and the first round makes them.
        mayAllLose: round === 0,
        run: (runner, options) => fly.deploy({ ...inputs, secrets: `R=${round}-${runner}` }, options),
        check(_, { outputs }) {
          expect(releases.has(outputs.release ?? '')).toBe(false);
          releases.add(outputs.release ?? '');
          expect(outputs.image).toContain(image.split('@')[1] ?? '');
        },
      });
      return ground(fly.job, start, () => fly[Symbol.asyncDispose]());
    },
  },
];

/** Each run puts in a variable of its own: the revision that it names has it, and the last one has all. */
function serviceField(
  job: Job,
  image: string,
  service: string,
  more: Readonly<Record<string, string>> = {},
): Field {
  const seen = new Set<string>();
  const mark = Math.random().toString(36).slice(2, 8).toUpperCase();
  return {
    run: (runner, options) =>
      job.step(
        'deploy-cloud-run',
        { service, region: REGION, image, env_vars: `R_${mark}_${runner}=own`, timeout: '90s', ...more },
        options,
      ),
    async check(runner, { outputs }) {
      const { revision = '' } = outputs;
      expect(revision).not.toBe('');
      expect(seen.has(revision), `${revision} is put out twice`).toBe(false);
      seen.add(revision);
      const made = await show<Containers>(job, `services/${service}/revisions/${revision}`);
      expect(variables(made)).toContain(`R_${mark}_${runner}`);
    },
    async settled(runners) {
      const { template } = await show<Shown>(job, `services/${service}`);
      for (const runner of runners) expect(variables(template)).toContain(`R_${mark}_${runner}`);
      expect(JSON.stringify(await show(job, `services/${service}`))).not.toMatch(/"tag": ?"gw-/);
    },
  };
}

/** One deploys to all, the others to a tag of their own, which nobody takes away. */
async function previewField(job: Job, image: string): Promise<Field> {
  await job.step('deploy-cloud-run', { service: 'shared', region: REGION, image, env_vars: 'FIRST=1' });
  const inputs = (runner: number) =>
    runner === 0 ? { traffic: '100' } : { tag: `pr-${runner}`, no_traffic: 'true' };
  return {
    run: (runner, options) =>
      job.step(
        'deploy-cloud-run',
        {
          service: 'shared',
          region: REGION,
          image,
          env_vars: `P=${runner}`,
          timeout: '90s',
          ...inputs(runner),
        },
        options,
      ),
    async check(runner, { outputs }) {
      const { revision = '', tag_url: tagUrl = '' } = outputs;
      expect(revision).not.toBe('');
      const { containers = [] } = await show<Containers>(job, `services/shared/revisions/${revision}`);
      expect(containers[0]?.env).toContainEqual({ name: 'P', value: String(runner) });
      if (runner > 0) expect(tagUrl).toMatch(/^http/);
    },
    async settled(runners) {
      const { traffic } = await show(job, 'services/shared');
      for (const runner of runners.filter((one) => one > 0))
        expect(traffic.map(({ tag }) => tag)).toContain(`pr-${runner}`);
    },
  };
}

function jobField(job: Job, image: string, name: string): Field {
  const seen = new Set<string>();
  return {
    run: (runner, options) =>
      job.step(
        'deploy-cloud-run',
        { job: name, region: REGION, image, env_vars: `R_${runner}=own`, execute: 'true', timeout: '90s' },
        options,
      ),
    async check(runner, { outputs }) {
      const { execution = '' } = outputs;
      expect(seen.has(execution), `${execution} is put out twice`).toBe(false);
      seen.add(execution);
      const ran = await show<{ template: Containers; succeededCount?: number }>(
        job,
        `jobs/${name}/executions/${execution}`,
      );
      expect(variables(ran.template)).toContain(`R_${runner}`);
      expect(ran.succeededCount).toBe(1);
    },
    async settled(runners) {
      const { template } = await show<Shown>(job, `jobs/${name}`);
      for (const runner of runners) expect(variables(template.template ?? {})).toContain(`R_${runner}`);
    },
  };
}

function poolField(job: Job, image: string, name: string): Field {
  const seen = new Set<string>();
  return {
    run: (runner, options) =>
      job.step(
        'deploy-cloud-run',
        { worker_pool: name, region: REGION, image, env_vars: `R_${runner}=own`, timeout: '90s' },
        options,
      ),
    async check(runner, { outputs }) {
      const { revision = '' } = outputs;
      expect(revision).not.toBe('');
      expect(seen.has(revision), `${revision} is put out twice`).toBe(false);
      seen.add(revision);
      const made = await show<Containers>(job, `workerPools/${name}/revisions/${revision}`);
      expect(variables(made)).toContain(`R_${runner}`);
    },
    async settled(runners) {
      const { template } = await show<Shown>(job, `workerPools/${name}`);
      for (const runner of runners) expect(variables(template)).toContain(`R_${runner}`);
    },
  };
}

function variables({ containers = [] }: Containers): string[] {
  return (containers[0]?.env ?? []).map(({ name }) => name);
}

/** A cloud with an image to run. */
async function runGround(
  start: (job: Job, image: string, round: number) => Field | Promise<Field>,
): Promise<Ground> {
  const job = await startJob();
  const image = await buildApp(job, BASE);
  return ground(
    job,
    async (round) => start(job, image, round),
    () => job[Symbol.asyncDispose](),
  );
}

function ground(job: Job, start: Ground['start'], dispose: () => PromiseLike<void>): Ground {
  return {
    job,
    start,
    async [Symbol.asyncDispose]() {
      await dispose();
    },
  };
}
