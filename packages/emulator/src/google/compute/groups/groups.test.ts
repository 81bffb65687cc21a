import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../../../../test/client.ts';
import { computeOf, instance, ZONE } from '../../../../test/compute.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';

const MANAGERS = `/zones/${ZONE}/instanceGroupManagers`;

let cloud: RunningCloud;
let owner: ReturnType<typeof computeOf>;
beforeAll(async () => {
  cloud = await startCloud({ simulateMachines: true });
  owner = computeOf(cloud, tokenOf(cloud, 'owner@example.com'));
  for (const name of ['one', 'two']) await owner.done('POST', '/global/instanceTemplates', template(name));
  await owner.done('POST', '/global/healthChecks', {
    name: 'web',
    type: 'HTTP',
    httpHealthCheck: { port: 80 },
    checkIntervalSec: 1,
    timeoutSec: 1,
  });
});
afterAll(() => cloud.close());

function template(name: string): object {
  const { name: _, machineType: __, ...properties } = instance(name) as Record<string, unknown>;
  return {
    name,
    properties: {
      ...properties,
      machineType: 'e2-micro',
      metadata: { items: [{ key: 'user-data', value: name }] },
    },
  };
}

const link = (name: string) => `projects/demo-project/global/instanceTemplates/${name}`;

interface Managed {
  readonly name: string;
  readonly currentAction: string;
  readonly version: { readonly instanceTemplate: string };
}

async function members(path: string): Promise<Managed[]> {
  const { body } = await owner.call('POST', `${path}/listManagedInstances`);
  return (body.managedInstances ?? []) as Managed[];
}

/** Waits until a group is as it should be, and tells how many instances there were in between. */
async function stable(path: string): Promise<{ least: number; most: number }> {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (;;) {
    const up = (await members(path)).length;
    [least, most] = [Math.min(least, up), Math.max(most, up)];
    const { status } = (await owner.call('GET', path)).body as {
      status: { isStable: boolean; versionTarget: { isReached: boolean } };
    };
    if (status.isStable && status.versionTarget.isReached) return { least, most };
    await sleep(20);
  }
}

describe('a managed group', () => {
  it('makes its instances by its template, and is updated within its surge', async () => {
    await owner.done('POST', MANAGERS, { name: 'web', instanceTemplate: link('one'), targetSize: 2 });
    await stable(`${MANAGERS}/web`);
    const before = await members(`${MANAGERS}/web`);
    expect(before).toHaveLength(2);
    expect(before[0]?.version.instanceTemplate).toMatch(/\/one$/);
    const surge = { maxSurge: { fixed: 1 }, maxUnavailable: { fixed: 0 } };
    await owner.done('PATCH', `${MANAGERS}/web`, {
      versions: [{ instanceTemplate: link('two') }],
      updatePolicy: { type: 'OPPORTUNISTIC', ...surge },
    });
    expect((await owner.call('GET', `${MANAGERS}/web`)).body).toMatchObject({
      status: { versionTarget: { isReached: false } },
    });
    await owner.done('PATCH', `${MANAGERS}/web`, { updatePolicy: { type: 'PROACTIVE', ...surge } });
    // A look comes when the machine has time for it, and one may miss all of the update.
    const { least, most } = await stable(`${MANAGERS}/web`);
    expect(least).toBeGreaterThanOrEqual(2);
    expect(most).toBeLessThanOrEqual(3);
    const after = await members(`${MANAGERS}/web`);
    expect(after.map(({ version }) => version.instanceTemplate.replace(/.*\//, ''))).toEqual(['two', 'two']);
    expect(after.some(({ name }) => before.some((one) => one.name === name))).toBe(false);
    const { body } = await owner.call('GET', `/zones/${ZONE}/instances/${after[0]?.name}`);
    expect(JSON.stringify(body.metadata)).toContain('instanceGroupManagers/web');
    // Its template is in use.
    expect(await owner.call('DELETE', '/global/instanceTemplates/two')).toMatchObject({
      status: 400,
      body: { error: { errors: [{ reason: 'resourceInUseByAnotherResource' }] } },
    });
  });

  it('makes again what is removed, or asked to be, and grows and shrinks', async () => {
    const [first] = await members(`${MANAGERS}/web`);
    await owner.done('POST', `${MANAGERS}/web/recreateInstances`, {
      instances: [`zones/${ZONE}/instances/${first?.name}`],
    });
    await stable(`${MANAGERS}/web`);
    expect((await members(`${MANAGERS}/web`)).map(({ name }) => name)).toContain(first?.name);
    await owner.done('POST', `${MANAGERS}/web/resize?size=3`);
    await stable(`${MANAGERS}/web`);
    await owner.done('POST', `${MANAGERS}/web/resize?size=1`);
    await stable(`${MANAGERS}/web`);
    expect(await members(`${MANAGERS}/web`)).toHaveLength(1);
  });

  it('waits for what the firewall keeps its health check from', async () => {
    await owner.done('POST', MANAGERS, {
      name: 'ill',
      instanceTemplate: link('one'),
      targetSize: 1,
      autoHealingPolicies: [{ healthCheck: 'global/healthChecks/web', initialDelaySec: 300 }],
    });
    await sleep(500);
    expect(await members(`${MANAGERS}/ill`)).toMatchObject([{ currentAction: 'VERIFYING' }]);
    await owner.done('POST', '/global/firewalls', {
      name: 'probes',
      allowed: [{ IPProtocol: 'tcp', ports: ['80'] }],
      sourceRanges: ['35.191.0.0/16', '130.211.0.0/22'],
    });
    await stable(`${MANAGERS}/ill`);
    expect(await members(`${MANAGERS}/ill`)).toMatchObject([
      { instanceHealth: [{ detailedHealthState: 'HEALTHY' }] },
    ]);
  });

  it.each([
    [
      'a surge below its zones',
      { updatePolicy: { maxSurge: { fixed: 1 } } },
      /either 0 or at least equal to the number of zones/,
    ],
    ['a percentage of few', { updatePolicy: { maxSurge: { percent: 20 } } }, /at least 10 instances/],
    [
      'nothing to give',
      { updatePolicy: { maxSurge: { fixed: 0 }, maxUnavailable: { fixed: 0 } } },
      /cannot both be 0/,
    ],
    [
      'two versions for the rest',
      { versions: [{ instanceTemplate: link('one') }, { instanceTemplate: link('two') }] },
      /Exactly one version/,
    ],
    [
      'a template that there is not',
      { instanceTemplate: link('three') },
      /instanceTemplates\/three' was not found/,
    ],
  ])('of a region is refused with %s', async (_, fields, message) => {
    const asked = { name: 'region', targetSize: 3, instanceTemplate: link('one'), ...fields };
    const answer = await owner.call(
      'POST',
      '/regions/us-west1/instanceGroupManagers',
      'versions' in fields ? { ...asked, instanceTemplate: undefined } : asked,
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toMatchObject({ error: { message: expect.stringMatching(message) } });
  });

  it('of a region is spread over its zones, and goes with all of them', async () => {
    const managers = '/regions/us-west1/instanceGroupManagers';
    await owner.done('POST', managers, { name: 'wide', targetSize: 3, instanceTemplate: link('one') });
    await stable(`${managers}/wide`);
    const links = (await members(`${managers}/wide`)).map((one) =>
      String((one as { instance?: string }).instance),
    );
    expect(new Set(links.map((one) => /zones\/([^/]+)/.exec(one)?.[1]))).toHaveProperty('size', 3);
    await owner.done('DELETE', `${managers}/wide`);
    expect((await owner.call('GET', `${managers}/wide`)).status).toBe(404);
    for (const one of links)
      expect((await owner.call('GET', one.replace(/^.*demo-project/, ''))).status).toBe(404);
  });
});
