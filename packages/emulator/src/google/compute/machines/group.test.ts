import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeOf, instance, ZONE } from '../../../../test/compute.ts';
import { cloudWithImage, IMAGE, whatIsMissing } from '../../../../test/run.ts';
import type { RunningCloud } from '../../../cloud.ts';

// takes minutes

const missing = await whatIsMissing();
const MANAGER = `/zones/${ZONE}/instanceGroupManagers/web`;

/** Runs the image in a unit that knows its version. */
const cloudInit = (version: string) => `#cloud-config
write_files:
- path: /etc/systemd/system/web.service
  content: |
    [Service]
    Environment=HOME=/home/chronos VERSION=${version}
    ExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=us-central1-docker.pkg.dev
    ExecStart=/usr/bin/docker run --rm --name=web --network=host -e PORT=80 -e VERSION=\${VERSION} ${IMAGE}:1
    Restart=always
runcmd: [systemctl start web]
`;

describe.skipIf(missing !== '')(`a group of machines (${missing || 'Docker is there'})`, () => {
  let cloud: RunningCloud;
  let owner: ReturnType<typeof computeOf>;
  beforeAll(async () => {
    let token: string;
    ({ cloud, token } = await cloudWithImage());
    owner = computeOf(cloud, token);
    const runtime = 'serviceAccount:123456789012-compute@developer.gserviceaccount.com';
    cloud.iam.grant('projects/demo-project', 'roles/artifactregistry.reader', runtime);
    const tcp = [{ IPProtocol: 'tcp', ports: ['80'] }];
    await owner.done('POST', '/global/firewalls', { name: 'web', allowed: tcp });
    await owner.done('POST', '/global/healthChecks', {
      ...{ name: 'alive', type: 'HTTP', checkIntervalSec: 1, timeoutSec: 1 },
      httpHealthCheck: { port: 80, requestPath: '/cgi-bin/alive' },
    });
    for (const version of ['one', 'two']) {
      const { name: _, machineType: __, ...properties } = instance(version) as Record<string, unknown>;
      const metadata = { items: [{ key: 'user-data', value: cloudInit(version) }] };
      const body = { name: version, properties: { ...properties, machineType: 'e2-micro', metadata } };
      await owner.done('POST', '/global/instanceTemplates', body);
    }
  }, 60_000);
  afterAll(() => cloud.close(), 60_000);

  /** What each instance answers, with its version. */
  async function versions(): Promise<string[]> {
    const addresses = cloud.compute
      .everywhere('instances')
      .map((one) => /"natIP":"([^"]+)"/.exec(JSON.stringify(one))?.[1]);
    const answers = addresses.map((address) =>
      fetch(`http://${address}/cgi-bin/echo`, { signal: AbortSignal.timeout(2000) }).then(
        (answer) => answer.text(),
        () => '',
      ),
    );
    return (await Promise.all(answers)).flatMap((text) => /^VERSION=(.*)$/m.exec(text)?.[1] ?? []);
  }

  async function stable(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    for (let left = 600; left > 0; left -= 1) {
      const { status } = (await owner.call('GET', MANAGER)).body as {
        status: { isStable: boolean; versionTarget: { isReached: boolean } };
      };
      if (status.isStable && status.versionTarget.isReached) return;
      await meanwhile();
      await sleep(200);
    }
    throw new Error(JSON.stringify((await owner.call('POST', `${MANAGER}/listManagedInstances`)).body));
  }

  it('is healthy once it answers, and is replaced without a moment in which nothing does', async () => {
    await owner.done('POST', `/zones/${ZONE}/instanceGroupManagers`, {
      ...{ name: 'web', targetSize: 1, instanceTemplate: 'global/instanceTemplates/one' },
      autoHealingPolicies: [{ healthCheck: 'global/healthChecks/alive', initialDelaySec: 300 }],
    });
    await stable();
    expect(await versions()).toEqual(['one']);
    await owner.done('PATCH', MANAGER, {
      versions: [{ instanceTemplate: 'global/instanceTemplates/two' }],
      updatePolicy: { type: 'PROACTIVE', maxSurge: { fixed: 1 }, maxUnavailable: { fixed: 0 } },
    });
    await stable(async () => expect((await versions()).length).toBeGreaterThan(0));
    expect(await versions()).toEqual(['two']);
  }, 180_000);

  it('makes an instance again that has become ill', async () => {
    await owner.done('PATCH', MANAGER, {
      autoHealingPolicies: [{ healthCheck: 'global/healthChecks/alive', initialDelaySec: 0 }],
    });
    const [before] = cloud.compute.everywhere('instances');
    const address = /"natIP":"([^"]+)"/.exec(JSON.stringify(before))?.[1];
    await fetch(`http://${address}/cgi-bin/fail`);
    for (let left = 300; cloud.compute.everywhere('instances')[0]?.id === before?.id; left -= 1) {
      if (left === 0) throw new Error('It was not made again.');
      await sleep(200);
    }
    expect(cloud.compute.everywhere('instances')[0]?.name ?? before?.name).toBe(before?.name);
  }, 120_000);
});
