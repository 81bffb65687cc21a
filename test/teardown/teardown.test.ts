import type { StepResult } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI } from '../helpers/documents.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';
import type { Job } from '../helpers/job.ts';
import { pushImage, pushIndex } from '../helpers/push-image.ts';
import { owner } from '../helpers/run-job.ts';

// takes minutes

const HOME = 'projects/demo-project/locations';
const REPOSITORY = 'us-central1-docker.pkg.dev/demo-project/apps';
const BUILT = { 'dev.gangway.inputs': '0123456789abcdef0123456789abcdef' };
const OWN = { 'created-by': 'gangway' };

/** What signs in, and what asks. */
const HARMLESS = /^(GET|HEAD) |^POST \/(v1\/token|token|idtoken)|:generateAccessToken$|^GET /;

describe('teardown', () => {
  let gateway: GatewayJob;
  let job: Job;
  beforeAll(async () => {
    gateway = await startGatewayJob();
    job = gateway.job;
    job.cloud.serviceUsage.enabled.add('apikeys.googleapis.com');
    await owner(job, 'POST', `v1/${HOME}/us-central1/repositories?repositoryId=apps`, { format: 'DOCKER' });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('shows a plan, deletes what the other actions made in its order, and finds nothing the next time', async () => {
    const app = await makeApp('shop');
    const shown = await gateway.requests(async () => {
      const { outputs, log, summary } = await teardown(app);
      const [config] = configsOf('shop');
      expect(lines(outputs.planned)).toEqual([
        'gateway shop in us-central1',
        `API config ${config} of shop`,
        'API shop',
        'API key shop',
        'Cloud Run service shop in us-central1',
        'Cloud Run job shop-batch in us-central1',
        `1 version of the image ${REPOSITORY}/shop (v1)`,
      ]);
      expect(outputs).toMatchObject({ deleted: '', kept: '' });
      expect(lines(outputs.missing)).toEqual([
        'Cloud Run service shop in europe-west1',
        'Cloud Run job shop-batch in europe-west1',
      ]);
      expect(log).toContain('Would delete API shop.');
      expect(summary).toContain('Dry run: nothing was changed.');
    });
    expect(shown.filter((request) => !HARMLESS.test(request))).toEqual([]);

    const done = await gateway.requests(async () => {
      const { outputs, log, summary } = await teardown({ ...app, dry_run: 'false' });
      expect(outputs.deleted).toBe(outputs.planned);
      expect(lines(outputs.deleted)).toHaveLength(7);
      expect(log).toMatch(
        /The managed service shop-\w+\.apigateway\.demo-project\.cloud\.goog is deleted with its API/,
      );
      expect(summary).toContain('Everything planned was deleted.');
    });
    const deletions = done.filter((request) => request.startsWith('DELETE '));
    expect(
      deletions.map((request) =>
        request
          .replace(/\?.*|sha256.*/, '')
          .split('/')
          .slice(-2)
          .join('/'),
      ),
    ).toEqual([
      'gateways/shop',
      expect.stringMatching(/^configs\/shop-[0-9a-f]{16}$/),
      'apis/shop',
      'keys/shop',
      'services/shop',
      'jobs/shop-batch',
      'versions/',
    ]);

    const { outputs } = await teardown({ ...app, dry_run: 'false' });
    expect(outputs).toMatchObject({ planned: '', deleted: '', kept: '' });
    expect(lines(outputs.missing)).toEqual([
      'gateway shop in us-central1',
      'API shop',
      'API key shop',
      'Cloud Run service shop in us-central1',
      'Cloud Run service shop in europe-west1',
      'Cloud Run job shop-batch in us-central1',
      'Cloud Run job shop-batch in europe-west1',
      `image ${REPOSITORY}/shop`,
    ]);
  });

  it('keeps what others made, says why, and takes it when its owner says so', async () => {
    const theirs = await makeApp('theirs');
    disown();
    const foreign = await pushImage(job, `${REPOSITORY}/theirs`, {}, 'foreign');
    const { outputs, log, summary } = await teardown({ ...theirs, dry_run: 'false' });
    const [config] = configsOf('theirs');
    expect(outputs.deleted).toBe('');
    const unmarked = 'has no label that says that Gangway created it';
    expect(lines(outputs.kept)).toEqual([
      `gateway theirs in us-central1: ${unmarked}`,
      `API config ${config} of theirs: is served by the gateway theirs in us-central1`,
      `API theirs: ${unmarked}`,
      'API key theirs: has no annotation that says that Gangway created it',
      `Cloud Run service theirs in us-central1: ${unmarked}`,
      `Cloud Run job theirs-batch in us-central1: ${unmarked}`,
      `image ${REPOSITORY}/theirs@${digestsOf('theirs')[0]} (v1): is named by the service theirs in us-central1`,
      `1 version of the image ${REPOSITORY}/theirs (foreign): has no label of build-and-push`,
    ]);
    expect(log).toContain(
      'To let teardown delete it: gcloud run services update theirs --region=us-central1 --project=demo-project --update-labels=created-by=gangway',
    );
    expect(summary).toContain('What you can do');
    expect(digestsOf('theirs')).toContain(foreign.digest);
    for (const one of job.cloud.apiGateway.gateways.values()) one.labels = OWN;
    const vouched = await teardown(theirs);
    expect(lines(vouched.outputs.planned)).toContain('gateway theirs in us-central1');

    function disown(): void {
      const { apiGateway, apiKeys, run, runJobs, clock } = job.cloud;
      for (const api of apiGateway.apis.values()) api.labels = {};
      for (const one of apiGateway.gateways.values()) one.labels = {};
      for (const key of apiKeys.list(clock.now())) key.annotations = {};
      for (const { resource } of run.list(HOME)) delete (resource as { labels?: unknown }).labels;
      for (const { resource } of runJobs.jobs.values()) delete (resource as { labels?: unknown }).labels;
    }
  });

  it('does what it can when something fails, says what is left, and goes on from there', async () => {
    const app = await makeApp('half');
    const denied = { code: 403, message: "Permission 'apigateway.gateways.delete' denied on 'half'" };
    const fault = { match: /^DELETE .*gateways\/half$/, times: 1, status: 403, body: { error: denied } };
    job.cloud.faults.add(fault);
    const { outputs, annotations, summary } = await teardown({ ...app, dry_run: 'false' }, { fails: true });
    expect(lines(outputs.deleted)).toEqual(['API key half', 'Cloud Run job half-batch in us-central1']);
    const said = annotations.at(-1)?.message ?? '';
    expect(said).toMatch(/^2 of 7 deleted\. Not deleted:\s+gateway half in us-central1: /);
    expect(said).toContain('Not started, because these must be deleted first: API config half-');
    expect(said).toContain('apigateway.gateways.delete');
    expect(summary).toContain('1. gateway half in us-central1: failed');
    const again = await teardown({ ...app, dry_run: 'false' });
    expect(lines(again.outputs.deleted)).toHaveLength(5);
    expect(lines(again.outputs.missing)).toContain('API key half');
  });

  it('deletes no service that was deployed again since it was looked at', async () => {
    const app = await makeApp('moved');
    const body = { error: { code: 409, status: 'ABORTED', message: "Conflict for resource 'moved'." } };
    job.cloud.faults.add({ match: /^DELETE .*services\/moved$/, times: 1, status: 409, body });
    const inputs = { service: app.service, region: 'us-central1', dry_run: 'false' };
    const { annotations } = await teardown(inputs, { fails: true });
    expect(annotations.at(-1)?.message).toMatch(
      /Cloud Run service moved in us-central1 is being changed, or was changed since it was looked up: Conflict[\s\S]*To fix it: wait until no deployment is under way/,
    );
    expect(job.cloud.run.find(`${HOME}/us-central1/services/moved`)).toBeDefined();
  });

  it('keeps images that a job or worker pool names, and what is in them', async () => {
    const image = `${REPOSITORY}/kept`;
    const child = await pushImage(job, image, { ...BUILT, n: '1' });
    const index = await pushIndex(job, image, [child], 'multi');
    const lone = await pushImage(job, image, { ...BUILT, n: '2' }, 'lone');
    const old = await pushImage(job, image, { ...BUILT, n: '3' }, 'old');
    const oldIndex = await pushIndex(job, image, [old], 'old-index');
    await makeJob('uses-index', `${image}@${index.digest}`, 'europe-west1');
    await makeJob('uses-tag', `${image}:lone`, 'us-central1');
    // One that the pool's latest revision does not name anymore.
    const pooled = await pushImage(job, image, { ...BUILT, n: '4' }, 'pooled');
    await makePool('uses-pool', [`${image}@${pooled.digest}`, `${image}@${lone.digest}`]);
    const { outputs } = await teardown({ image, dry_run: 'false' });
    expect(lines(outputs.kept)).toEqual([
      `image ${image}@${index.digest} (multi): is named by the job uses-index in europe-west1`,
      `image ${image}@${lone.digest} (lone): is named by the job uses-tag in us-central1`,
      `image ${image}@${pooled.digest} (pooled): is named by the worker pool uses-pool in us-central1`,
    ]);
    expect(lines(outputs.deleted)).toEqual([`2 versions of the image ${image} (old, old-index)`]);
    expect(digestsOf('kept')).toEqual([child.digest, index.digest, lone.digest, pooled.digest]);
    expect(oldIndex.digest).not.toBe(index.digest);
    // In one run with the last of those that name it, it goes.
    const users = { job: 'uses-index, uses-tag', worker_pool: 'uses-pool' };
    const all = { image, ...users, region: 'europe-west1, us-central1', dry_run: 'false' };
    expect((await teardown(all)).outputs.kept).toBe('');
    expect(digestsOf('kept')).toEqual([]);
  });

  it('leaves a gateway that serves another API, and a config that another gateway serves', async () => {
    await gateway.deploy(FASTAPI, { api: 'two', gateway: 'two', verify: 'false' });
    await gateway.deploy(FASTAPI, {
      api: 'two',
      gateway: 'beside',
      location: 'europe-west1',
      verify: 'false',
    });
    const [config] = configsOf('two');
    const inputs = { api: 'two', location: 'us-central1', dry_run: 'false' };
    const { outputs } = await teardown(inputs);
    expect(lines(outputs.deleted)).toEqual(['gateway two in us-central1']);
    expect(lines(outputs.kept)).toEqual([
      `API config ${config} of two: is served by the gateway beside in europe-west1`,
      `API two: still has the config ${config}`,
    ]);
    await gateway.deploy(FASTAPI, { api: 'three', gateway: 'three', verify: 'false' });
    const other = await teardown({ api: 'two', gateway: 'three', location: 'us-central1' });
    expect(other.outputs.kept).toContain('gateway three in us-central1: serves another API, three');
  });

  it.each([
    [{}, 'Input "service" is required and was empty.'],
    [{ service: 'app' }, 'Input "region" is required and was empty.'],
    [{ api: 'app' }, 'Input "location" is required and was empty.'],
    [{ service: 'App', region: 'us-central1' }, 'Input "service" is not valid: "App"'],
    [{ api: 'a, b', location: 'us-central1' }, 'name one, and use a step for each'],
    [{ image: `${REPOSITORY}/app:v1` }, `write ${REPOSITORY}/app; a single tag`],
    [{ image: 'docker.io/library/app' }, 'Input "image" is not valid'],
    [{ service: 'app', region: 'us-central1', dry_run: 'maybe' }, 'Input "dry_run" is not valid: "maybe"'],
  ])('refuses %j before any request', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await teardown(inputs as Record<string, string>, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });

  function teardown(
    inputs: Readonly<Record<string, string>>,
    options?: Parameters<Job['step']>[2],
  ): Promise<StepResult> {
    return job.step('teardown', inputs, options);
  }

  /** An app as the other actions leave it; the containers never run. Gives the inputs that take it down. */
  async function makeApp(id: string) {
    const image = `${REPOSITORY}/${id}`;
    const { digest } = await pushImage(job, image, { ...BUILT, id }, 'v1');
    const { outputs } = await gateway.deploy(FASTAPI, { api: id, verify: 'false' });
    await job.step('create-api-key', { key_id: id, services: outputs.managed_service ?? '' });
    await owner(job, 'POST', `v2/${HOME}/us-central1/services?serviceId=${id}`, {
      labels: OWN,
      template: { containers: [{ image: `${image}@${digest}` }] },
    });
    await makeJob(`${id}-batch`, `${image}@${digest}`, 'us-central1');
    return {
      service: id,
      job: `${id}-batch`,
      region: 'us-central1, europe-west1',
      ...{ api: id, location: 'us-central1', key_id: id, image },
    };
  }

  async function makeJob(id: string, image: string, region: string): Promise<void> {
    const template = { template: { containers: [{ image }] } };
    await owner(job, 'POST', `v2/${HOME}/${region}/jobs?jobId=${id}`, { labels: OWN, template });
  }

  async function makePool(id: string, images: readonly string[]): Promise<void> {
    const pools = `v2/${HOME}/us-central1/workerPools`;
    const [first, ...others] = images.map((image) => ({ template: { containers: [{ image }] } }));
    await owner(job, 'POST', `${pools}?workerPoolId=${id}`, { labels: OWN, ...first });
    for (const other of others) await owner(job, 'PATCH', `${pools}/${id}?updateMask=template`, other);
  }

  function configsOf(api: string): string[] {
    const names = [...job.cloud.apiGateway.configs.keys()];
    return names.filter((name) => name.includes(`/apis/${api}/`)).map((name) => name.split('/').at(-1) ?? '');
  }

  function digestsOf(name: string): string[] {
    const stored = job.cloud.artifactRegistry.find(`${HOME}/us-central1/repositories/apps`);
    return [...(stored?.images.get(name)?.manifests.keys() ?? [])];
  }
});

function lines(text = ''): string[] {
  return text === '' ? [] : text.split('\n');
}
