import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeOf, instance, ZONE } from '../../../../../test/compute.ts';
import { type GcloudSession, gcloudSession } from '../../../../../test/gcloud-session.ts';
import { cloudWithImage, IMAGE, whatIsMissing } from '../../../../../test/run.ts';
import type { RunningCloud } from '../../../../cloud.ts';
import { environment, writeEnvironmentFiles } from '../../../../environment.ts';

// needs: gcloud, engine, busybox

const missing = await whatIsMissing();
const RUNTIME = 'serviceAccount:123456789012-compute@developer.gserviceaccount.com';
/** Of those that gcloud gives a machine, what pulls and what logs. */
const SCOPES = ['devstorage.read_only', 'logging.write'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
);
const SCRIPT =
  'echo plain; sleep 1; echo error >&2; sleep 1; echo \'{"severity":"WARNING","message":"in JSON","n":1}\'; sleep 600';

/** A unit that runs a container, and starts it again. */
function cloudInit(name: string, options: string): string {
  return `#cloud-config
write_files:
- path: /etc/systemd/system/app.service
  permissions: "0644"
  content: |
    [Service]
    Environment=HOME=/var/lib/app
    ExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=us-central1-docker.pkg.dev
    ExecStartPre=-/usr/bin/docker rm -f ${name}
    ExecStart=/usr/bin/docker run --rm --name=${name} ${options} --entrypoint /bin/busybox ${IMAGE}:1 sh -c '${SCRIPT.replaceAll("'", `'"'"'`)}'
    Restart=always
    RestartSec=1
    StandardError=journal+console
runcmd:
- systemctl daemon-reload
- systemctl start app.service
`;
}

describe.skipIf(missing !== '')(`what containers of machines write (${missing || 'Docker is there'})`, () => {
  let cloud: RunningCloud;
  let owner: ReturnType<typeof computeOf>;
  let folder: string;
  let gcloud: GcloudSession;
  beforeAll(async () => {
    let token: string;
    ({ cloud, token } = await cloudWithImage());
    owner = computeOf(cloud, token);
    cloud.iam.grant('projects/demo-project', 'roles/artifactregistry.reader', RUNTIME);
    folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
    const exported = environment(cloud, await writeEnvironmentFiles(cloud, folder));
    gcloud = await gcloudSession({ PATH: process.env.PATH, HOME: folder, ...exported });
  }, 120_000);
  afterAll(async () => {
    await gcloud[Symbol.asyncDispose]();
    await cloud.close();
    await rm(folder, { recursive: true });
  }, 60_000);

  const make = (name: string, options: string, items: readonly object[] = []) =>
    owner.done(
      'POST',
      `/zones/${ZONE}/instances`,
      instance(name, {
        serviceAccounts: [{ email: 'default', scopes: SCOPES }],
        metadata: { items: [{ key: 'user-data', value: cloudInit(name, options) }, ...items] },
      }),
    );
  const serial = async (name: string) =>
    String((await owner.call('GET', `/zones/${ZONE}/instances/${name}/serialPort`)).body.contents);
  const idOf = async (name: string) =>
    String((await owner.call('GET', `/zones/${ZONE}/instances/${name}`)).body.id);

  /** What `gcloud logging read` finds, oldest first. */
  async function read(filter: string): Promise<readonly Record<string, unknown>[]> {
    const { code, stdout, stderr } = await gcloud.run(
      'logging',
      'read',
      filter,
      '--order=asc',
      '--format=json',
    );
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>[];
  }

  it('is written by gcplogs once the account of the machine may', async () => {
    await make('logs', '--log-driver=gcplogs --log-opt=labels=team --label=team=maps');
    await expect
      .poll(() => serial('logs'), { timeout: 60_000 })
      .toContain(
        "failed to initialize logging driver: unable to connect or authenticate with Google Cloud Logging: rpc error: code = PermissionDenied desc = Permission 'logging.logEntries.create' denied on resource",
      );
    const filter = 'resource.type=gce_instance AND log_id("gcplogs-docker-driver")';
    expect(await read(filter)).toEqual([]);
    cloud.iam.grant('projects/demo-project', 'roles/logging.logWriter', RUNTIME);
    await expect.poll(() => read(filter), { timeout: 30_000, interval: 1000 }).toHaveLength(3);
    const [first, , third] = await read(`${filter} AND jsonPayload.container.name="/logs"`);
    const instanceId = await idOf('logs');
    expect(first).toMatchObject({
      logName: 'projects/demo-project/logs/gcplogs-docker-driver',
      resource: { labels: { instance_id: instanceId, zone: ZONE, project_id: 'demo-project' } },
      jsonPayload: {
        message: 'plain',
        instance: { name: 'logs', zone: ZONE, id: instanceId },
        container: { name: '/logs', imageName: `${IMAGE}:1`, metadata: { team: 'maps' } },
      },
    });
    // The driver does not look into lines.
    expect(third).toMatchObject({ jsonPayload: { message: expect.stringContaining('"in JSON"') } });
  }, 180_000);

  it('is kept when the machine is gone', async () => {
    await owner.done('DELETE', `/zones/${ZONE}/instances/logs`);
    expect(await read('log_id("gcplogs-docker-driver")')).toHaveLength(3);
  }, 60_000);

  it('is read by the agent of Container-Optimized OS where google-logging-enabled says so', async () => {
    await make('agent', '', [{ key: 'google-logging-enabled', value: 'true' }]);
    const filter = 'log_id("cos_containers") AND jsonPayload."cos.googleapis.com/container_name"="agent"';
    await expect.poll(() => read(filter), { timeout: 60_000, interval: 1000 }).toHaveLength(3);
    const [plain, error, json] = await read(filter);
    expect(plain).toMatchObject({
      resource: { type: 'gce_instance', labels: { instance_id: await idOf('agent') } },
      labels: { 'compute.googleapis.com/resource_name': 'agent' },
      jsonPayload: { message: 'plain', 'cos.googleapis.com/stream': 'stdout' },
    });
    expect(error).toMatchObject({ jsonPayload: { message: 'error', 'cos.googleapis.com/stream': 'stderr' } });
    expect(json).toMatchObject({ severity: 'WARNING', jsonPayload: { message: 'in JSON', n: 1 } });
  }, 120_000);

  it('goes nowhere else', async () => {
    await make('silent', '');
    await expect.poll(() => serial('silent'), { timeout: 60_000 }).toContain('Started app.service');
    await make('wrong', '--log-driver=gcplogs --log-opt=region=here');
    await expect
      .poll(() => serial('wrong'), { timeout: 60_000 })
      .toContain('"region" is not a valid option for the gcplogs driver');
    expect(await read('jsonPayload.message=plain AND resource.labels.instance_id!=""')).toHaveLength(2);
  }, 120_000);
});
