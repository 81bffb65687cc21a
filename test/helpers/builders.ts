import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { lackingForCluster } from '@gangway/cluster';
import { canRunBuildkit, currentEngineHost, find, run } from '@gangway/engine';
import { type BuilderName, createStarter, engineDirectory, type Starter } from './start-builder.ts';

export const EVERY: readonly BuilderName[] = [
  'classic',
  'buildkit',
  'docker',
  'current',
  'containerd',
  'container',
  'kubernetes',
  'remote',
];

/** A way to build that a runner may have. */
interface TestBuilder {
  readonly name: BuilderName;
  /** What a step needs to find it, and nothing better. */
  readonly env: Readonly<Record<string, string>>;
  /** Why this machine does not have it; empty where it does. */
  readonly missing: string;
  /** Whether it pushes by itself, so that an engine holds nothing of it. */
  readonly pushes: boolean;
  /** For the name of a test: what it runs with, or why it is skipped. */
  readonly title: string;
}

interface TestBuilders {
  /** Major version of the engine that all use that have none of their own. */
  readonly engine: number;
  readonly all: readonly TestBuilder[];
  /** What was started for them. */
  readonly starter: Starter;
  /** Makes them ready: for `beforeAll`, as nothing ends what a file starts whose tests are all skipped. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param wanted whose names are given; those that differ most by default */
export async function findBuilders(
  wanted: readonly BuilderName[] = ['classic', 'buildkit', 'docker', 'remote'],
): Promise<TestBuilders> {
  const folder = join(tmpdir(), `gangway-builders-${randomBytes(4).toString('hex')}`);
  const homes: (() => Promise<void>)[] = [];
  const clients = await Promise.all(
    find('docker').map(async (path) => ({ path, version: await clientVersion(path) })),
  );
  const old = clients.find(({ version }) => version < 23)?.path;
  const current = clients.find(({ version }) => version >= 23)?.path;
  const any = current ?? old;
  const [plugin] = find('docker-buildx');
  const noEngine = process.env.GANGWAY_BASE_IMAGE ? '' : 'no Docker engine with a base image';
  const noBuildx = noEngine || (plugin ? '' : 'no docker-buildx');
  const engineRoot = process.env.GANGWAY_CURRENT_ENGINE;
  const noCurrent = noBuildx || (engineRoot ? '' : 'no current Docker engine');
  const toImport = ['buildkitd', 'buildctl'].every((name) => find(name).length > 0);
  const noContainer = noCurrent || (toImport ? '' : 'no buildkitd and buildctl');
  const noCluster = noContainer || (lackingForCluster() ?? '');
  const noDaemon = noBuildx || (canRunBuildkit() ? '' : 'no buildkitd and runc, or not root');
  const pluginForAll = hasSystemPlugin() ? 'buildx is installed for all users' : '';

  const builder = (
    name: BuilderName,
    client: string | undefined,
    reason: string,
    buildx?: string,
  ): TestBuilder => {
    const missing = reason || (client ? '' : 'no such docker client');
    const home = join(folder, name);
    if (client && !missing) homes.push(() => makeHome(home, client, buildx));
    const env = { HOME: home, PATH: [join(home, 'bin'), process.env.PATH].join(delimiter) };
    const pushes = ['container', 'kubernetes', 'remote'].includes(name);
    return { name, env, missing, pushes, title: missing ? `${name} (skipped: ${missing})` : name };
  };
  // Builders are not chosen with --use, which buildx keeps for one DOCKER_HOST alone.
  const named = (one: TestBuilder) => ({ ...one, env: { ...one.env, BUILDX_BUILDER: one.name } });
  const on = (one: TestBuilder) => ({
    ...one,
    env: { ...one.env, DOCKER_HOST: currentEngineHost(engineDirectory(folder, one.name)) },
  });
  const all = [
    builder('classic', current, noEngine || pluginForAll),
    builder('buildkit', old, noEngine || pluginForAll),
    builder('docker', any, noBuildx, plugin),
    on(builder('current', any, noCurrent, plugin)),
    on(builder('containerd', any, noCurrent, plugin)),
    on(named(builder('container', any, noContainer, plugin))),
    named(builder('kubernetes', any, noCluster, plugin)),
    named(builder('remote', any, noDaemon, plugin)),
  ].filter(({ name }) => wanted.includes(name));
  const starter = createStarter(folder, any ?? 'docker', engineRoot ?? '');
  const engine = any && !noEngine ? await run(any, ['version', '--format', '{{.Server.Version}}']) : '';
  return {
    engine: Number.parseInt(engine, 10),
    all,
    starter,
    async start() {
      for (const make of homes) await make();
      for (const { name, env, missing } of all) if (!missing) await starter.start(name, env);
    },
    async stop() {
      await starter.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A home directory with a `bin` in which `docker` is this client, with or without the buildx plugin. */
async function makeHome(home: string, client: string, plugin: string | undefined): Promise<void> {
  const plugins = join(home, '.docker/cli-plugins');
  const bin = join(home, 'bin');
  await mkdir(plugins, { recursive: true });
  await mkdir(bin);
  await symlink(client, join(bin, 'docker'));
  if (plugin) await symlink(plugin, join(plugins, 'docker-buildx'));
}

async function clientVersion(path: string): Promise<number> {
  const said = await run(path, ['--version']).catch(() => '');
  return Number(/version (\d+)/.exec(said)?.[1] ?? Number.NaN);
}

/** A plugin that is installed for all users can't be left out. */
function hasSystemPlugin(): boolean {
  const places = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'];
  return places.some((place) => existsSync(`${place}/docker/cli-plugins/docker-buildx`));
}
