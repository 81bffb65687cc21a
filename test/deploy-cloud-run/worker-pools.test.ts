import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gcloudRun, hasGcloud } from '../helpers/gcloud/gcloud-run.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { addSecret, buildApp, IMAGE, owner, show } from '../helpers/run-job.ts';

// needs: base-image
// some tests need: gcloud
// takes minutes

const BASE = process.env.GANGWAY_BASE_IMAGE;
const at = { worker_pool: 'queue', region: 'us-central1' };
const HOME = 'v2/projects/demo-project/locations/us-central1/workerPools';

interface Pool {
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly scaling?: { readonly manualInstanceCount?: number };
  readonly latestReadyRevision: string;
  readonly latestCreatedRevision: string;
  readonly template: { readonly containers: readonly { readonly env?: readonly { name: string }[] }[] };
}

describe.skipIf(!BASE)('a worker pool (npm test prepares a Docker engine)', () => {
  let job: Job;
  let image: string;
  const pool = () => show<Pool>(job, 'workerPools/queue');
  const deploy = (more: Readonly<Record<string, string>>, options = {}) =>
    job.step('deploy-cloud-run', { ...at, ...more }, options);
  beforeAll(async () => {
    job = await startJob();
    image = await buildApp(job, BASE ?? '');
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('is made, runs, and is found unchanged', async () => {
    const inputs = { image, instances: '2', env_vars: 'QUEUE=jobs', description: 'Takes jobs', cpu: '2' };
    const dry = await deploy({ ...inputs, dry_run: 'true' });
    expect(dry.summary).toContain('Google accepts the worker pool as valid');
    const { outputs, summary } = await deploy(inputs);
    expect(outputs).toMatchObject({ changed: 'true', url: '', tag_url: '' });
    expect(outputs.revision).toMatch(/^queue-00001-[a-z]{5}$/);
    expect(summary).toContain('Cloud Run worker pool queue');
    expect(await pool()).toMatchObject({
      ...{ description: 'Takes jobs', scaling: { manualInstanceCount: 2 } },
      labels: { 'managed-by': 'github-actions' },
    });
    const filter = 'resource.type="cloud_run_worker_pool" AND resource.labels.worker_pool_name="queue"';
    const asked = { resourceNames: ['projects/demo-project'], filter };
    await expect
      .poll(async () => JSON.stringify(await owner(job, 'POST', 'v2/entries:list', asked)), {
        timeout: 10_000,
      })
      .toContain('working on jobs');
    const again = await deploy(inputs);
    expect(again.outputs).toMatchObject({ changed: 'false', revision: outputs.revision });
  });

  it('gets other instances without a revision, none too, and another revision for other settings', async () => {
    const first = (await pool()).latestReadyRevision;
    expect((await deploy({ instances: '0' })).outputs.changed).toBe('true');
    expect(await pool()).toMatchObject({ scaling: { manualInstanceCount: 0 }, latestReadyRevision: first });
    expect((await deploy({ instances: '0' })).outputs.changed).toBe('false');
    const { outputs } = await deploy({ env_vars: 'MORE=1', suffix: 'more', remove_labels: 'managed-by' });
    expect(outputs).toMatchObject({ revision: 'queue-more', previous_revision: first.split('/').at(-1) });
    const { template, labels, scaling } = await pool();
    expect(template.containers[0]?.env?.map(({ name }) => name)).toEqual(['QUEUE', 'MORE']);
    expect(labels).not.toHaveProperty('managed-by');
    expect(scaling).toEqual({ manualInstanceCount: 0 });
  });

  it('fails where its revision does not come up, on a second run too, and says what runs', async () => {
    const { latestReadyRevision } = await pool();
    await addSecret(job, 'hidden', 'sesame-open');
    const inputs = { image, secrets: 'KEY=hidden:latest' };
    const failed = await deploy(inputs, { fails: true });
    expect(failed.annotations[0]?.message).toContain('Permission denied on secret');
    const again = await deploy({ region: 'us-central1' }, { fails: true });
    expect(again.annotations[0]?.message).toContain('Permission denied on secret');
    expect((await pool()).latestReadyRevision).toBe(latestReadyRevision);
    await deploy({ remove_secrets: 'KEY', image });
  });

  it('keeps what another deploy changes at the same time', async () => {
    const both = await Promise.all(['ONE', 'TWO'].map((name) => deploy({ env_vars: `${name}=1` })));
    const env = (await pool()).template.containers[0]?.env?.map(({ name }) => name);
    expect(env).toEqual(expect.arrayContaining(['ONE', 'TWO']));
    expect(new Set(both.map(({ outputs }) => outputs.revision)).size).toBe(2);
  });

  it.skipIf(!hasGcloud)('is what gcloud describes and lists', async () => {
    const described = JSON.parse(
      await gcloudRun(job, ...['beta', 'worker-pools', 'describe', 'queue', '--format=json']),
    ) as { spec: { template: { spec: { containers: { env: { name: string }[] }[] } } } };
    expect(described.spec.template.spec.containers[0]?.env.map(({ name }) => name)).toContain('ONE');
    const listed = await gcloudRun(job, ...['beta', 'worker-pools', 'list', '--format=value(metadata.name)']);
    expect(listed.trim()).toBe('queue');
  });

  it('is refused by the local cloud as by Cloud Run', async () => {
    const refusal = async (id: string, body: object) =>
      ((await owner(job, 'POST', `${HOME}?workerPoolId=${id}`, body)) as { error: { message: string } }).error
        .message;
    const template = { containers: [{ image }] };
    expect(await refusal('Queue', { template })).toContain('CreateWorkerPoolRequest.worker_pool_id');
    expect(await refusal('other', { template: {} })).toContain('worker_pool.template.containers');
    expect(await refusal('other', { template: { ...template, timeout: '5s' } })).toContain(
      'Unknown name "timeout" at \'worker_pool.template\'',
    );
    expect(await refusal('queue', { template })).toContain("Resource 'queue' already exists.");
  });

  it.each([
    [{ port: '80' }, 'Input "port" does not apply to a worker pool.'],
    [{ check_url: '/' }, 'Input "check_url" does not apply to a worker pool.'],
    [{ invokers: 'allUsers' }, 'Input "invokers" does not apply to a worker pool.'],
    [{ request_timeout: '60s' }, 'Input "request_timeout" does not apply to a worker pool.'],
    [{ tasks: '2' }, 'Input "tasks" does not apply to a worker pool.'],
    [{ min_instances: '2' }, 'Input "min_instances" does not apply to a worker pool.'],
    [{ job: 'batch' }, 'keep job or worker_pool, one of the two'],
    [{ instances: '-1' }, 'Input "instances" is not valid'],
    [{ worker_pool: 'Queue' }, 'Input "worker_pool" is not valid'],
    [{ worker_pool: '', service: 'app', instances: '1' }, 'Input "instances" does not apply to a service.'],
  ])('refuses %o before any request', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await deploy({ image: `${IMAGE}:v1`, ...inputs }, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });
});
