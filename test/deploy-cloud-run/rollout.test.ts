import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { buildApp, owner, revisions, show, workspace } from '../helpers/run-job.ts';

// needs: base-image
// takes minutes

const BASE = process.env.GANGWAY_BASE_IMAGE;
const DEPLOYER = 'deployer@demo-project.iam.gserviceaccount.com';

describe.skipIf(!BASE)('rollouts of deploy-cloud-run with a Docker engine (npm test prepares one)', () => {
  let job: Job;
  let image: string;
  const at = { service: 'app', region: 'us-central1' };
  const shares = async () =>
    (await show(job, 'services/app')).traffic.map(({ percent = 0, revision, tag }) =>
      [percent, revision ?? 'LATEST', tag].filter((part) => part !== undefined).join(' '),
    );

  beforeAll(async () => {
    job = await startJob();
    image = await buildApp(job, BASE ?? '');
    job.cloud.iam.grant(
      `projects/demo-project/serviceAccounts/${DEPLOYER}`,
      'roles/iam.serviceAccountTokenCreator',
      `serviceAccount:${DEPLOYER}`,
    );
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('begins a canary, moves it on, and promotes it without another revision', async () => {
    await job.step('deploy-cloud-run', { ...at, image, env_vars: 'V=1' });
    const [first = ''] = await revisions(job, 'app');
    const canary = { ...at, image, env_vars: 'V=2', traffic: '10', tag: 'next', invokers: 'allUsers' };
    const { outputs, summary } = await job.step('deploy-cloud-run', canary);
    const second = outputs.revision ?? '';
    expect(await shares()).toEqual([`90 ${first}`, '10 LATEST', `0 ${second} next`]);
    expect(summary).toContain(`| \`${first}\` | 100% | 90% |`);
    expect(outputs.previous_revision).toBe(first);
    expect(((await (await fetch(outputs.tag_url ?? '')).json()) as { V?: string }).V).toBe('2');
    const seen = await Promise.all(
      Array.from(
        { length: 80 },
        async () => ((await (await fetch(outputs.url ?? '')).json()) as { V?: string }).V,
      ),
    );
    expect(seen.filter((v) => v === '1').length).toBeGreaterThan(seen.filter((v) => v === '2').length);
    expect((await job.step('deploy-cloud-run', canary)).outputs.changed).toBe('false');
    await job.step('deploy-cloud-run', { ...at, traffic: '50' });
    expect(await shares()).toEqual([`50 ${first}`, '50 LATEST', `0 ${second} next`]);
    await job.step('deploy-cloud-run', { ...at, traffic: '100' });
    expect(await shares()).toEqual(['100 LATEST', `0 ${second} next`]);
    expect(await revisions(job, 'app')).toEqual([second, first]);
  });

  it('gives shares by revision and by tag, and a revision none at all', async () => {
    const [second = '', first = ''] = await revisions(job, 'app');
    await job.step('deploy-cloud-run', { ...at, revision_traffic: `${first}=30` });
    expect(await shares()).toEqual(['70 LATEST', `30 ${first}`, `0 ${second} next`]);
    await job.step('deploy-cloud-run', { ...at, tag_traffic: 'next=100' });
    expect(await shares()).toEqual([`100 ${second}`, `0 ${second} next`]);
    const { outputs } = await job.step('deploy-cloud-run', {
      ...at,
      env_vars: 'V=3',
      no_traffic: 'true',
      suffix: 'dark',
    });
    expect(outputs.revision).toBe('app-dark');
    expect(await shares()).toEqual([`100 ${second}`, `0 ${second} next`]);
    const { annotations } = await job.step('deploy-cloud-run', { ...at, env_vars: 'V=4' });
    expect(annotations[0]?.message).toMatch(
      /The latest revision of app, app-\d{5}-\w+, gets no requests: its traffic is pinned to 100%/,
    );
    const unknown = await job.step('deploy-cloud-run', { ...at, tag_traffic: 'gone=1' }, { fails: true });
    expect(unknown.annotations[0]?.message).toContain('names the tag gone, which the service does not have');
    await job.step('deploy-cloud-run', { ...at, traffic: '100' });
  });

  it('asks a new revision before it gets requests, by an ID token, and goes back when it fails', async () => {
    await job.step('deploy-cloud-run', { ...at, invokers: 'none' });
    const [good = ''] = await revisions(job, 'app');
    const check = { check_url: '/', check_timeout: '2s' };
    const failed = await job.step(
      'deploy-cloud-run',
      { ...at, env_vars: 'BROKEN=1', ...check },
      { fails: true },
    );
    expect(failed.annotations[0]?.message).toMatch(
      /does not answer as it should after 2\.0 s: 500 .*Rolled back: app-\d{5}-\w+ gets no requests/,
    );
    expect((await shares())[0]).toBe(`100 ${good}`);
    // The same again is no success: what was asked for does not serve.
    await job.step('deploy-cloud-run', { ...at, env_vars: 'BROKEN=1', ...check }, { fails: true });
    expect((await shares())[0]).toBe(`100 ${good}`);
    const { outputs } = await job.step('deploy-cloud-run', {
      ...at,
      env_vars: 'V=5',
      env_vars_update_strategy: 'overwrite',
      ...check,
    });
    expect((await shares())[0]).toBe('100 LATEST');
    expect(JSON.stringify(await show(job, 'services/app'))).not.toMatch(/"tag":"gw-/);
    expect(outputs.url).toMatch(/^http/);
  });

  it('shows the reason of a revision that does not come up, its last lines, and what serves on', async () => {
    const before = await show(job, 'services/app');
    const failed = await job.step(
      'deploy-cloud-run',
      { ...at, env_vars: 'CRASH=/models/a' },
      { fails: true },
    );
    const { message = '' } = failed.annotations[0] ?? {};
    expect(message).toMatch(
      /Revision 'app-\d{5}-\w+' is not ready and cannot serve traffic\. The user-provided container failed to start/,
    );
    expect(message).toContain('(HEALTH_CHECK_CONTAINER_ERROR)\nIts last log lines:\n  no model at /models/a');
    expect(message).toContain(`100% ${before.latestReadyRevision.split('/').at(-1)}`);
    expect((await show(job, 'services/app')).latestReadyRevision).toBe(before.latestReadyRevision);
    // The same again makes another try of it, and what is about traffic alone does not mind it.
    const again = await job.step(
      'deploy-cloud-run',
      { ...at, image, env_vars: 'CRASH=/models/a' },
      { fails: true },
    );
    expect(again.annotations[0]?.message).not.toContain(/'(app-\d{5}-\w+)'/.exec(message)?.[1] ?? 'none');
    const [, , , , oldest = ''] = (await revisions(job, 'app')).slice(-5);
    await job.step('deploy-cloud-run', { ...at, revision_traffic: `${oldest}=100` });
    expect((await shares())[0]).toBe(`100 ${oldest}`);
    const staged = { ...at, env_vars: 'CRASH=/models/c', check_url: '/' };
    await job.step('deploy-cloud-run', staged, { fails: true });
    expect(JSON.stringify(await show(job, 'services/app'))).not.toMatch(/"tag":"gw-/);
    expect((await shares())[0]).toBe(`100 ${oldest}`);
    const policy = job.cloud.iam.get('projects/demo-project');
    const bindings = policy.bindings.filter(({ role }) => role !== 'roles/logging.viewer');
    job.cloud.iam.set('projects/demo-project', { bindings });
    const blind = await job.step('deploy-cloud-run', { ...at, env_vars: 'CRASH=/models/b' }, { fails: true });
    expect(blind.annotations[0]?.message).toContain('lacks roles/logging.viewer');
    job.cloud.iam.set('projects/demo-project', { bindings: policy.bindings });
    await job.step('deploy-cloud-run', {
      ...at,
      env_vars: 'V=6',
      env_vars_update_strategy: 'overwrite',
      traffic: '100',
    });
  });

  it.each([
    ['What changes in app', 'before anything is written'],
    ['does not answer', 'never'],
  ])('is cancelled at "%s", and a re-run converges', async (text) => {
    const inputs = { ...at, env_vars: `V=cancelled-at-${text.length}`, check_url: '/', check_timeout: '20s' };
    const controller = new AbortController();
    const onLine = (line: string) => {
      if (line.includes(text) || line.includes('V]: another value'))
        setTimeout(() => controller.abort(), 600);
    };
    const { exitCode } = await job.step('deploy-cloud-run', inputs, {
      fails: 'either',
      signal: controller.signal,
      onLine,
    });
    expect([0, 130]).toContain(exitCode);
    const { outputs } = await job.step('deploy-cloud-run', inputs);
    const service = await show(job, 'services/app');
    expect(JSON.stringify(service)).not.toMatch(/"tag":"gw-/);
    expect((await shares())[0]).toBe('100 LATEST');
    expect(service.latestReadyRevision).toBe(service.latestCreatedRevision);
    expect(service.latestReadyRevision).toMatch(new RegExp(`${outputs.revision}$`));
  });

  it.each([
    ['the answer to a change is lost', { match: /^PATCH .*services\/app$/, times: 1, lost: true }],
    ['the service is unavailable', { match: /^(PATCH|GET) .*services\/app$/, times: 2, status: 503 }],
    ['the connection is cut', { match: /^PATCH .*services\/app$/, times: 1, reset: true }],
  ])('makes one revision when %s', async (name, fault) => {
    const before = await revisions(job, 'app');
    job.cloud.faults.add(fault);
    await job.step('deploy-cloud-run', { ...at, env_vars: `V=${name.length}` });
    expect(await revisions(job, 'app')).toHaveLength(before.length + 1);
  });

  it('names the permission that lacks, who lacks it, and the command that grants it', async () => {
    const policy = job.cloud.iam.get('projects/demo-project');
    const bindings = policy.bindings.filter(({ role }) => role !== 'roles/iam.serviceAccountUser');
    job.cloud.iam.set('projects/demo-project', { bindings });
    const refused = await job.step('deploy-cloud-run', { ...at, env_vars: 'V=8' }, { fails: true });
    expect(refused.annotations[0]?.message).toContain(
      `gcloud iam service-accounts add-iam-policy-binding 123456789012-compute@developer.gserviceaccount.com --project=demo-project --member="serviceAccount:${DEPLOYER}" --role=roles/iam.serviceAccountUser`,
    );
    job.cloud.iam.set('projects/demo-project', {
      bindings: policy.bindings.filter(({ role }) => role !== 'roles/run.admin'),
    });
    const unseen = await job.step('deploy-cloud-run', { ...at, env_vars: 'V=8' }, { fails: true });
    expect(unseen.annotations[0]?.message).toContain("Permission 'run.services.get' denied");
    expect(unseen.annotations[0]?.message).toContain('--role=roles/run.viewer');
    job.cloud.iam.set('projects/demo-project', { bindings: policy.bindings });
  });

  it('deploys a job, runs it, finds it unchanged, and says why a task fails', async () => {
    const batch = {
      job: 'batch',
      region: 'us-central1',
      image,
      env_vars: 'A=1',
      tasks: '2',
      max_retries: '0',
      execute: 'true',
    };
    const first = await job.step('deploy-cloud-run', batch);
    expect(first.outputs.changed).toBe('true');
    expect(first.outputs.execution).toMatch(/^batch-\w{5}$/);
    expect(first.summary).toContain('2 of 2 tasks succeeded');
    expect(first.summary).toContain(
      'https://console.cloud.google.com/run/jobs/details/us-central1/batch/executions',
    );
    const again = await job.step('deploy-cloud-run', { ...batch, execute: 'false' });
    expect(again.outputs).toMatchObject({ changed: 'false', execution: '' });
    const failed = await job.step(
      'deploy-cloud-run',
      { ...batch, env_vars: 'BROKEN=1', cpu: '2' },
      { fails: true },
    );
    expect(failed.log).toContain('~ template.template.containers[0].resources.limits.cpu: 1000m → 2000m');
    const { message = '' } = failed.annotations[0] ?? {};
    expect(message).toMatch(
      /^The execution batch-\w{5} failed, 2 of 2 tasks: Task batch-\w{5}-task\d failed with message: The container exited with an error\./,
    );
    expect(message).toContain('  the table is missing');
    const started = await job.step('deploy-cloud-run', { ...batch, env_vars: '{}', wait: 'false' });
    expect(started.outputs.execution).toMatch(/^batch-/);
  });

  it('runs a job once when the answer to the request is lost', async () => {
    const count = async () =>
      (await show<{ executions: unknown[] }>(job, 'jobs/batch/executions')).executions.length;
    const before = await count();
    job.cloud.faults.add({ match: /^POST .*jobs\/batch:run$/, times: 1, lost: true });
    const inputs = { job: 'batch', region: 'us-central1', execute: 'true' };
    const { annotations } = await job.step('deploy-cloud-run', inputs, { fails: true });
    expect(annotations[0]?.message).toContain('got no answer');
    expect(await count()).toBe(before + 1);
  });

  it('takes a job out of a file', async () => {
    const file = `apiVersion: run.googleapis.com/v1
kind: Job
metadata: { name: filed, annotations: { run.googleapis.com/launch-stage: GA } }
spec:
  template:
    metadata: { annotations: { run.googleapis.com/execution-environment: gen2 } }
    spec:
      taskCount: 3
      parallelism: 1
      template:
        spec:
          maxRetries: 1
          timeoutSeconds: 30
          containers: [{ image: ${image}, env: [{ name: A, value: '1' }], resources: { limits: { cpu: '1', memory: 512Mi } } }]
`;
    await using folder = await workspace({ 'job.yaml': file });
    const inputs = { region: 'us-central1', metadata: 'job.yaml', execute: 'true' };
    const { summary } = await job.step('deploy-cloud-run', inputs, { workspace: folder.path });
    expect(summary).toContain('3 of 3 tasks succeeded');
    const { outputs } = await job.step(
      'deploy-cloud-run',
      { ...inputs, execute: 'false' },
      { workspace: folder.path },
    );
    expect(outputs.changed).toBe('false');
    expect(
      await owner(job, 'GET', 'v2/projects/demo-project/locations/us-central1/jobs/filed'),
    ).toMatchObject({
      template: {
        taskCount: 3,
        template: { maxRetries: 1, timeout: '30s', executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2' },
      },
    });
  });
});
