import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FlyBench, flyBench, missingFlyctl, pushFlyImage } from '../../test/fly.ts';
import { groupOf } from './machines/config.ts';
import type { Machine } from './machines/machine.ts';

// needs: busybox, flyctl

const SERVICE = `
[http_service]
  internal_port = 8080
  [[http_service.checks]]
    path = "/"
    interval = "1s"
    timeout = "2s"
    method = "GET"
`;
const QUICK = ['--smoke-checks=false', '--dns-checks=false', '--deploy-retries=0', '--yes'];
const missing = await missingFlyctl();

/** Simulated machines: what flyctl and the API say to each other is the same, and no container has to start. */
describe.skipIf(missing)(
  `flyctl, its machines simulated${missing && ` (skipped: ${missing})`}`,
  { timeout: 90_000 },
  () => {
    let bench: FlyBench;

    beforeAll(async () => {
      bench = await flyBench({ simulateMachines: true });
    });
    afterAll(() => bench?.close());
    afterEach(() => {
      bench.cloud.faults.clear();
      bench.cloud.fly.disturbances.clear();
    });

    /** An app with an image `one`, and `machines` machines that run it. */
    async function deployed(app: string, machines: number, config = SERVICE): Promise<string> {
      await bench.flyctl(['apps', 'create', app, '--org', 'personal']);
      const image = await pushFlyImage(bench, app, 'one');
      await bench.configure(app, config);
      await fly('deploy', '--image', image, ...QUICK, ...(machines === 1 ? ['--ha=false'] : []));
      if (machines > 2) await fly('scale', 'count', String(machines), '--yes');
      return image;
    }

    async function fly(...args: string[]): Promise<string> {
      const { code, output } = await bench.flyctl(args);
      if (code !== 0) throw new Error(`flyctl ${args.join(' ')}: ${output}`);
      return output;
    }

    function machinesOf(app: string): Machine[] {
      return [...bench.cloud.fly.app(app).machines.values()].filter(({ active }) => active);
    }

    function tagsOf(app: string): (string | undefined)[] {
      return machinesOf(app).map(({ image }) => image.tag);
    }

    function releasesOf(app: string): [number, string][] {
      return bench.cloud.fly.app(app).releases.map(({ version, status }) => [version, status]);
    }

    it('creates an app, lists it and destroys it', async () => {
      expect(await fly('apps', 'create', 'brief', '--org', 'example')).toContain('New app created: brief');
      expect(await fly('apps', 'list')).toMatch(/brief\s+│ example\s+│ pending/);
      const taken = await bench.flyctl(['apps', 'create', 'brief', '--org', 'example']);
      expect(taken).toMatchObject({
        code: 1,
        output: expect.stringContaining('Name has already been taken'),
      });
      await fly('apps', 'destroy', 'brief', '--yes');
      expect(bench.cloud.fly.findApp('brief')).toBeUndefined();
    });

    it('says who it is, lists what is Postgres, and runs a machine of an image by tag and digest', async () => {
      expect(await fly('auth', 'whoami')).toContain('owner@example.com');
      await deployed('plain', 1);
      expect(await fly('postgres', 'list')).toContain('No postgres clusters found');
      await bench.call('POST', '/v1/apps', {
        name: 'db',
        org_slug: 'personal',
        app_role_id: 'postgres_cluster',
      });
      const listed = await fly('postgres', 'list');
      expect(listed).toMatch(/^ *db\b/m);
      expect(listed).not.toContain('plain');
      const digest = [...bench.cloud.fly.app('plain').machines.values()][0]?.image.digest ?? '';
      const pinned = `registry.fly.io/plain:one@${digest}`;
      expect(await fly('machine', 'run', pinned, '--app', 'plain', '--region', 'iad')).toContain('Success');
      const { code, output } = await bench.flyctl(['machine', 'run', 'nginx:1.27', '--app', 'plain']);
      expect(code).not.toBe(0);
      expect(output).toContain('Unable to pull image "nginx:1.27": the local cloud has no Docker engine');
    });

    it('rolls an image out over three machines, one release after the other', async () => {
      await deployed('rolling', 3);
      expect(machinesOf('rolling')).toHaveLength(3);
      const image = await pushFlyImage(bench, 'rolling', 'two');
      const output = await fly('deploy', '--image', image, ...QUICK);
      expect(output).toContain('[3/3] Machine');
      expect(tagsOf('rolling')).toEqual(['two', 'two', 'two']);
      expect(machinesOf('rolling').map(({ lease }) => lease)).toEqual([undefined, undefined, undefined]);
      expect(releasesOf('rolling')).toEqual([
        [1, 'complete'],
        [2, 'complete'],
      ]);
      expect(await fly('releases', '--image')).toMatch(/v2\s+│ complete.*registry\.fly\.io\/rolling:two/);
      expect(await fly('machine', 'list')).toMatch(/started │ 1\/1\s+│ iad\s+│\s+│ rolling:two/);
      expect(await fly('status')).toMatch(/Image\s+│ rolling:two/);
      const [machine] = machinesOf('rolling');
      expect(await fly('machine', 'status', machine?.id ?? '')).toContain('State: started');
    });

    it('replaces everything at once, or after a canary', async () => {
      await deployed('swift', 2);
      const two = await pushFlyImage(bench, 'swift', 'two');
      await fly('deploy', '--image', two, '--strategy', 'immediate', ...QUICK);
      expect(tagsOf('swift')).toEqual(['two', 'two']);
      const three = await pushFlyImage(bench, 'swift', 'three');
      await fly('deploy', '--image', three, '--strategy', 'canary', ...QUICK);
      expect(tagsOf('swift')).toEqual(['three', 'three']);
      const canaries = [...bench.cloud.fly.app('swift').machines.values()].filter(
        ({ config }) => config.metadata?.fly_canary === 'true',
      );
      expect(canaries.map(({ state }) => state)).toEqual(['destroyed']);
    });

    it('puts green machines beside the blue ones, then takes the blue ones away', async () => {
      await deployed('colours', 2);
      const blue = machinesOf('colours').map(({ id }) => id);
      const image = await pushFlyImage(bench, 'colours', 'two');
      await fly('deploy', '--image', image, '--strategy', 'bluegreen', ...QUICK);
      await expect.poll(() => tagsOf('colours')).toEqual(['two', 'two']);
      expect(machinesOf('colours').map(({ cordoned }) => cordoned)).toEqual([false, false]);
      expect(machinesOf('colours').some(({ id }) => blue.includes(id))).toBe(false);
    });

    it('stages secrets, which the next deploy applies, and takes one away again', async () => {
      const image = await deployed('secretive', 1);
      const input = 'ONE=first\nMANY="""two\nlines"""\n';
      const staged = await bench.flyctl(['secrets', 'import', '--stage'], { input });
      expect(staged.output).toContain('Secrets have been staged, but not set on VMs.');
      expect(machinesOf('secretive')[0]?.secrets).toEqual({});
      expect(await fly('secrets', 'list')).toMatch(/MANY.*Staged/);
      await fly('deploy', '--image', image, '--strategy', 'immediate', ...QUICK);
      expect(machinesOf('secretive')[0]?.secrets).toEqual({ ONE: 'first', MANY: 'two\nlines' });
      expect(await fly('secrets', 'list')).toMatch(/MANY.*Deployed/);
      await fly('secrets', 'unset', 'ONE', '--dns-checks=false');
      expect(machinesOf('secretive')[0]?.secrets).toEqual({ MANY: 'two\nlines' });
    });

    it('runs a release command in a machine of its own before anything is rolled out', async () => {
      await deployed('migrating', 1, `[deploy]\n  release_command = "true"\n${SERVICE}`);
      const released = [...bench.cloud.fly.app('migrating').machines.values()].find(
        ({ config }) => groupOf(config) === 'fly_app_release_command',
      );
      expect(released).toMatchObject({ state: 'destroyed', config: { env: { RELEASE_COMMAND: '1' } } });
      const image = await pushFlyImage(bench, 'migrating', 'two');
      bench.cloud.fly.disturbances.add({
        group: 'fly_app_release_command',
        exit: { code: 137, oomKilled: true },
      });
      const { code, output } = await bench.flyctl(['deploy', '--image', image, ...QUICK]);
      expect(code).toBe(1);
      expect(output).toContain('exited with non-zero status of 137');
      expect(tagsOf('migrating')).toEqual(['one']);
      expect(releasesOf('migrating').at(-1)).toEqual([2, 'failed']);
    });

    it('reads its macaroons without asking anyone for a discharge', async () => {
      await deployed('narrow', 1);
      const app = bench.cloud.fly.app('narrow');
      const { macaroon } = bench.cloud.fly.tokens.issue({
        kind: 'deploy',
        name: 'ci',
        organization: app.organization,
        app,
        lifetime: 600,
      });
      const env = { FLY_API_TOKEN: `FlyV1 ${macaroon}` };
      const image = await pushFlyImage(bench, 'narrow', 'two');
      expect(
        await bench.flyctl(['deploy', '--image', image, '--strategy', 'immediate', ...QUICK], { env }),
      ).toMatchObject({
        code: 0,
      });
      const other = await bench.flyctl(['status', '-a', 'rolling'], { env });
      expect(other).toMatchObject({ code: 1, output: expect.stringContaining('Could not find App') });
      const minted = await fly('tokens', 'create', 'deploy', '-a', 'narrow', '--expiry', '20m');
      expect(bench.cloud.fly.tokens.ofHeader(minted.trim())).toMatchObject({ kind: 'deploy', app });
    });

    it('says what the platform refuses', async () => {
      const image = await deployed('refused', 1);
      const unknown = await bench.flyctl(['deploy', '--image', 'registry.fly.io/refused:none', ...QUICK]);
      expect(unknown.output).toContain('could not find image');
      const google = 'us-central1-docker.pkg.dev/demo-project/app/web:1';
      const foreign = await bench.flyctl(['deploy', '--image', google, ...QUICK]);
      expect(foreign.output).toContain(`Authentication required to access image "${google}"`);
      bench.cloud.faults.add({
        match: /^PATCH \/api\/v1\/releases\//,
        times: 20,
        status: 504,
        body: 'upstream request timeout',
      });
      const broken = await bench.flyctl(['deploy', '--image', image, ...QUICK]);
      expect(broken.code).toBe(1);
      bench.cloud.faults.clear();
      const payment = { error: 'We need your payment information to continue!' };
      bench.cloud.faults.add({
        match: /^POST \/v1\/apps\/refused\/machines\/\w+$/,
        times: 1,
        status: 422,
        body: payment,
      });
      const unpaid = await bench.flyctl(['deploy', '--image', image, '--strategy', 'immediate', ...QUICK]);
      expect(unpaid).toMatchObject({ code: 1, output: expect.stringContaining(payment.error) });
    });

    it('waits no longer than it is told for checks that never pass', async () => {
      await deployed('sick', 1);
      bench.cloud.fly.disturbances.add({ group: 'app', checks: 'connect: connection refused' });
      const image = await pushFlyImage(bench, 'sick', 'two');
      const { code, output } = await bench.flyctl([
        'deploy',
        '--image',
        image,
        '--wait-timeout',
        '3',
        ...QUICK,
      ]);
      expect(code).toBe(1);
      expect(output).toContain('timeout reached waiting for health checks to pass');
      expect(releasesOf('sick').at(-1)).toEqual([2, 'failed']);
    });

    it('is not stopped by a busy API, and gives up where it is told that there is no such image', async () => {
      const image = await deployed('busy', 1);
      const busy = {
        match: /^GET \/v1\/apps\/busy\/machines\/\w+\/wait/,
        times: 2,
        status: 429,
        body: { error: 'rate limit exceeded' },
      };
      bench.cloud.faults.add(busy);
      expect(await bench.flyctl(['deploy', '--image', image, ...QUICK])).toMatchObject({ code: 0 });
      bench.cloud.fly.disturbances.add({
        query: { text: 'image(ref:', body: { data: { app: { id: 'busy', image: null } } } },
      });
      const none = await bench.flyctl(['deploy', '--image', image, ...QUICK]);
      expect(none).toMatchObject({ code: 1, output: expect.stringContaining('could not find image') });
    });

    it('asks again where a wait ran out, but not where a machine is not found in the middle of a deploy', async () => {
      const image = await deployed('flaky', 1);
      const wait = /^GET \/v1\/apps\/flaky\/machines\/\w+\/wait/;
      const late = {
        error: 'deadline_exceeded: machine failed to reach desired state, started, currently starting',
      };
      bench.cloud.faults.add({ match: wait, times: 2, status: 408, body: late });
      expect(await bench.flyctl(['deploy', '--image', image, ...QUICK])).toMatchObject({ code: 0 });
      const get = /^GET \/v1\/apps\/flaky\/machines\/\w+$/;
      bench.cloud.faults.add({ match: get, times: 50, status: 404, body: { error: 'machine not found' } });
      const lost = await bench.flyctl(['deploy', '--image', image, ...QUICK]);
      expect(lost).toMatchObject({ code: 1, output: expect.stringContaining('machine not found') });
      expect(releasesOf('flaky').at(-1)).toEqual([3, 'failed']);
    });

    it('replaces a machine whose host does not answer', async () => {
      const image = await deployed('hostless', 2);
      const [lost, kept] = machinesOf('hostless');
      bench.cloud.fly.disturbances.add({ machine: lost?.id ?? '', hostStatus: 'unreachable' });
      await bench.flyctl(['deploy', '--image', image, ...QUICK]);
      const ids = machinesOf('hostless').map(({ id }) => id);
      expect(ids).toContain(kept?.id);
      expect(ids).not.toContain(lost?.id);
      expect(ids).toHaveLength(2);
    });

    it('sees a machine that crashes again and again', async () => {
      await deployed('crashing', 1, '');
      bench.cloud.fly.disturbances.add({ group: 'app', exit: { code: 9 } });
      const image = await pushFlyImage(bench, 'crashing', 'two');
      const noisy = QUICK.map((flag) => flag.replace('smoke-checks=false', 'smoke-checks=true'));
      const { code, output } = await bench.flyctl(['deploy', '--image', image, ...noisy]);
      expect(code).toBe(1);
      expect(output).toContain('the app appears to be crashing');
      expect(output).toContain('Main child exited normally with code: 9');
    });

    it('can’t say how a release command ended that nobody remembers', async () => {
      const image = await deployed('forgotten', 1, '');
      await bench.configure('forgotten', '[deploy]\n  release_command = "true"\n');
      bench.cloud.fly.disturbances.add({ group: 'fly_app_release_command', vanishes: true });
      const { code, output } = await bench.flyctl(['deploy', '--image', image, ...QUICK]);
      expect(code).toBe(1);
      expect(output).toMatch(/error finding the release_command machine \w+ exit event/);
      expect(releasesOf('forgotten').at(-1)).toEqual([2, 'failed']);
    });
  },
);
