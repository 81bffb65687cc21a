import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A, B, BROKEN, type ComputeJob, startComputeJob, writesIn } from '../helpers/compute/compute-job.ts';

// takes minutes

const HOME = 'regions/us-central1/instanceGroupManagers';

interface Manager {
  readonly targetSize: number;
  readonly updatePolicy: { readonly maxSurge: object; readonly maxUnavailable: object };
  readonly distributionPolicy: { readonly zones: readonly { zone: string }[] };
  readonly error?: { readonly code: number };
}

interface Listed {
  readonly managedInstances: readonly { instance: string; version: { instanceTemplate: string } }[];
}

let compute: ComputeJob;
const deploy: ComputeJob['deploy'] = (inputs, options) =>
  compute.deploy({ group: 'wide', zone: '', region: 'us-central1', ...inputs }, options);
const manager = (name = 'wide') => compute.show<Manager>(`${HOME}/${name}`);
const listed = async (name = 'wide') =>
  ((await compute.write('POST', `${HOME}/${name}/listManagedInstances`)) as Listed).managedInstances;
const run = async () =>
  (await listed()).map(({ version }) => version.instanceTemplate.split('/').at(-1)).sort();
const zones = async (name = 'wide') =>
  (await listed(name)).map(({ instance }) => /zones\/([^/]+)/.exec(instance)?.[1]).sort();

beforeAll(async () => {
  compute = await startComputeJob();
});
afterAll(() => compute[Symbol.asyncDispose]());

describe('a managed instance group of a region', () => {
  const inputs = { ports: '80:8080', size: '3', health_check: '/healthz' };
  let first = '';

  it('is made in three zones, one instance in each, and says so', async () => {
    const dry = await deploy({ ...inputs, dry_run: 'true' });
    expect(dry.log).toContain('+ group.update.maxSurge: 3');
    expect((await manager()).error?.code).toBe(404);

    const { outputs, summary } = await deploy(inputs);
    first = outputs.template ?? '';
    expect(outputs).toMatchObject({ changed: 'true', image: A });
    expect((await manager()).updatePolicy).toMatchObject({
      maxSurge: { fixed: 3 },
      maxUnavailable: { fixed: 0 },
    });
    expect(await zones()).toEqual(['us-central1-a', 'us-central1-b', 'us-central1-c']);
    expect(summary).toMatch(/Region\W+us-central1\b/);
    expect(summary).toContain('compute/instanceGroups/details/us-central1/wide?project=');
  });

  it('costs a few requests that change nothing when nothing changes', async () => {
    let result: Awaited<ReturnType<typeof deploy>> | undefined;
    const requests = await compute.job.requests(async () => {
      result = await deploy(inputs);
    });
    expect(result?.outputs.changed).toBe('false');
    expect(writesIn(requests)).toEqual([]);
  });

  it('gives a canary the new image, and then all, each machine in its own zone asked what it runs', async () => {
    const canary = await deploy({ image: B, canary: '1' });
    const second = canary.outputs.template ?? '';
    expect(await run()).toEqual([first, first, second].sort());
    const { outputs } = await deploy({ image: B });
    expect(outputs).toMatchObject({ template: second, previous_template: first, changed: 'true' });
    expect(await run()).toEqual([second, second, second]);
    expect(await zones()).toHaveLength(3);
  });

  it('goes back at the first instance whose container fails', async () => {
    compute.machines.broken.add('c'.repeat(64));
    const before = await run();
    const { annotations } = await deploy({ image: BROKEN }, { fails: true });
    expect(annotations[0]?.message).toContain("doesn't run: the container ended with status 1: no model.");
    expect(annotations[0]?.message).toMatch(/wide runs wide-[0-9a-f]{12} again, as before\./);
    expect(await run()).toEqual(before);
  });

  it.each<[Record<string, string>, string]>([
    [{ max_surge: '2' }, 'write 0, or at least 3'],
    [{ max_unavailable: '1' }, 'write 0, or at least 3'],
    [{ max_surge: '0' }, 'max_unavailable of wide is 0 too'],
    [{ max_surge: '50%' }, 'percentages need a group of at least 10 instances, and this one has 3'],
    [{ zones: 'us-central1-a,us-central1-f' }, 'the zones of a group never change'],
    [{ group: 'other', zones: 'us-central1-a,us-central1-b', max_surge: '1' }, 'write 0, or at least 2'],
  ])('refuses %o before anything is written', async (more, message) => {
    const requests = await compute.job.requests(async () => {
      const { annotations } = await deploy(more, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(writesIn(requests)).toEqual([]);
  });

  it('is spread over the zones that are named', async () => {
    const named = { group: 'two', size: '2', zones: 'us-central1-f, us-central1-a' };
    await deploy(named);
    expect(await zones('two')).toEqual(['us-central1-a', 'us-central1-f']);
    expect((await manager('two')).updatePolicy.maxSurge).toMatchObject({ fixed: 2 });
    expect((await deploy(named)).outputs.changed).toBe('false');
    expect((await deploy({ ...named, zones: '' })).outputs.changed).toBe('false');
  });
});

describe('what is refused without a request', () => {
  it.each<[Record<string, string>, string]>([
    [{ region: '' }, 'Input "zone" is required and was empty.'],
    [{ zone: 'us-central1-a' }, 'keep region, or zone us-central1-a'],
    [{ region: 'us-central1-a' }, 'write a region such as us-central1'],
    [{ group: '', instance: 'app' }, 'an instance is in one zone'],
    [{ region: '', zone: 'us-central1-a', zones: 'us-central1-b' }, 'write region instead of zone'],
    [{ zones: 'us-west1-a' }, 'write zones of us-central1'],
    [{ zones: 'us-central1-a,us-central1-a' }, 'it is there twice'],
  ])('%o', async (inputs, message) => {
    const requests = await compute.job.requests(async () => {
      const { annotations } = await deploy(inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests.filter((request) => request.includes('compute'))).toEqual([]);
  });
});
