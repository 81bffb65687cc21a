import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gcloudRun, hasGcloud } from '../helpers/gcloud/gcloud-run.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { buildApp, revisions, show } from '../helpers/run-job.ts';

// needs: base-image, gcloud

const BASE = process.env.GANGWAY_BASE_IMAGE;

describe.skipIf(!BASE || !hasGcloud)('a service that gcloud deployed (needs gcloud)', () => {
  let job: Job;
  let image: string;
  const at = { service: 'app', region: 'us-central1' };
  beforeAll(async () => {
    job = await startJob();
    image = await buildApp(job, BASE ?? '');
    await gcloudRun(
      job,
      ...['deploy', 'app', `--image=${image}`, '--no-allow-unauthenticated', '--set-env-vars=FIRST=1'],
      ...['--memory=1Gi', '--concurrency=7', '--cpu-boost', '--labels=team=forecast', '--ingress=internal'],
    );
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('is taken as it is', async () => {
    const before = await revisions(job, 'app');
    const { log } = await job.step('deploy-cloud-run', { ...at, image });
    // Two labels of the service are all that is added.
    expect(log.match(/^[+~-] \S+/gm)).toEqual(['+ labels.commit-sha:', '+ labels.managed-by:']);
    expect((await job.step('deploy-cloud-run', { ...at, image })).outputs.changed).toBe('false');
    expect(await revisions(job, 'app')).toEqual(before);
  });

  it('keeps what gcloud set when a setting is added', async () => {
    const { log } = await job.step('deploy-cloud-run', { ...at, env_vars: 'SECOND=2' });
    expect(log).toContain('SECOND');
    expect(await show(job, 'services/app')).toMatchObject({
      ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      labels: { team: 'forecast' },
      template: {
        maxInstanceRequestConcurrency: 7,
        containers: [
          {
            env: [
              { name: 'FIRST', value: '1' },
              { name: 'SECOND', value: '2' },
            ],
            resources: { limits: { memory: '1Gi' }, startupCpuBoost: true },
          },
        ],
      },
    });
  });

  it('is changed by gcloud after that, and taken again', async () => {
    await gcloudRun(job, 'services', 'update', 'app', '--update-env-vars=THIRD=3');
    const { template } = await show(job, 'services/app');
    expect(template.containers[0]?.env?.map(({ name }) => name)).toEqual(['FIRST', 'SECOND', 'THIRD']);
    const { outputs } = await job.step('deploy-cloud-run', { ...at, image });
    expect(outputs.changed).toBe('false');
  });

  it('is divided by gcloud and made whole again', async () => {
    const [latest, first] = await revisions(job, 'app');
    await gcloudRun(job, 'services', 'update-traffic', 'app', `--to-revisions=${first}=50,${latest}=50`);
    await job.step('deploy-cloud-run', { ...at, traffic: '100' });
    const { traffic } = await show(job, 'services/app');
    expect(traffic.filter(({ percent }) => percent)).toEqual([expect.objectContaining({ percent: 100 })]);
  });
});
