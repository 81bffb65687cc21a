import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Buildkit, canRunBuildkit, find, run, startBuildkit } from '@gangway/engine';

/** A way to build that a runner may have. */
export interface TestBuilder {
  readonly name: 'classic' | 'buildkit' | 'docker' | 'remote';
  /** What a step needs to find it, and nothing better. */
  readonly env: Readonly<Record<string, string>>;
}

export interface TestBuilders {
  /** Those that this machine has. */
  readonly all: readonly TestBuilder[];
  readonly buildkit: Buildkit | undefined;
  stop(): Promise<void>;
}

/**
 * The builders that this machine has: the classic one and the BuildKit of the engine, each by a client without buildx,
 * then buildx with the engine (driver docker) and with a BuildKit daemon of its own (driver remote).
 */
export async function startBuilders(): Promise<TestBuilders> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-builders-'));
  const clients = await Promise.all(
    find('docker').map(async (path) => ({ path, version: await clientVersion(path) })),
  );
  const old = clients.find(({ version }) => version < 23)?.path;
  const current = clients.find(({ version }) => version >= 23)?.path;
  const [plugin] = find('docker-buildx');
  const any = current ?? old;
  const all: TestBuilder[] = [];
  const add = async (name: TestBuilder['name'], client: string, buildx?: string) => {
    const env = await environmentOf(join(folder, name), client, buildx);
    all.push({ name, env });
    return env;
  };
  const bare = (path: string | undefined) => (path && !hasSystemPlugin() ? path : undefined);
  const classic = bare(current);
  if (classic) await add('classic', classic);
  const embedded = bare(old);
  if (embedded) await add('buildkit', embedded);
  if (any && plugin) await add('docker', any, plugin);
  let buildkit: Buildkit | undefined;
  if (any && plugin && canRunBuildkit()) {
    buildkit = await startBuildkit();
    const env = await add('remote', any, plugin);
    const create = ['buildx', 'create', '--name', 'far', '--driver', 'remote', '--use', buildkit.address];
    await run(any, create, { env: { ...process.env, ...env } });
  }
  return {
    all,
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
