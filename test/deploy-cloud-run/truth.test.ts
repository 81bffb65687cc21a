import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { buildApp, owner, revisions, type Shown, show } from '../helpers/run-job.ts';

// needs: base-image
// takes minutes

const BASE = process.env.GANGWAY_BASE_IMAGE;
const HOME = 'v2/projects/demo-project/locations/us-central1';

/** What a deploy says and leaves, where it would be easy to be wrong without a word. */
describe.skipIf(!BASE)('deploy-cloud-run tells the truth (npm test prepares a Docker engine)', () => {
  let job: Job;
  let image: string;
  const region = 'us-central1';
  const deploy = (inputs: Readonly<Record<string, string>>, options: Parameters<Job['step']>[2] = {}) =>
    job.step('deploy-cloud-run', { region, image, ...inputs }, options);
  const resources = async (service: string) =>
    (await show(job, `services/${service}`)).template.containers[0]?.resources as {
      cpuIdle?: boolean;
      startupCpuBoost?: boolean;
    };

  beforeAll(async () => {
    job = await startJob();
    image = await buildApp(job, BASE ?? '');
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('lets a public service answer its check on the first deploy, and a failed check fail again', async () => {
    const inputs = { service: 'public', invokers: 'allUsers', check_url: '/', check_timeout: '1s' };
    const broken = await deploy({ ...inputs, env_vars: 'BROKEN=1' }, { fails: true });
    expect(broken.annotations[0]?.message).toContain('does not answer as it should after 1.0 s: 500');
    const again = await deploy({ ...inputs, env_vars: 'BROKEN=1' }, { fails: true });
    expect(again.log).toContain('already runs this image with these settings');
    expect(again.annotations[0]?.message).toContain('does not answer as it should');
    expect(await revisions(job, 'public')).toHaveLength(1);
    const mended = { ...inputs, env_vars: 'V=1', env_vars_update_strategy: 'overwrite' };
    expect((await deploy(mended)).outputs.revision).toMatch(/^public-00002-/);
    const unchanged = await deploy(mended);
    expect(unchanged.outputs.changed).toBe('false');
    expect(unchanged.log).toContain('answers as it should');
    // Asking a revision that doesn't serve takes a tag: a dry run writes none.
    await deploy({ ...mended, env_vars: 'V=2', check_url: '', no_traffic: 'true' });
    const dry = { ...mended, env_vars: 'V=2', no_traffic: 'true', dry_run: 'true' };
    const requests = await job.requests(async () => {
      await deploy(dry);
    });
    expect(requests.filter((request) => request.startsWith('PATCH'))).toEqual([]);
  });

  it('is its invoker’s caller on every deploy, and gives the invokers back with the requests', async () => {
    const gateway = job.gatewayServiceAccount;
    const deployer = `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`;
    const account = `projects/demo-project/serviceAccounts/${gateway}`;
    job.cloud.iam.grant(account, 'roles/iam.serviceAccountOpenIdTokenCreator', deployer);
    const inputs = { service: 'private', invokers: gateway, check_url: '/', check_timeout: '3s' };
    for (const number of [1, 2, 3]) await deploy({ ...inputs, env_vars: `V=${number}` });
    await deploy(inputs);
    const back = await deploy({ ...inputs, env_vars: 'BROKEN=1', invokers: 'allUsers' }, { fails: true });
    expect(back.annotations[0]?.message).toContain('Rolled back');
    expect(job.cloud.iam.get(`${HOME.slice(3)}/services/private`).bindings).toEqual([
      { role: 'roles/run.invoker', members: [`serviceAccount:${gateway}`] },
    ]);
    // Clean-up takes nobody away that another run has added, and hides no reason.
    const onLine = (line: string) => {
      if (line.includes('allUsers may call'))
        job.cloud.iam.grant(`${HOME.slice(3)}/services/private`, 'roles/run.invoker', 'user:ann@example.com');
    };
    const met = await deploy(
      { ...inputs, env_vars: 'BROKEN=2', invokers: 'allUsers' },
      { fails: true, onLine },
    );
    expect(met.annotations.map(({ message }) => message)).toEqual([
      `Someone else has changed the invokers since, so they stay. Before this step, they were: serviceAccount:${gateway}.`,
      expect.stringContaining('Rolled back'),
    ]);
    expect(JSON.stringify(job.cloud.iam.get(`${HOME.slice(3)}/services/private`))).toContain(
      'ann@example.com',
    );
    // A revision whose invokers can't be set is left without a tag.
    job.cloud.faults.add({ match: /^POST .*:setIamPolicy$/, times: 1, status: 403 });
    const mended = { ...inputs, env_vars: 'V=4', env_vars_update_strategy: 'overwrite' };
    await deploy(mended, { fails: true });
    expect(JSON.stringify(await show(job, 'services/private'))).not.toMatch(/"tag":"gw-/);
    await deploy(mended);
    expect((await show(job, 'services/private')).traffic).toEqual([
      { percent: 100, type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' },
    ]);
  });

  it('labels the service with its commit, and makes no revision for another one', async () => {
    const inputs = { service: 'labelled', labels: 'team=a' };
    await deploy(inputs);
    const { outputs } = await deploy(inputs, { env: { GITHUB_SHA: 'A'.repeat(40) } });
    expect(outputs.changed).toBe('true');
    const { labels, template } = await show(job, 'services/labelled');
    expect(labels).toEqual({
      ...{ team: 'a', 'created-by': 'gangway', 'managed-by': 'github-actions' },
      'commit-sha': 'a'.repeat(40),
    });
    expect(template.labels).toEqual({ team: 'a' });
    expect(await revisions(job, 'labelled')).toHaveLength(1);
    await deploy({ ...inputs, labels: '{}' });
    expect((await show(job, 'services/labelled')).labels).toBeUndefined();
  });

  it('says when CPUs are allocated, and reads nothing as what Google means by it', async () => {
    const inputs = { service: 'cpu', memory: '256Mi', cpu_boost: 'true' };
    await deploy(inputs);
    expect(await resources('cpu')).toMatchObject({ cpuIdle: true, startupCpuBoost: true });
    const always = { ...inputs, cpu_throttling: 'false' };
    await deploy(always);
    expect(await resources('cpu')).not.toHaveProperty('cpuIdle');
    expect((await deploy(always)).outputs.changed).toBe('false');
    await deploy({ ...inputs, memory: '512Mi' });
    expect(await resources('cpu')).not.toHaveProperty('cpuIdle');
    await deploy({ ...inputs, cpu_throttling: 'true' });
    expect(await resources('cpu')).toMatchObject({ cpuIdle: true });
  });

  it('never loses vpc_egress without a word', async () => {
    for (const service of ['cpu', 'nowhere']) {
      const { annotations } = await deploy({ service, vpc_egress: 'all-traffic' }, { fails: true });
      expect(annotations[0]?.message).toContain('Input "vpc_egress" is not valid: "all-traffic"');
    }
    await deploy({ service: 'cpu', network: 'default' });
    await deploy({ service: 'cpu', vpc_egress: 'all-traffic', network_tags: 'web' });
    const { vpcAccess } = (await show(job, 'services/cpu')).template as { vpcAccess?: unknown };
    expect(vpcAccess).toMatchObject({
      ...{ egress: 'ALL_TRAFFIC', networkInterfaces: [{ network: 'default', tags: ['web'] }] },
    });
  });

  it('fails where no revision is ready, also when only traffic is asked for', async () => {
    await deploy({ service: 'dead', env_vars: 'CRASH=1' }, { fails: true });
    const inputs = { service: 'dead', region, traffic: '100' };
    const { annotations } = await job.step('deploy-cloud-run', inputs, { fails: true });
    expect(annotations[0]?.message).toMatch(/Revision 'dead-00001-\w+' is not ready/);
  });

  it('keeps what no input names of a job, and runs it when it is to wait', async () => {
    const path = `${HOME}/jobs/batch`;
    await deploy({ job: 'batch' });
    const before = (await owner(job, 'GET', path)) as Shown;
    await owner(job, 'PATCH', path, {
      ...before,
      ...{ annotations: { 'example.com/owner': 'data' }, startExecutionToken: 'once' },
    });
    const { outputs } = await deploy({ job: 'batch', env_vars: 'V=1', wait: 'true' });
    expect(outputs.execution).toMatch(/^batch-/);
    expect(outputs.urls).toBe('');
    const after = await owner(job, 'GET', path);
    expect(after).toMatchObject({
      annotations: { 'example.com/owner': 'data' },
      labels: { 'managed-by': 'github-actions' },
    });
    // It has started its execution already.
    expect(after).not.toHaveProperty('startExecutionToken');
    // Overtaken after the invokers are set: the second round finds them as they should be.
    const body = { error: { code: 409, status: 'ABORTED', message: 'Conflict for resource batch.' } };
    job.cloud.faults.add({ match: /^POST .*jobs\/batch:run$/, times: 1, status: 409, body });
    const inputs = { job: 'batch', env_vars: 'V=1', wait: 'true', invokers: 'user:ann@example.com' };
    const met = await deploy(inputs);
    expect(met.log).toContain('Looking at it again');
    expect(met.outputs.changed).toBe('true');
  });
});
