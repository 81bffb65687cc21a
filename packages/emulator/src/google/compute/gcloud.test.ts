import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GcloudSession, gcloudSession } from '../../../test/gcloud-session.ts';
import { cloudWithImage, IMAGE, whatIsMissing } from '../../../test/run.ts';
import { hasGcloud } from '../../../test/run-gcloud.ts';
import { type Cloud, type RunningCloud, startCloud } from '../../cloud.ts';
import { environment, writeEnvironmentFiles } from '../../environment.ts';

// needs: gcloud, engine, busybox
// takes minutes

const missing = hasGcloud ? await whatIsMissing() : 'no gcloud';
const Z = '--zone=us-west1-a';

/** The instance of the page about LazyCache, with an image family, a machine type and a registry that are still there. */
const SEED = [
  'compute addresses create go-lazycache --region us-west1',
  'compute instances create go-lazycache --image-family cos-stable --image-project cos-cloud --address go-lazycache --metadata-from-file user-data=$DIR/cloud-init --tags http-server --zone us-west1-a --machine-type e2-micro',
  'compute firewall-rules create http --allow tcp:80 --target-tags http-server',
];
const CLOUD_INIT = `#cloud-config

users:
- name: lazycache
  uid: 2000
  groups: docker

write_files:
- path: /etc/systemd/system/lazycache.service
  permissions: 0644
  owner: root
  content: |
    [Unit]
    Description=Start the lazycache service in a docker container

    [Service]
    User=lazycache
    Environment="HOME=/home/lazycache"
    ExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=us-central1-docker.pkg.dev
    ExecStart=/usr/bin/docker run --rm -u 2000 --publish 80:5000 -e PORT=5000 --name=go-lazycache ${IMAGE}:1
    ExecStop=/usr/bin/docker stop go-lazycache
    ExecStopPost=-/usr/bin/docker rm go-lazycache

runcmd:
- systemctl daemon-reload
- systemctl start lazycache.service
`;

/** What gcloud's commands do, in the order in which a person may give them, and what their output must have. */
const COMMANDS: readonly (readonly [line: string, output: string])[] = [
  ['compute zones list --filter=region:us-west1', 'us-west1-a'],
  ['compute regions list', 'us-west1'],
  ['compute regions describe us-west1', 'status: UP'],
  [`compute machine-types list --zones=us-west1-a --filter=name=e2-micro`, 'e2-micro'],
  [`compute machine-types describe e2-micro ${Z}`, 'guestCpus: 2'],
  ['compute networks list', 'default'],
  ['compute networks describe default', 'autoCreateSubnetworks: true'],
  ['compute networks subnets list --network=default --regions=us-west1', 'us-west1'],
  ['compute images list --project=cos-cloud --no-standard-images', 'cos-stable'],
  ['compute images describe-from-family cos-stable --project=cos-cloud', 'family: cos-stable'],
  ['compute images list', 'debian-12'],
  ['compute project-info describe', 'defaultServiceAccount'],
  ['compute project-info add-metadata --metadata=enable-guest-attributes=TRUE', 'Updated'],
  ['compute addresses create fixed --region=us-west1', 'Created'],
  ['compute addresses list', 'RESERVED'],
  ['compute addresses describe fixed --region=us-west1', 'status: RESERVED'],
  ['compute firewall-rules create web --allow=tcp:80,tcp:443 --target-tags=http-server', 'web'],
  ['compute firewall-rules update web --allow=tcp:80', ''],
  ['compute firewall-rules list', 'tcp:80'],
  ['compute firewall-rules describe web', 'priority: 1000'],
  [
    `compute instances create one ${Z} --machine-type=e2-micro --image-family=cos-stable --image-project=cos-cloud --address=fixed --tags=http-server --labels=a=b --metadata=x=y`,
    'RUNNING',
  ],
  ['compute addresses list', 'IN_USE'],
  ['compute instances list', 'one'],
  [`compute instances list --filter=name=one`, 'one'],
  [`compute instances describe one ${Z}`, 'status: RUNNING'],
  [`compute instances add-metadata one ${Z} --metadata=user-data=two`, 'Updated'],
  [`compute instances add-metadata one ${Z} --metadata=user-data=two`, 'No change requested'],
  [`compute instances remove-metadata one ${Z} --keys=x`, 'Updated'],
  [`compute instances add-tags one ${Z} --tags=https-server`, 'Updated'],
  [`compute instances remove-tags one ${Z} --tags=https-server`, 'Updated'],
  [`compute instances add-labels one ${Z} --labels=c=d`, 'done'],
  [`compute instances get-serial-port-output one ${Z}`, 'only simulates'],
  [`compute instances reset one ${Z}`, 'Updated'],
  [`compute instances stop one ${Z}`, 'Updated'],
  [`compute instances set-machine-type one ${Z} --machine-type=e2-small`, 'Updated'],
  [
    `compute instances set-service-account one ${Z} --service-account=deployer@demo-project.iam.gserviceaccount.com --scopes=cloud-platform`,
    'Updated',
  ],
  [`compute instances start one ${Z}`, 'Updated'],
  [`compute instances delete-access-config one ${Z} --access-config-name=external-nat`, 'Updated'],
  [`compute instances add-access-config one ${Z} --address=$ADDRESS`, 'Updated'],
  ['compute disks list', 'one'],
  [`compute disks describe one ${Z}`, 'status: READY'],
  [`compute instances delete one ${Z}`, 'Deleted'],
  ['compute addresses delete fixed --region=us-west1', 'Deleted'],
  [
    'compute instance-templates create first --machine-type=e2-micro --image-family=cos-stable --image-project=cos-cloud --tags=http-server --metadata=v=1',
    'first',
  ],
  [
    'compute instance-templates create second --machine-type=e2-micro --image-family=cos-stable --image-project=cos-cloud --tags=http-server --metadata=v=2',
    'second',
  ],
  ['compute instance-templates list', 'second'],
  ['compute instance-templates describe first', 'machineType: e2-micro'],
  ['compute health-checks create http web --port=80 --request-path=/healthz', 'HTTP'],
  ['compute health-checks list', 'web'],
  ['compute health-checks update http web --check-interval=1s --timeout=1s', ''],
  ['compute health-checks describe web', 'checkIntervalSec: 1'],
  [
    `compute instance-groups managed create group ${Z} --template=first --size=2 --health-check=web --initial-delay=300`,
    'group',
  ],
  [
    'compute firewall-rules create probes --allow=tcp:80 --source-ranges=35.191.0.0/16,130.211.0.0/22',
    'probes',
  ],
  [`compute instance-groups managed wait-until group ${Z} --stable`, 'stable'],
  [`compute instance-groups managed list-instances group ${Z}`, 'HEALTHY'],
  [
    `compute instance-groups managed rolling-action start-update group ${Z} --version=template=second --max-surge=1 --max-unavailable=0`,
    'Updated',
  ],
  [
    `compute instance-groups managed wait-until group ${Z} --version-target-reached`,
    'Version target is reached',
  ],
  [`compute instance-groups managed describe group ${Z}`, 'second'],
  [
    `compute instance-groups managed rolling-action start-update group ${Z} --version=template=second --canary-version=template=first,target-size=1`,
    'Updated',
  ],
  [`compute instance-groups managed list-errors group ${Z}`, ''],
  ['compute instance-groups managed list', 'group'],
  [`compute instance-groups managed resize group ${Z} --size=1`, 'Updated'],
  [`compute instance-groups managed rolling-action restart group ${Z}`, 'Updated'],
  [`compute instance-groups managed rolling-action replace group ${Z}`, 'Updated'],
  [`compute instance-groups managed update group ${Z} --initial-delay=10`, 'Updated'],
  ['compute instance-groups list', 'group'],
  [`compute instance-groups managed delete group ${Z}`, 'Deleted'],
  ['compute instance-groups managed create wide --region=us-west1 --template=first --size=3', 'wide'],
  ['compute instance-groups managed wait-until wide --region=us-west1 --stable', 'stable'],
  ['compute instance-groups managed list-instances wide --region=us-west1', 'us-west1-b'],
  ['compute instance-groups managed describe wide --region=us-west1', 'targetShape: EVEN'],
  [
    'compute instance-groups managed rolling-action start-update wide --region=us-west1 --version=template=first --canary-version=template=second,target-size=1 --max-surge=3 --max-unavailable=0',
    'Updated',
  ],
  ['compute instance-groups managed wait-until wide --region=us-west1 --version-target-reached', 'reached'],
  ['compute instance-groups managed update wide --region=us-west1 --initial-delay=10', ''],
  ['compute instance-groups managed resize wide --region=us-west1 --size=4', 'Updated'],
  ['compute instance-groups managed list-errors wide --region=us-west1', ''],
  ['compute instance-groups describe wide --region=us-west1', 'us-west1'],
  ['compute instance-groups list-instances wide --region=us-west1', 'RUNNING'],
  [
    'compute instance-groups managed rolling-action replace wide --region=us-west1 --max-unavailable=3',
    'Updated',
  ],
  [
    'compute instance-groups managed create single --region=us-west1 --zones=us-west1-a,us-west1-b --template=first --size=2 --target-distribution-shape=any-single-zone --instance-redistribution-type=none',
    'single',
  ],
  ['compute instance-groups managed wait-until single --region=us-west1 --stable', 'stable'],
  ['compute instance-groups managed describe single --region=us-west1', 'targetShape: ANY_SINGLE_ZONE'],
  ['compute instance-groups managed delete single --region=us-west1', 'Deleted'],
  ['compute instance-groups managed delete wide --region=us-west1', 'Deleted'],
  ['compute health-checks delete web', 'Deleted'],
  ['compute instance-templates delete first', 'Deleted'],
  ['compute firewall-rules delete web', 'Deleted'],
  ['compute operations list', 'DONE'],
];

/** gcloud against a cloud, with the exports of that cloud and nothing more. */
async function session(cloud: Cloud, folder: string): Promise<GcloudSession> {
  const exported = environment(cloud, await writeEnvironmentFiles(cloud, folder));
  return gcloudSession({ PATH: process.env.PATH, HOME: folder, ...exported });
}

describe.skipIf(missing !== '')(`gcloud compute (${missing || 'is there'})`, () => {
  let cloud: RunningCloud;
  let folder: string;
  let gcloud: GcloudSession;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
    cloud = await startCloud({ simulateMachines: true });
    gcloud = await session(cloud, folder);
  });
  afterAll(async () => {
    await gcloud[Symbol.asyncDispose]();
    await cloud.close();
    await rm(folder, { recursive: true });
  });

  it.each(COMMANDS)(
    '%s',
    async (line, output) => {
      const [reserved] = cloud.compute.list('regions/us-west1/addresses');
      const words = line.replace('$ADDRESS', String(reserved?.address)).split(' ');
      // gcloud takes the option once in the life of a process.
      const isOnce = words.some((word) => word.startsWith('--metadata='));
      const one = isOnce ? await session(cloud, await mkdtemp(join(folder, 'one-'))) : gcloud;
      const { code, stdout, stderr } = await one.run(...words);
      if (isOnce) await one[Symbol.asyncDispose]();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(`${stdout}\n${stderr}`).toContain(output);
    },
    60_000,
  );

  it('is told what a group of a region can and cannot be updated by', async () => {
    const update = (surge: string) =>
      gcloud.run(
        ...'compute instance-groups managed create spread --region=us-west1 --size=3'.split(' '),
        ...['--template=left', `--update-policy-max-surge=${surge}`],
      );
    await gcloud.run(...'compute instance-templates create left --machine-type=e2-micro'.split(' '));
    const refused = await update('1');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('has to be either 0 or at least equal to the number of zones');
    const made = await update('3');
    expect(made.code, made.stderr).toBe(0);
  }, 60_000);

  it('shows what Compute Engine refuses', async () => {
    const { code, stderr } = await gcloud.run('compute', 'instances', 'describe', 'none', Z);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "The resource 'projects/demo-project/zones/us-west1-a/instances/none' was not found",
    );
  });
});

describe.skipIf(missing !== '')(`the page's own commands (${missing || 'gcloud is there'})`, () => {
  let cloud: RunningCloud;
  let folder: string;
  let gcloud: GcloudSession;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
    await writeFile(join(folder, 'cloud-init'), CLOUD_INIT);
    ({ cloud } = await cloudWithImage());
    gcloud = await session(cloud, folder);
    const runtime = 'serviceAccount:123456789012-compute@developer.gserviceaccount.com';
    cloud.iam.grant('projects/demo-project', 'roles/artifactregistry.reader', runtime);
  }, 60_000);
  afterAll(async () => {
    await gcloud[Symbol.asyncDispose]();
    await cloud.close();
    await rm(folder, { recursive: true });
  }, 60_000);

  it('make an instance that answers on port 80 of the reserved address', async () => {
    for (const line of SEED) {
      const { code, stderr } = await gcloud.run(...line.replace('$DIR', folder).split(' '));
      expect(code, stderr).toBe(0);
    }
    const [reserved] = cloud.compute.list('regions/us-west1/addresses');
    let answer: Response | undefined;
    for (let left = 300; left > 0 && !answer?.ok; left -= 1) {
      answer = await fetch(`http://${reserved?.address}/cgi-bin/echo`).catch(() => undefined);
      await sleep(200);
    }
    const serial = await gcloud.run('compute', 'instances', 'get-serial-port-output', 'go-lazycache', Z);
    expect(answer?.status, serial.stdout).toBe(200);
    expect(await answer?.text()).toContain('PORT=5000');
  }, 120_000);
});
