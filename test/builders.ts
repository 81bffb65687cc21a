import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Buildkit, canRunBuildkit, find, run, startBuildkit } from '@gangway/engine';

/** A way to build that a runner may have. */
interface TestBuilder {
  readonly name: 'classic' | 'buildkit' | 'docker' | 'remote';
  /** What a step needs to find it, and nothing better. */
  readonly env: Readonly<Record<string, string>>;
  /** Why this machine does not have it; empty where it does. */
  readonly missing: string;
  /** For the name of a test: what it runs with, or why it is skipped. */
  readonly title: string;
}

interface TestBuilders {
  /** Major version of the engine. */
  readonly engine: number;
  readonly all: readonly TestBuilder[];
  /** Of the builder remote, once it was started. */
  readonly buildkit: () => Buildkit | undefined;
  /** Makes them ready: for `beforeAll`, as nothing ends what a file starts whose tests are all skipped. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The ways to build: the classic builder and the BuildKit of the engine, each by a client without buildx, then buildx
 * with the engine (driver docker) and with a BuildKit daemon of its own (driver remote).
 */
export async function findBuilders(): Promise<TestBuilders> {
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
  const noDaemon = noBuildx || (canRunBuildkit() ? '' : 'no buildkitd and runc, or not root');
  const pluginForAll = hasSystemPlugin() ? 'buildx is installed for all users' : '';

  const builder = (
    name: TestBuilder['name'],
    client: string | undefined,
    reason: string,
    buildx?: string,
  ): TestBuilder => {
    const missing = reason || (client ? '' : 'no such docker client');
    const home = join(folder, name);
    if (client && !missing) homes.push(() => makeHome(home, client, buildx));
    const env = { HOME: home, PATH: [join(home, 'bin'), process.env.PATH].join(delimiter) };
    return { name, env, missing, title: missing ? `${name} (skipped: ${missing})` : name };
  };
  const embedded = [
    builder('classic', current, noEngine || pluginForAll),
    builder('buildkit', old, noEngine || pluginForAll),
    builder('docker', any, noBuildx, plugin),
  ];
  const remote = builder('remote', any, noDaemon, plugin);
  let buildkit: Buildkit | undefined;
  const engine = any && !noEngine ? await run(any, ['version', '--format', '{{.Server.Version}}']) : '';
  return {
    engine: Number.parseInt(engine, 10),
    // Not chosen with --use, which buildx keeps for one DOCKER_HOST alone.
    all: [...embedded, { ...remote, env: { ...remote.env, BUILDX_BUILDER: 'far' } }],
    buildkit: () => buildkit,
    async start() {
      for (const make of homes) await make();
      if (remote.missing || !any) return;
      buildkit = await startBuildkit();
      const create = ['buildx', 'create', '--name', 'far', '--driver', 'remote', buildkit.address];
      await run(any, create, { env: { ...process.env, ...remote.env } });
    },
    async stop() {
      await buildkit?.stop();
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
