import { find } from '@gangway/engine';
import { expect } from 'vitest';
import { B, startComputeJob } from '../helpers/compute/compute-job.ts';
import { FASTAPI } from '../helpers/documents.ts';
import { startFlyJob } from '../helpers/fly/fly-job.ts';
import { startGatewayJob } from '../helpers/gateway-job.ts';
import { startJob } from '../helpers/job.ts';
import { type Ground, type Row, type Subject, subject } from './subject.ts';

/** The actions that speak to APIs only: a local cloud for each run. */
export const API_ROWS: readonly Row[] = [
  {
    title: 'enable-service',
    missing: [],
    runs: 6,
    atOnce: 4,
    open: apart(async () => {
      const job = await startJob();
      const services = 'secretmanager.googleapis.com\nlogging.googleapis.com';
      return subject(
        job,
        (options) => job.step('enable-service', { services }, options),
        () => {
          for (const name of services.split('\n')) expect(job.cloud.serviceUsage.enabled).toContain(name);
        },
        () => job[Symbol.asyncDispose](),
      );
    }),
  },
  {
    title: 'create-token',
    isSignIn: true,
    missing: [],
    runs: 12,
    atOnce: 4,
    open: apart(async () => {
      const job = await startJob();
      const inputs = { scopes: 'devstorage.read_only', lifetime: '10m' };
      return subject(
        job,
        (options) => job.step('create-token', inputs, options),
        ({ outputs }) => {
          expect(job.cloud.tokens.verify(outputs.token ?? '')?.email).toBe(
            job.exports.GANGWAY_SERVICE_ACCOUNT,
          );
          expect(Date.parse(outputs.expires_at ?? '')).toBeGreaterThan(Date.now());
        },
        () => job[Symbol.asyncDispose](),
      );
    }),
  },
  {
    title: 'create-api-key',
    missing: [],
    runs: 8,
    atOnce: 4,
    open: apart(async () => {
      const job = await startJob();
      job.cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
      const deployer = `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`;
      job.cloud.iam.grant(`projects/${job.project}`, 'roles/secretmanager.admin', deployer);
      const inputs = { key_id: 'web', services: 'run.googleapis.com', secret: 'web-key' };
      return subject(
        job,
        (options) => job.step('create-api-key', inputs, options),
        ({ outputs }) => {
          const [key] = job.cloud.apiKeys.list(job.cloud.clock.now());
          expect(key?.displayName).toBe('web');
          expect(outputs.secret_version).toMatch(/\/secrets\/web-key\/versions\/\d+$/);
        },
        () => job[Symbol.asyncDispose](),
      );
    }),
  },
  {
    title: 'deploy-api-config',
    missing: [],
    runs: 11,
    atOnce: 4,
    open: apart(async () => {
      const gateway = await startGatewayJob();
      const { job } = gateway;
      return subject(
        job,
        (options) => gateway.deploy(FASTAPI, {}, options),
        async ({ outputs }) => {
          expect((await fetch(`${outputs.url}/`)).status).toBe(401);
        },
        () => gateway[Symbol.asyncDispose](),
      );
    }),
  },
  ...['instance', 'group'].map((kind) => ({
    title: `deploy-compute of ${kind === 'group' ? 'a group' : 'an instance'}`,
    missing: [],
    runs: 12,
    // It waits for its machines most of the time.
    atOnce: 8,
    open: apart(async () => {
      const compute = await startComputeJob();
      const inputs = {
        [kind]: 'web',
        ...{ ports: '80:8080', allow_from: '0.0.0.0/0', timeout: '30s' },
        ...(kind === 'group' && { health_check: '/' }),
      };
      // A change of what is there: the first deploy has made it.
      await compute.deploy(inputs);
      return subject(
        compute.job,
        (options) => compute.deploy({ ...inputs, image: B }, options),
        ({ outputs }) => {
          expect(outputs.image).toBe(B);
          const running = compute.machines.runs();
          expect(running.length).toBeGreaterThan(0);
          expect(running.every((image) => image === B)).toBe(true);
        },
        () => compute[Symbol.asyncDispose](),
      );
    }),
  })),
  {
    title: 'teardown',
    missing: [],
    runs: 13,
    atOnce: 4,
    open: apart(async () => {
      const gateway = await startGatewayJob();
      const { job } = gateway;
      await gateway.deploy(FASTAPI, { verify: 'false' });
      await job.step('create-api-key', { key_id: 'hello', services: 'run.googleapis.com' });
      const inputs = { api: 'hello', location: 'us-central1', key_id: 'hello', dry_run: 'false' };
      return subject(
        job,
        (options) => job.step('teardown', inputs, options),
        () => {
          const { apis, configs, gateways } = job.cloud.apiGateway;
          for (const some of [apis, configs, gateways]) expect([...some.keys()]).toEqual([]);
          const [key] = job.cloud.apiKeys.list(job.cloud.clock.now());
          expect(key?.deleteTime).toBeDefined();
        },
        () => gateway[Symbol.asyncDispose](),
      );
    }),
  },
  {
    title: 'fly-deploy',
    missing: find('flyctl').length > 0 ? [] : ['flyctl'],
    runs: 16,
    atOnce: 4,
    open: apart(async () => {
      const fly = await startFlyJob();
      const image = await fly.push();
      const inputs = { image, strategy: 'immediate', verify_timeout: '5s', lock_timeout: '5s' };
      return subject(
        fly.job,
        (options) => fly.deploy(inputs, options),
        () => {
          expect(fly.machines().map(({ digest }) => digest)).toContain(image.split('@')[1]);
        },
        () => fly[Symbol.asyncDispose](),
      );
    }),
  },
];

/** Each subject with a cloud of its own. */
function apart(start: () => Promise<Subject>): () => Promise<Ground> {
  return async () => ({ start, [Symbol.asyncDispose]: async () => {} });
}
