import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
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
  readonly buildkit: Buildkit | undefined;
  stop(): Promise<void>;
}

/**
 * The ways to build: the classic builder and the BuildKit of the engine, each by a client without buildx, then buildx
 * with the engine (driver docker) and with a BuildKit daemon of its own (driver remote).
 */
export async function startBuilders(): Promise<TestBuilders> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-builders-'));
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

  const builder = async (
    name: TestBuilder['name'],
    client: string | undefined,
    reason: string,
    buildx?: string,
  ): Promise<TestBuilder> => {
    const missing = reason || (client ? '' : 'no such docker client');
    const env = client && !missing ? await environmentOf(join(folder, name), client, buildx) : {};
    return { name, env, missing, title: missing ? `${name} (skipped: ${missing})` : name };
  };
  const embedded = [
    await builder('classic', current, noEngine || pluginForAll),
    await builder('buildkit', old, noEngine || pluginForAll),
    await builder('docker', any, noBuildx, plugin),
  ];
  const remote = await builder('remote', any, noDaemon, plugin);
  let buildkit: Buildkit | undefined;
  if (!remote.missing && any) {
    buildkit = await startBuildkit();
    const create = ['buildx', 'create', '--name', 'far', '--driver', 'remote', buildkit.address];
    await run(any, create, { env: { ...process.env, ...remote.env } });
  }
  const engine = any && !noEngine ? await run(any, ['version', '--format', '{{.Server.Version}}']) : '';
  return {
    engine: Number.parseInt(engine, 10),
    // Not chosen with --use, which buildx keeps for one DOCKER_HOST alone.
    all: [...embedded, { ...remote, env: { ...remote.env, BUILDX_BUILDER: 'far' } }],
    buildkit,
    async stop() {
      await buildkit?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A home directory and a PATH on which `docker` is this client, with or without the buildx plugin. */
async function environmentOf(
  folder: string,
  client: string,
  plugin: string | undefined,
): Promise<Record<string, string>> {
  const plugins = join(folder, '.docker/cli-plugins');
  const bin = join(folder, 'bin');
  await mkdir(plugins, { recursive: true });
  await mkdir(bin);
  await symlink(client, join(bin, 'docker'));
  if (plugin) await symlink(plugin, join(plugins, 'docker-buildx'));
  return { HOME: folder, PATH: [bin, process.env.PATH].join(delimiter) };
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
