import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeOf, instance, ZONE } from '../../../../test/compute.ts';
import { cloudWithImage, IMAGE, whatIsMissing } from '../../../../test/run.ts';
import type { RunningCloud } from '../../../cloud.ts';

const missing = await whatIsMissing();
const INSTANCES = `/zones/${ZONE}/instances`;

/** The cloud-init of the page about LazyCache, with what has come since: the credential helper, and today's registry. */
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
    Wants=gcr-online.target
    After=gcr-online.target

    [Service]
    User=lazycache
    Environment="HOME=/home/lazycache"
    ExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=us-central1-docker.pkg.dev
    ExecStartPre=-/usr/bin/docker rm -f go-lazycache
    ExecStart=/usr/bin/docker run --rm -u 2000 --publish 80:5000 -e PORT=5000 -v /var/cache/lazy:/cache --name=go-lazycache ${IMAGE}:1
    ExecStartPost=/bin/sh -c 'curl -sf -X PUT -H "Metadata-Flavor: Google" --data started http://metadata.google.internal/computeMetadata/v1/instance/guest-attributes/lazycache/state'
    ExecStop=/usr/bin/docker stop go-lazycache
    Restart=on-failure
    RestartSec=1

runcmd:
- mkdir -p /var/cache/lazy
- systemctl daemon-reload
- systemctl start lazycache.service
- [sh, -c, 'echo first-boot > /var/lib/mark; echo "runcmd is done as $(id -u)"']
`;

describe.skipIf(missing !== '')(`a machine (${missing || 'Docker is there'})`, () => {
  let cloud: RunningCloud;
  let owner: ReturnType<typeof computeOf>;
  let address = '';
  beforeAll(async () => {
    let token: string;
    ({ cloud, token } = await cloudWithImage());
    owner = computeOf(cloud, token);
    const runtime = 'serviceAccount:123456789012-compute@developer.gserviceaccount.com';
    cloud.iam.grant('projects/demo-project', 'roles/artifactregistry.reader', runtime);
    await owner.done('POST', '/global/firewalls', {
      name: 'http',
      allowed: [{ IPProtocol: 'tcp', ports: ['80'] }],
      targetTags: ['http-server'],
    });
    await owner.done('POST', '/regions/us-west1/addresses', { name: 'go-lazycache' });
    address = String((await owner.call('GET', '/regions/us-west1/addresses/go-lazycache')).body.address);
    await owner.done(
      'POST',
      INSTANCES,
      instance('go-lazycache', {
        metadata: {
          items: [
            { key: 'user-data', value: CLOUD_INIT },
            { key: 'enable-guest-attributes', value: 'TRUE' },
          ],
        },
        networkInterfaces: [{ accessConfigs: [{ natIP: address }] }],
        tags: { items: ['http-server'] },
      }),
    );
  }, 120_000);
  afterAll(() => cloud.close(), 60_000);

  const serial = async () =>
    String((await owner.call('GET', `${INSTANCES}/go-lazycache/serialPort`)).body.contents);

  /** What is answered at the address, once something is. */
  async function answer(path = 'echo', patience = 60_000): Promise<string> {
    for (const until = Date.now() + patience; ; await sleep(200)) {
      const response = await fetch(`http://${address}/cgi-bin/${path}`).catch(() => undefined);
      if (response?.ok) return response.text();
      if (Date.now() > until) throw new Error(`Nothing answers at ${address}:\n${await serial()}`);
    }
  }

  it('runs its unit: the image is pulled with its own account, and answers at the reserved address', async () => {
    expect(await answer()).toContain('PORT=5000');
    expect(await serial()).toMatch(/systemd\[1\]: Started lazycache\.service/);
    expect(await serial()).toMatch(/cloud-init: runcmd is done as 0/);
  }, 90_000);

  it('says of itself what its unit has put', async () => {
    const path = `${INSTANCES}/go-lazycache/getGuestAttributes?queryPath=lazycache/`;
    expect((await owner.call('GET', path)).body).toMatchObject({
      queryValue: { items: [{ namespace: 'lazycache', key: 'state', value: 'started' }] },
    });
  });

  it('answers only what a firewall rule for its tags lets in', async () => {
    const { body } = await owner.call('GET', `${INSTANCES}/go-lazycache`);
    const { fingerprint } = body.tags as { fingerprint: string };
    await owner.done('POST', `${INSTANCES}/go-lazycache/setTags`, { fingerprint, items: ['other'] });
    await sleep(500);
    await expect(fetch(`http://${address}/cgi-bin/echo`)).rejects.toThrow();
    const after = (
      (await owner.call('GET', `${INSTANCES}/go-lazycache`)).body.tags as { fingerprint: string }
    ).fingerprint;
    await owner.done('POST', `${INSTANCES}/go-lazycache/setTags`, {
      fingerprint: after,
      items: ['http-server'],
    });
    expect(await answer()).toContain('PORT=5000');
  });

  it('is restarted by its unit when it dies', async () => {
    await fetch(`http://${address}/cgi-bin/die`).catch(() => undefined);
    await sleep(500);
    expect(await answer()).toContain('PORT=5000');
    expect(await serial()).toMatch(/Scheduled restart job, restart counter is at 1/);
  }, 60_000);

  it('runs what new metadata say after a reset, and keeps /var', async () => {
    const { body } = await owner.call('GET', `${INSTANCES}/go-lazycache`);
    const { fingerprint, items } = body.metadata as {
      fingerprint: string;
      items: { key: string; value: string }[];
    };
    const changed = items.map(({ key, value }) => ({
      key,
      value: value
        .replace('-e PORT=5000', '-e PORT=5000 -e VERSION=two')
        .replace('echo first-boot > /var/lib/mark', 'cat /var/lib/mark'),
    }));
    await owner.done('POST', `${INSTANCES}/go-lazycache/setMetadata`, { fingerprint, items: changed });
    expect(await answer()).not.toContain('VERSION=two');
    await owner.done('POST', `${INSTANCES}/go-lazycache/reset`);
    for (const until = Date.now() + 60_000; !(await answer()).includes('VERSION=two'); await sleep(200))
      if (Date.now() > until) throw new Error(await serial());
    // What cloud-init runs last comes after the service has begun to answer.
    await expect.poll(serial, { timeout: 10_000 }).toContain('cloud-init: first-boot');
  }, 120_000);

  it('leaves nothing when it is removed', async () => {
    await owner.done('DELETE', `${INSTANCES}/go-lazycache`);
    await expect(fetch(`http://${address}/cgi-bin/echo`)).rejects.toThrow();
    expect((await owner.call('GET', `/zones/${ZONE}/disks/go-lazycache`)).status).toBe(404);
  }, 60_000);
});
