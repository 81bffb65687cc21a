import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { addSecret, buildApp, owner, workspace } from '../helpers/run-job.ts';

// needs: base-image
// takes minutes

const BASE = process.env.GANGWAY_BASE_IMAGE;
const ACCOUNTS = 'v1/projects/demo-project/serviceAccounts';
const RUNTIME = 'machine@demo-project.iam.gserviceaccount.com';
/** What shells, systemd and YAML would each read in their own way. */
const HOSTILE = 'it\'s "quoted" $HOME %n \\ `id` #x';
const SECRET = 'correct-horse $(id) battery\nstaple';

/** The start script on a machine of the local cloud: cloud-init, the unit, docker, the metadata server and Secret Manager. */
describe.skipIf(!BASE)('a machine that deploy-compute made (npm test prepares a Docker engine)', () => {
  let job: Job;
  let image: string;
  const deploy = (inputs: Readonly<Record<string, string>>, options: Parameters<Job['step']>[2] = {}) =>
    job.step(
      'deploy-compute',
      {
        ...{ instance: 'app', zone: 'us-central1-a', image, ports: '80:8080', check_url: '/' },
        ...{ runtime_service_account: RUNTIME, allow_from: '0.0.0.0/0', timeout: '3m' },
        ...inputs,
      },
      { secrets: [SECRET], ...options },
    );
  const environmentAt = async (address = '') =>
    (await (await fetch(`http://${address}/`)).json()) as Record<string, string>;

  beforeAll(async () => {
    job = await startJob();
    image = await buildApp(job, BASE ?? '');
    await owner(job, 'POST', ACCOUNTS, { accountId: 'machine' });
    const { iam } = job.cloud;
    const deployer = `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`;
    iam.grant(`projects/demo-project/serviceAccounts/${RUNTIME}`, 'roles/iam.serviceAccountUser', deployer);
    await addSecret(job, 'key', SECRET);
    iam.grant('projects/demo-project', 'roles/secretmanager.secretAccessor', `serviceAccount:${RUNTIME}`);
  }, 180_000);
  afterAll(() => job?.[Symbol.asyncDispose](), 60_000);

  it('says that its account may not pull', async () => {
    const { annotations } = await deploy({ instance: 'denied', timeout: '2m' }, { fails: true });
    const error = annotations.filter(({ level }) => level === 'error').at(-1)?.message ?? '';
    expect(error).toContain("the image can't be pulled: ");
    expect(error).toContain('roles/artifactregistry.reader');
  }, 240_000);

  it('runs the image with its settings and its secrets, as they are', async () => {
    const runtime = `serviceAccount:${RUNTIME}`;
    job.cloud.iam.grant('projects/demo-project', 'roles/artifactregistry.reader', runtime);
    const { outputs } = await deploy({
      env_vars: `PORT=8080\nHOSTILE<<END\n${HOSTILE}\nEND`,
      secrets: 'API_KEY=key:1\n/secrets/key=key:latest',
    });
    const environment = await environmentAt(outputs.address);
    expect(environment.HOSTILE).toBe(HOSTILE);
    expect(environment.API_KEY).toBe(SECRET);
    expect(await (await fetch(`http://${outputs.address}/file/secrets/key`)).text()).toBe(SECRET);
    const { metadata } = (await owner(
      job,
      'GET',
      'compute/v1/projects/demo-project/zones/us-central1-a/instances/app',
    )) as { metadata: object };
    expect(JSON.stringify(metadata)).not.toContain('correct-horse');
    expect((await deploy({})).outputs.changed).toBe('false');
  }, 240_000);

  it('is restarted with other settings, and goes back when they break it', async () => {
    const { outputs } = await deploy({ env_vars: 'STEP=2' });
    expect(await environmentAt(outputs.address)).toMatchObject({ STEP: '2', HOSTILE });
    const { annotations } = await deploy({ env_vars: 'CRASH=/model', check_url: '' }, { fails: true });
    const error = annotations.filter(({ level }) => level === 'error').at(-1)?.message ?? '';
    expect(error).toContain('the container ended with status 1: no model at /model');
    expect(error).toContain('The last lines of its serial port:');
    expect(error).toContain(`app runs ${image} again, as before.`);
    await expect
      .poll(() => environmentAt(outputs.address).catch(() => ({})), { timeout: 30_000 })
      .toMatchObject({ STEP: '2' });
  }, 300_000);

  it('logs to Cloud Logging once its account may, and says so while it may not', async () => {
    const logging = {
      instance: 'logs',
      log_driver: 'gcplogs',
      env_vars: 'PORT=8080,SAY=started',
      timeout: '2m',
    };
    job.cloud.iam.grant(
      'projects/demo-project',
      'roles/artifactregistry.reader',
      `serviceAccount:${RUNTIME}`,
    );
    const denied = await deploy({ ...logging, check_url: '' }, { fails: true });
    const error = denied.annotations.filter(({ level }) => level === 'error').at(-1)?.message ?? '';
    expect(error).toContain("Permission 'logging.logEntries.create' denied on resource");
    expect(error).toContain('--role=roles/logging.logWriter; or write log_driver: none');
    const runtime = `serviceAccount:${RUNTIME}`;
    job.cloud.iam.grant('projects/demo-project', 'roles/logging.logWriter', runtime);
    await deploy(logging);
    const read = async () => {
      const filter = 'log_id("gcplogs-docker-driver") AND jsonPayload.instance.name="logs"';
      const body = { resourceNames: ['projects/demo-project'], filter };
      const { entries = [] } = (await owner(job, 'POST', 'v2/entries:list', body)) as { entries?: object[] };
      return JSON.stringify(entries);
    };
    await expect.poll(read, { timeout: 20_000 }).toContain('"message":"started"');
  }, 300_000);

  it('runs a cloud-init file of the user’s own', async () => {
    await using folder = await workspace({
      'cloud-init.yml': `#cloud-config
write_files:
- path: /etc/systemd/system/own.service
  permissions: "0644"
  content: |
    [Service]
    Environment=HOME=/var/lib/own
    ExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=us-central1-docker.pkg.dev
    ExecStart=/usr/bin/docker run --rm --name=own --publish 80:5000 --env PORT=5000 --env OWN=yes \u0024{IMAGE}
runcmd:
- systemctl daemon-reload
- systemctl start own.service
`,
    });
    const inputs = { instance: 'own', cloud_init: 'cloud-init.yml', ports: '80:5000', check_timeout: '2m' };
    const { outputs } = await deploy(inputs, { workspace: folder.path });
    expect(await environmentAt(outputs.address)).toMatchObject({ OWN: 'yes' });
  }, 240_000);
});
