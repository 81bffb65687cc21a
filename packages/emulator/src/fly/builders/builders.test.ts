import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUSYBOX, type FlyBench, flyBench, missingFlyctl } from '../../../test/fly.ts';
import type { Machine } from '../machines/machine.ts';
import { isBuilder } from './builder.ts';

// needs: engine, busybox, flyctl

const missing = (await missingFlyctl()) || (process.env.DOCKER_HOST ? '' : 'no Docker engine');
const QUICK = [
  '--smoke-checks=false',
  '--dns-checks=false',
  '--deploy-retries=0',
  '--yes',
  '--strategy',
  'immediate',
];
const DOCKERFILE =
  'FROM scratch\nCOPY busybox /bin/busybox\nCMD ["/bin/busybox", "httpd", "-f", "-p", "8080"]\n';

describe.skipIf(missing)(
  `flyctl deploy --remote-only${missing && ` (skipped: ${missing})`}`,
  { timeout: 60_000 },
  () => {
    let bench: FlyBench;
    let env: Record<string, string>;
    const app = 'built';
    beforeAll(async () => {
      bench = await flyBench({ simulateMachines: true });
      const { cloud, folder } = bench;
      const organization = cloud.fly.organizations.get('personal');
      if (!organization) throw new Error('there is an organization');
      const record = cloud.fly.addApp(app, organization);
      const token = cloud.fly.tokens.issue({
        kind: 'deploy',
        name: 'ci',
        organization,
        app: record,
        lifetime: 600,
      });
      // No engine on the side of flyctl.
      env = { FLY_API_TOKEN: token.macaroon, DOCKER_HOST: 'unix:///nowhere.sock' };
      await copyFile(find('busybox')[0] ?? BUSYBOX, join(folder, 'busybox'));
      await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
      await bench.configure(app, '[http_service]\ninternal_port = 8080\n');
    });
    afterAll(() => bench?.close());

    /** Whatever finds the builder's ports: neither a page nor a stranger builds there. */
    async function refusesOthers(at: string, machine: Machine | undefined) {
      const status = async (url: string, headers: Record<string, string> = {}) =>
        (await fetch(url, { headers })).status;
      const basic = (token: string) => ({ authorization: `Basic ${btoa(`${app}:${token}`)}` });
      expect(await status(`${at}:2375/_ping`)).toBe(200);
      expect(await status(`${at}:2375/_ping`, { origin: 'https://example.com' })).toBe(403);
      expect(await status(`${at}:2375/v1.41/containers/json`)).toBe(404);
      expect(await status(`${at}:8080/flyio/v1/extendDeadline`, basic('nobody'))).toBe(401);
      expect(await status(`${at}:8080/flyio/v1/settings`, basic(env.FLY_API_TOKEN ?? ''))).toBe(200);
      // It sleeps, and wakes at the next heartbeat.
      await machine?.run?.signal('SIGINT');
      await expect.poll(() => machine?.state).toBe('stopped');
    }

    const builders = () => bench.cloud.fly.apps().filter(isBuilder);

    it('says in the end that there is no Depot, and leaves every app as it was', async () => {
      const { code, output } = await bench.flyctl(['deploy', '--remote-only', ...QUICK], { env });
      expect(code).toBe(1);
      expect(output).toContain('ensure depot builder failed, please try again (status 503)');
      expect(output).toContain('The local cloud has no Depot');
      expect(bench.cloud.fly.findApp(app)).toBeDefined();
    });

    it('builds on the organization’s builder with a deploy token alone, and keeps the builder', async () => {
      const deploy = () => bench.flyctl(['deploy', '--remote-only', '--depot=false', ...QUICK], { env });
      const first = await deploy();
      expect(first, first.output).toMatchObject({ code: 0 });
      expect(first.output).toMatch(/Remote builder fly-builder-\S+ ready/);
      const [builder, ...others] = builders();
      expect(others).toEqual([]);
      const machines = [...bench.cloud.fly.app(app).machines.values()];
      expect(machines.map(({ state }) => state)).toEqual(['started', 'started']);
      for (const { image } of machines) expect(image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      const [machine] = bench.cloud.fly.app(builder?.name ?? '').machines.values();
      await refusesOthers(`http://[${machine?.privateIp}]`, machine);
      expect(await deploy()).toMatchObject({ code: 0 });
      expect(builders()).toEqual([builder]);
      expect(new Set(machines.map(({ image }) => image.digest)).size).toBe(1);
      const { privateIp = '' } = machine ?? {};
      const asleep = await fetch(`http://[${privateIp}]:2375/version`);
      expect(asleep.status, 'a build was announced').toBe(200);
    });
  },
);
