import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { flyBench, pushFlyImage } from '@gangway/emulator/testing';
import { runAction } from '@gangway/runner';
import { measuringInto, type Usage, usageIn } from './usage.ts';

/** What a deploy cost. */
export interface FlyCost {
  /** The whole, post step included. */
  readonly all: Usage;
  /** `flyctl deploy` alone. */
  readonly flyctl: Usage;
  /** What flyctl asked Fly.io, and what the action did: `GET /v1/apps/bench/machines`, ids left out. */
  readonly requests: { readonly flyctl: readonly string[]; readonly own: readonly string[] };
  /** How often the app itself was asked. */
  readonly answers: number;
}

/** An app of the local Fly.io with three machines, of which each deploy is one of a new image. */
export interface FlyApp extends AsyncDisposable {
  /** The real flyctl, as a script would run it. The image is in Fly's registry. */
  bare(): Promise<FlyCost>;
  /** The action with the same flyctl. The image is in Fly's registry. */
  action(): Promise<FlyCost>;
  /** The action with the image that runs already. */
  unchanged(): Promise<FlyCost>;
}

const APP = 'bench';
/** All machines at once, so that a round does not take half a minute. */
const STRATEGY = 'immediate';
/** The flags that the action gives flyctl, some of which save requests. */
const FLAGS = ['--yes', '--remote-only', '--deploy-retries', '0', '--dns-checks=false'];
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

/** @param real path of flyctl */
export async function startFlyApp(real: string): Promise<FlyApp> {
  const bench = await flyBench({ simulateMachines: true });
  const { cloud, folder } = bench;
  const [usage, actionUsage] = [join(folder, 'flyctl-usage'), join(folder, 'action-usage')];
  const PATH = `${await measuredFlyctl(real, folder, usage)}:${process.env.PATH}`;
  const flyctl = async (...args: string[]) => {
    const { code, output } = await bench.flyctl(args, { env: { PATH } });
    if (code !== 0) throw new Error(`flyctl ${args.join(' ')}: ${output}`);
  };
  const deploy = (image: string) => flyctl('deploy', '--image', image, '--strategy', STRATEGY, ...FLAGS);
  let images = 0;
  const push = async () => {
    const tag = `v${++images}`;
    await pushFlyImage(bench, APP, tag, ['true', tag]);
    return `${new URL(cloud.origin).host}/${APP}:${tag}`;
  };
  // In place of Fly's proxy: simulated machines answer nothing.
  let answers = 0;
  const web = createServer((_, response) => {
    answers += 1;
    response.end();
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));

  await flyctl('apps', 'create', APP, '--org', 'personal');
  await bench.configure(APP, SERVICE);
  await deploy(await push());
  await flyctl('scale', 'count', '3', '--yes');
  const app = cloud.fly.app(APP);
  const { organization } = app;
  const token = cloud.fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 });
  const env = {
    ...bench.env,
    PATH,
    NO_PROXY: '127.0.0.1',
    GANGWAY_FLY_PROXY: `127.0.0.1:${(web.address() as AddressInfo).port}`,
  };

  let deployed = '';
  const cost = async (
    work: (image: string) => Promise<unknown>,
    file: string,
    image: string,
  ): Promise<FlyCost> => {
    deployed = image;
    for (const each of [usage, actionUsage]) await writeFile(each, '');
    const [before, answered] = [cloud.requests.length, answers];
    await work(image);
    const made = cloud.requests.slice(before);
    const ids = new RegExp([...app.machines.keys()].join('|'));
    const by = (action: boolean) =>
      made
        .filter(({ agent }) => /^gangway\b/.test(agent) === action)
        .map(({ method, path }) => `${method} ${path.replace(/\?.*/, '').replace(ids, 'ID')}`);
    return {
      all: await usageIn(file),
      flyctl: await usageIn(usage),
      requests: { flyctl: by(false), own: by(true) },
      answers: answers - answered,
    };
  };
  const step = async (image: string) => {
    const result = await runAction({
      action: 'fly-deploy',
      inputs: { image, strategy: STRATEGY, flyctl_version: 'path', api_token: token.macaroon },
      env,
      workspace: folder,
      temp: join(folder, 'runner'),
      launcher: measuringInto(actionUsage),
    });
    if (result.exitCode !== 0) throw new Error(result.log);
    await result.post();
  };
  return {
    bare: async () => cost(deploy, usage, await push()),
    action: async () => cost(step, actionUsage, await push()),
    unchanged: () => cost(step, actionUsage, deployed),
    async [Symbol.asyncDispose]() {
      web.close();
      await bench.close();
    },
  };
}

/** A folder with a flyctl that writes down what its deploys use. */
async function measuredFlyctl(real: string, folder: string, usage: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const script = join(bin, 'flyctl');
  const measured = [...measuringInto(usage), real].map((word) => `'${word}'`).join(' ');
  await writeFile(script, `#!/bin/sh\n[ "$1" = deploy ] && exec ${measured} "$@"\nexec '${real}' "$@"\n`);
  await chmod(script, 0o755);
  return bin;
}
