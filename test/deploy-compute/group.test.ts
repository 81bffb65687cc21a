import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  A,
  B,
  BROKEN,
  type ComputeJob,
  metadataOf,
  startComputeJob,
  writesIn,
} from '../helpers/compute/compute-job.ts';

// takes minutes

interface Manager {
  readonly targetSize: number;
  readonly versions: readonly { instanceTemplate: string; targetSize?: { fixed?: number } }[];
  readonly updatePolicy: object;
  readonly autoHealingPolicies?: readonly { healthCheck?: string; initialDelaySec?: number }[];
  readonly error?: { readonly code: number };
}

interface Listed {
  readonly managedInstances: readonly { instance: string; version: { instanceTemplate: string } }[];
}

let compute: ComputeJob;
const deploy: ComputeJob['deploy'] = (inputs, options) =>
  compute.deploy({ group: 'web', ...inputs }, options);
const manager = (name = 'web') => compute.inZone<Manager>(`instanceGroupManagers/${name}`);
const templates = async () =>
  ((await compute.show<{ items?: { name: string }[] }>('global/instanceTemplates')).items ?? []).map(
    ({ name }) => name,
  );
/** What the instances run, by the templates that they are made of. */
const run = async () => {
  const { managedInstances } = (await compute.write(
    'POST',
    'zones/us-central1-a/instanceGroupManagers/web/listManagedInstances',
  )) as Listed;
  return managedInstances.map(({ version }) => version.instanceTemplate.split('/').at(-1)).sort();
};

beforeAll(async () => {
  compute = await startComputeJob();
});
afterAll(() => compute[Symbol.asyncDispose]());

describe('a managed instance group', () => {
  const inputs = {
    ports: '80:8080',
    size: '2',
    health_check: '/healthz',
    tags: 'web',
    env_vars: 'MODE=fast',
  };
  let first = '';

  it('is made with a template named by its content, healing, and the rule that lets the probes in', async () => {
    const dry = await deploy({ ...inputs, dry_run: 'true' });
    expect(dry.log).toContain('+ health check web-health.path: /healthz');
    expect((await manager()).error?.code).toBe(404);

    const { outputs, summary } = await deploy(inputs);
    first = outputs.template ?? '';
    expect(first).toMatch(/^web-[0-9a-f]{12}$/);
    expect(outputs).toMatchObject({ changed: 'true', image: A, previous_template: '', address: '' });
    const made = await manager();
    expect(made.targetSize).toBe(2);
    expect(made.updatePolicy).toMatchObject({
      type: 'PROACTIVE',
      maxSurge: { fixed: 1 },
      maxUnavailable: { fixed: 0 },
    });
    expect(made.autoHealingPolicies?.[0]?.healthCheck).toMatch(/healthChecks\/web-health$/);
    expect(await compute.show('global/firewalls/web-health-checks')).toMatchObject({
      sourceRanges: ['130.211.0.0/22', '35.191.0.0/16'],
      targetTags: ['web'],
      allowed: [{ IPProtocol: 'tcp', ports: ['80'] }],
    });
    expect(await run()).toEqual([first, first]);
    expect(summary).toContain('health check web-health');
  });

  it('costs a few requests that change nothing when nothing changes', async () => {
    let result: Awaited<ReturnType<typeof deploy>> | undefined;
    const requests = await compute.job.requests(async () => {
      result = await deploy(inputs);
    });
    expect(result?.outputs.changed).toBe('false');
    expect(writesIn(requests)).toEqual([]);
  });

  it('gives a canary the new image, and then all, with what no input names kept', async () => {
    const canary = await deploy({ image: B, canary: '1' });
    const second = canary.outputs.template ?? '';
    expect(second).not.toBe(first);
    expect(await run()).toEqual([first, second].sort());
    expect((await deploy({ image: B, canary: '1' })).outputs.changed).toBe('false');
    const { outputs } = await deploy({ image: B });
    expect(outputs).toMatchObject({ template: second, previous_template: first, changed: 'true' });
    expect(await run()).toEqual([second, second]);
    const { properties } = await compute.show<{ properties: Parameters<typeof metadataOf>[0] }>(
      `global/instanceTemplates/${second}`,
    );
    expect(JSON.parse(metadataOf(properties)['gangway-container'] ?? '')).toMatchObject({
      image: B,
      container: { ports: ['80:8080/tcp'], env: [{ name: 'MODE', value: 'fast' }] },
    });
    expect((await manager()).targetSize).toBe(2);
  });

  it('goes back at the first instance whose container fails', async () => {
    compute.machines.broken.add('c'.repeat(64));
    const before = await run();
    const { annotations } = await deploy({ image: BROKEN }, { fails: true });
    expect(annotations[0]?.message).toContain("doesn't run: the container ended with status 1: no model.");
    expect(annotations[0]?.message).toMatch(/web runs web-[0-9a-f]{12} again, as before\./);
    expect(await run()).toEqual(before);
    expect((await deploy({ image: B })).outputs.changed).toBe('false');
  });

  it('goes back by the template that is there, and deletes older ones', async () => {
    await deploy({ image: A, env_vars: 'N=1' });
    await deploy({ image: A, env_vars: 'N=2' });
    const { outputs } = await deploy({ image: A, env_vars: 'N=3', keep_templates: '1' });
    const left = (await templates()).filter((name) => name.startsWith('web-'));
    expect(left).toHaveLength(2);
    expect(left).toContain(outputs.template);
    expect(left).toContain(outputs.previous_template);
  });

  it('changes its size and its healing alone', async () => {
    const { outputs, log } = await deploy({ image: A, size: '1', health_check: 'none' });
    expect(outputs.changed).toBe('true');
    expect(log).toContain('~ group.size: 2 → 1');
    expect(await run()).toHaveLength(1);
    expect((await manager()).autoHealingPolicies?.[0]?.healthCheck).toBeUndefined();
  });

  it('refuses a share in a small group, and a canary of none', async () => {
    const share = await deploy({ max_surge: '20%' }, { fails: true });
    expect(share.annotations[0]?.message).toContain('percentages need a group of at least 10 instances');
    const canary = await deploy({ group: 'other', canary: '1' }, { fails: true });
    expect(canary.annotations[0]?.message).toContain('there is no group yet');
  });
});
