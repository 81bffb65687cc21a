import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { addSecret, buildApp, IMAGE, revisions, show, workspace } from '../helpers/run-job.ts';

// needs: base-image
// takes minutes

const BASE = process.env.GANGWAY_BASE_IMAGE;
const at = { service: 'app', region: 'us-central1' };

describe('inputs of deploy-cloud-run, before any request', () => {
  const good = { ...at, image: `${IMAGE}:v1` };
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it.each<[Record<string, string>, string]>([
    [
      { ...good, volumes: 'type=disk,mount-path=/a' },
      'write type=cloud-storage, or type=in-memory, or type=nfs',
    ],
    [{ ...good, volumes: 'type=cloud-storage,mount-path=/a' }, 'write bucket=NAME'],
    [{ ...good, volumes: 'type=cloud-storage,bucket=b-1,size-limit=1Mi,mount-path=/a' }, 'each once'],
    [{ ...good, volumes: 'type=in-memory,size-limit=1Mi' }, 'write mount-path=/FOLDER'],
    [{ ...good, volumes: 'type=nfs,location=server,mount-path=/a' }, 'write location=SERVER:/PATH'],
    [{ ...good, gpu: '2' }, 'Input "gpu" is not valid: "2".'],
    [{ ...good, gpu: '1', cpu: '2' }, 'a GPU goes with 4 CPUs at least'],
    [{ ...good, gpu_type: 'nvidia-l4', cpu: '2' }, 'Input "gpu_type" is not valid: "nvidia-l4".'],
    [{ ...good, gpu: '1', cpu_throttling: 'true' }, 'leave it out, or write gpu: 0'],
    [{ ...good, remove_env_vars: 'A=1' }, 'write names alone'],
    [{ ...good, remove_labels: 'a', labels: 'a=b' }, 'a is in labels too; keep one'],
    [{ ...good, custom_audiences: 'a,a' }, 'it is listed twice'],
    [{ ...good, check_as: 'a@demo-project.iam.gserviceaccount.com' }, 'write check_url too, or leave it out'],
    [{ ...good, wait: 'false' }, 'Input "wait" does not apply to a service: the step always waits for it.'],
    [{ ...good, env_vars: 'A=1', remove_env_vars: 'A' }, 'A is in env_vars too; keep one'],
    [
      { ...good, service_min_instances: '3', service_max_instances: '2' },
      'more than service_max_instances, 2',
    ],
    [{ ...good, region: 'us-central1, us-central1' }, 'it is listed twice'],
    [{ ...good, region: 'us-central1,here' }, 'Input "region" is not valid: "here".'],
    [{ ...good, check_url: '/healthz 600' }, 'write a path such as /healthz'],
    [{ ...good, traffic: 'previous' }, 'leave out image'],
    [
      { job: 'batch', region: 'us-central1', invoker_iam_check: 'false' },
      '"invoker_iam_check" does not apply to a job',
    ],
  ])('refuses %o', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await job.step('deploy-cloud-run', inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });
});

describe.skipIf(!BASE)('the reach of deploy-cloud-run with a Docker engine (npm test prepares one)', () => {
  let job: Job;
  let image: string;
  const shares = async (service = 'app') =>
    (await show(job, `services/${service}`)).traffic
      .filter(({ percent = 0 }) => percent > 0)
      .map(({ percent, revision }) => `${percent} ${revision ?? 'LATEST'}`);

  beforeAll(async () => {
    job = await startJob();
    image = await buildApp(job, BASE ?? '');
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('sets volumes, a GPU, instances of the service and the invoker check, and finds them unchanged', async () => {
    const inputs = {
      ...{ ...at, image, service: 'wide', cpu: '4', memory: '16Gi', gpu: '1' },
      volumes:
        'type=in-memory,size-limit=8Mi,mount-path=/cache\ntype=cloud-storage,bucket=gs://models,mount-path=/models,readonly=true',
      ...{ service_min_instances: '1', service_max_instances: '4', invoker_iam_check: 'false' },
      readiness_probe: 'httpGet.path=/ready,periodSeconds=5',
    };
    // The local cloud mounts no buckets; Google itself says whether all of it is valid.
    const { log } = await job.step('deploy-cloud-run', { ...inputs, dry_run: 'true' });
    expect(log).toContain('+ template.containers[0].readinessProbe.httpGet.path: /ready');
    const first = await job.step('deploy-cloud-run', inputs);
    expect(await show(job, 'services/wide')).toMatchObject({
      scaling: { minInstanceCount: 1, maxInstanceCount: 4 },
      invokerIamDisabled: true,
      template: {
        nodeSelector: { accelerator: 'nvidia-l4' },
        volumes: [
          { emptyDir: { medium: 'MEMORY', sizeLimit: '8Mi' } },
          { gcs: { bucket: 'models', readOnly: true } },
        ],
        containers: [
          {
            // CPUs are always allocated: false is left out.
            resources: { limits: { 'nvidia.com/gpu': '1' } },
            volumeMounts: [{ mountPath: '/cache' }, { mountPath: '/models' }],
            readinessProbe: { httpGet: { path: '/ready' }, periodSeconds: 5 },
          },
        ],
      },
    });
    expect(first.outputs.changed).toBe('true');
    expect((await job.step('deploy-cloud-run', inputs)).outputs.changed).toBe('false');
    const less = { ...at, service: 'wide', gpu: '0', volumes: 'none', readiness_probe: 'none' };
    await job.step('deploy-cloud-run', less);
    const { template } = await show(job, 'services/wide');
    expect(template.volumes ?? []).toEqual([]);
    expect(template.nodeSelector).toBeUndefined();
    expect(template.containers[0]).not.toHaveProperty('readinessProbe');
  });

  it('refuses before a write what does not go with what the service has', async () => {
    const before = await show(job, 'services/wide');
    const inputs = { ...at, service: 'wide', cpu: '1' };
    const { annotations } = await job.step('deploy-cloud-run', inputs, { fails: true });
    expect(annotations[0]?.message).toMatch(
      /Input "cpu" is not valid: "1"\.\nTo fix it: 1 CPU goes with 4Gi at most/,
    );
    expect(await show(job, 'services/wide')).toEqual(before);
  });

  it('sets audiences and removes labels, without a revision for the service alone', async () => {
    const custom = { ...at, service: 'heard', custom_audiences: 'https://api.example.com, other' };
    await job.step('deploy-cloud-run', { ...custom, image, labels: 'team=a,tier=b' });
    const before = await revisions(job, 'heard');
    expect((await job.step('deploy-cloud-run', custom)).outputs.changed).toBe('false');
    await job.step('deploy-cloud-run', { ...at, service: 'heard', custom_audiences: 'none' });
    expect(await revisions(job, 'heard')).toEqual(before);
    expect(await show(job, 'services/heard')).not.toHaveProperty('customAudiences');
    const { log } = await job.step('deploy-cloud-run', { ...at, service: 'heard', remove_labels: 'tier' });
    expect(log.match(/^[-~+] .*$/gm)).toEqual(['- labels.tier: b', '- template.labels.tier: b']);
    const { labels, template } = await show(job, 'services/heard');
    expect([labels?.team, template.labels]).toEqual(['a', { team: 'a' }]);
  });

  it('removes single variables and secrets', async () => {
    await addSecret(job, 'db', 'sesame-open');
    job.cloud.iam.grant(
      'projects/demo-project/secrets/db',
      'roles/secretmanager.secretAccessor',
      'serviceAccount:123456789012-compute@developer.gserviceaccount.com',
    );
    const secrets = 'PASSWORD=db:latest\n/secrets/db/password=db:1';
    await job.step('deploy-cloud-run', { ...at, image, env_vars: 'A=1,B=2', secrets });
    await job.step('deploy-cloud-run', {
      ...{ ...at, remove_env_vars: 'A, NOT_THERE' },
      remove_secrets: 'PASSWORD\n/secrets/db/password',
    });
    const { template } = await show(job, 'services/app');
    expect(template.containers[0]?.env?.map(({ name }) => name)).toEqual(['B']);
    expect(template.volumes ?? []).toEqual([]);
  });

  it('goes back to what served before, past revisions that never served', async () => {
    const [second = '', first = ''] = await revisions(job, 'app');
    // One that fails its check, and never serves.
    await job.step(
      'deploy-cloud-run',
      { ...at, env_vars: 'BROKEN=1', check_url: '/', check_timeout: '1s', invokers: 'allUsers' },
      { fails: true },
    );
    // The one that failed is not asked: the requests are none of its.
    await job.step('deploy-cloud-run', { ...at, traffic: 'previous', check_url: '/', invokers: 'allUsers' });
    expect(await shares()).toEqual([`100 ${first}`]);
    // A step that is run again stays there.
    const { outputs } = await job.step('deploy-cloud-run', { ...at, traffic: 'previous' });
    expect(await shares()).toEqual([`100 ${first}`]);
    expect(outputs.changed).toBe('false');
    await job.step('deploy-cloud-run', { ...at, revision_traffic: `${second}=100` });
    const wrong = { ...at, traffic: 'previous', check_url: '/ 404', check_timeout: '1s' };
    const { annotations } = await job.step('deploy-cloud-run', wrong, { fails: true });
    expect(annotations[0]?.message).toContain(`Rolled back: 100% ${second} serves.`);
  });

  it('says so when nothing is known of what served before, and of revisions that are not there', async () => {
    await job.step('deploy-cloud-run', { ...at, service: 'fresh', image });
    const back = await job.step(
      'deploy-cloud-run',
      { ...at, service: 'fresh', traffic: 'previous' },
      { fails: true },
    );
    expect(back.annotations[0]?.message).toContain('fresh has no record of it');
    const before = await show(job, 'services/fresh');
    const requests = await job.requests(async () => {
      const inputs = { ...at, service: 'fresh', revision_traffic: 'fresh-00009-abc=100' };
      const { annotations } = await job.step('deploy-cloud-run', inputs, { fails: true });
      expect(annotations[0]?.message).toContain(
        'Input "revision_traffic" names the revision fresh-00009-abc, which fresh does not have.',
      );
      expect(annotations[0]?.message).toMatch(/the newest are: fresh-00001-/);
    });
    expect(requests.filter((request) => /^(PATCH|POST) .*\/services/.test(request))).toEqual([]);
    expect(await show(job, 'services/fresh')).toEqual(before);
  });

  it('takes another answer than 2xx where check_url names it', async () => {
    const inputs = { ...at, service: 'quiet', image };
    await job.step('deploy-cloud-run', inputs);
    // A private service is asked without a token, and has to refuse.
    await job.step('deploy-cloud-run', { ...inputs, env_vars: 'V=2', check_url: 'GET /healthz 403' });
    expect(await shares('quiet')).toEqual(['100 LATEST']);
    const wrong = { ...inputs, invokers: 'allUsers', env_vars: 'V=3', check_timeout: '1s' };
    await job.step('deploy-cloud-run', { ...inputs, invokers: 'allUsers' });
    const { annotations } = await job.step(
      'deploy-cloud-run',
      { ...wrong, check_url: '/ 404' },
      { fails: true },
    );
    expect(annotations[0]?.message).toMatch(/does not answer as it should after 1\.0 s: 200.*, not 404/s);
  });

  it('checks a service with a name that leaves little room for a tag', async () => {
    const service = `long-${'a'.repeat(33)}`;
    const inputs = { ...at, service, image, invokers: 'allUsers' };
    await job.step('deploy-cloud-run', inputs);
    const requests = await job.requests(async () => {
      await job.step('deploy-cloud-run', { ...inputs, env_vars: 'V=2', check_url: '/' });
    });
    expect(requests.some((request) => request.includes('PATCH'))).toBe(true);
    expect((await show(job, `services/${service}`)).traffic).toEqual([
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 },
    ]);
  });

  it('deploys in several regions, and says which one failed', async () => {
    const region = 'us-central1, europe-west1';
    const { outputs } = await job.step('deploy-cloud-run', { service: 'many', region, image });
    expect(outputs.urls).toMatch(/^us-central1=http.*\neurope-west1=http/);
    expect(outputs.urls).toContain(`us-central1=${outputs.url}`);
    const again = await job.step('deploy-cloud-run', { service: 'many', region, image });
    expect(again.outputs.changed).toBe('false');
    const bad = { service: 'many', region, env_vars: 'CRASH=x' };
    const { annotations } = await job.step('deploy-cloud-run', bad, { fails: true });
    expect(annotations[0]?.message).toMatch(/In us-central1: .*not tried in europe-west1/s);
    // A region where it can't run: what the first has is told all the same.
    job.cloud.faults.add({ match: /^PATCH .*\/europe-west1\//, times: 1, status: 400 });
    const half = await job.step(
      'deploy-cloud-run',
      { service: 'many', region, env_vars: 'V=2', remove_env_vars: 'CRASH' },
      { fails: true },
    );
    expect(half.annotations[0]?.message).toMatch(/In europe-west1: .*deployed in us-central1 before/s);
    expect(half.outputs).toMatchObject({
      changed: 'true',
      url: outputs.url,
      urls: `us-central1=${outputs.url}`,
    });
    expect(half.summary).toContain('Cloud Run service many');
  });

  it('merges a file with inputs, the inputs on top', async () => {
    const file = `apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: merged, annotations: { run.googleapis.com/maxScale: '9' } }
spec:
  template:
    metadata: { annotations: { run.googleapis.com/vpc-access-connector: shared } }
    spec:
      containers:
      - image: ${image}
        imagePullPolicy: Always
        env: [{ name: A, value: file }, { name: B, value: file }]
        resources: { limits: { memory: 256Mi } }
`;
    await using folder = await workspace({ 'service.yaml': file });
    const inputs = {
      ...{ region: 'us-central1', metadata: 'service.yaml', env_vars: 'B=input', memory: '512Mi' },
      ...{ remove_env_vars: 'A', service_min_instances: '1' },
    };
    await job.step('deploy-cloud-run', inputs, { workspace: folder.path });
    expect(await show(job, 'services/merged')).toMatchObject({
      scaling: { minInstanceCount: 1, maxInstanceCount: 9 },
      template: {
        vpcAccess: { connector: 'projects/demo-project/locations/us-central1/connectors/shared' },
        containers: [{ env: [{ name: 'B', value: 'input' }], resources: { limits: { memory: '512Mi' } } }],
      },
    });
    expect((await job.step('deploy-cloud-run', inputs, { workspace: folder.path })).outputs.changed).toBe(
      'false',
    );
  });
});
