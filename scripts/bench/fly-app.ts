import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type FlyBench, flyBench, pushFlyImage } from '@gangway/emulator/fly/testing';
import { find } from '@gangway/engine';
import { runAction } from '@gangway/runner';
import { measuringInto, type Usage, usageIn } from './usage.ts';

/** What a deploy cost. */
export interface FlyCost {
  /** The whole, post step included. */
  readonly all: Usage;
  /** `flyctl deploy` alone. */
  readonly flyctl: Usage;
  /** Lines of the cloud's log, ids left out: `GET /v1/apps/bench/machines`. */
  readonly requests: readonly string[];
}

/** An app of the local Fly.io with three machines, deployed by the real flyctl: bare, or by the action. */
export interface FlyApp extends AsyncDisposable {
  readonly bench: FlyBench;
  /** A new image in Fly's registry. */
  push(): Promise<string>;
  bare(image: string): Promise<FlyCost>;
  action(image: string): Promise<FlyCost>;
}

const APP = 'bench';
export const MACHINES = 3;
const SERVICE = `
[http_service]
internal_port = 8080
auto_stop_machines = "off"

[[http_service.checks]]
path = "/"
interval = "1s"
timeout = "2s"
method = "GET"
`;
/** What the action tells flyctl too; each of them saves it requests or waits. */
const FLAGS = ['--yes', '--remote-only', '--deploy-retries', '0', '--dns-checks=false', '--wait-timeout', '300s'];

export async function startFlyApp(): Promise<FlyApp> {
  const bench = await flyBench({ simulateMachines: true });
  const { cloud, folder, token } = bench;
  const usage = join(folder, 'flyctl-usage');
  const PATH = `${await measuredFlyctl(folder, usage)}:${process.env.PATH}`;
  const flyctl = async (...args: string[]) => {
    const { code, output } = await bench.flyctl(args, { env: { PATH } });
    if (code !== 0) throw new Error(`flyctl ${args.join(' ')}: ${output}`);
  };
  const proxy = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

  let images = 0;
  const push = () => pushFlyImage(bench, APP, `v${++images}`);
  await flyctl('apps', 'create', APP, '--org', 'personal');
  await bench.configure(APP, SERVICE);
  await flyctl('deploy', '--image', await push(), ...FLAGS);
  await flyctl('scale', 'count', String(MACHINES), '--yes');
  const app = cloud.fly.app(APP);
  const { organization } = app;
  const deployToken = cloud.fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 });

  const cost = async (work: () => Promise<Usage | undefined>): Promise<FlyCost> => {
    await writeFile(usage, '');
    const before = cloud.requests.length;
    const whole = await work();
    const machines = [...app.machines.keys()].join('|');
    const requests = cloud.requests
      .slice(before)
      .map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`.replace(new RegExp(machines), 'ID'));
    const deploy = await usageIn(usage);
    return { all: whole ?? deploy, flyctl: deploy, requests };
  };
  return {
    bench,
    push,
    bare: (image) =>
      cost(async () => {
        await flyctl('deploy', '--image', image, ...FLAGS);
        return undefined;
      }),
    action: (image) =>
      cost(async () => {
        const file = join(folder, 'action-usage');
        await writeFile(file, '');
        const result = await runAction({
          action: 'fly-deploy',
          inputs: { image, flyctl_version: 'path', api_token: deployToken.macaroon },
          env: { ...bench.env, NO_PROXY: '127.0.0.1', PATH, GANGWAY_FLY_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}` },
          workspace: folder,
          temp: join(folder, 'runner'),
          launcher: measuringInto(file),
        });
        if (result.exitCode !== 0) throw new Error(result.log);
        await result.post();
        if (process.env.GANGWAY_BENCH_LOG) console.error(result.log);
        return usageIn(file);
      }),
    async [Symbol.asyncDispose]() {
      proxy.close();
      await bench.close();
    },
  };
}

/** A folder with a flyctl that writes down what its deploys use. */
async function measuredFlyctl(folder: string, usage: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const script = join(bin, 'flyctl');
  const [real = ''] = find('flyctl');
  const measured = [...measuringInto(usage), real].map((word) => `'${word}'`).join(' ');
  await writeFile(script, `#!/bin/sh\n[ "$1" = deploy ] && exec ${measured} "$@"\nexec '${real}' "$@"\n`);
  await chmod(script, 0o755);
  return bin;
}
