import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { find, run, startBuildkit } from '@gangway/engine';
import type { EngineKind } from './lines.ts';
import { startWipedEngine } from './wiped-engine.ts';

/** A builder with nothing in its cache, and the environment in which `docker` builds with it. */
export interface WipedBuilder extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** @throws Error where this machine can't run it */
export async function startWipedBuilder(kind: EngineKind): Promise<WipedBuilder> {
  const home = await mkdtemp(join(tmpdir(), 'gangway-home-'));
  const started = kind === 'current BuildKit' ? await buildkit(home) : await engine(kind, home);
  return {
    env: started.env,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function engine(kind: EngineKind, home: string): Promise<WipedBuilder> {
  const daemon = await startWipedEngine();
  const client = await clientOf(kind === 'classic builder' ? 'new' : 'old');
  const buildkit = { DOCKER_BUILDKIT: kind === 'classic builder' ? '0' : '1' };
  const env = { ...(await environmentOf(home, client)), ...buildkit, DOCKER_HOST: daemon.host };
  return { env, [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose]() };
}

async function buildkit(home: string): Promise<WipedBuilder> {
  const daemon = await startBuildkit();
  const client = await clientOf('new');
  const [plugin = ''] = find('docker-buildx');
  const plugins = join(home, '.docker/cli-plugins');
  await mkdir(plugins, { recursive: true });
  await symlink(plugin, join(plugins, 'docker-buildx'));
  const env = {
    ...(await environmentOf(home, client)),
    BUILDX_CONFIG: join(home, 'buildx'),
    BUILDX_BUILDER: 'wiped',
    DOCKER_HOST: 'unix:///nowhere.sock',
  };
  await run(client, ['buildx', 'create', '--name=wiped', '--driver=remote', daemon.address], {
    env: { ...process.env, ...env },
  });
  return { env, [Symbol.asyncDispose]: () => daemon.stop() };
}

async function environmentOf(home: string, client: string): Promise<Record<string, string>> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  await symlink(client, join(bin, 'docker'));
  return { HOME: home, PATH: [bin, process.env.PATH].join(delimiter) };
}

/** A client from before 23 has BuildKit inside; later ones without buildx have the classic builder alone. */
async function clientOf(age: 'old' | 'new'): Promise<string> {
  for (const path of find('docker')) {
    const version = Number(/version (\d+)/.exec(await run(path, ['--version']))?.[1]);
    if (version < 23 === (age === 'old')) return path;
  }
  throw new Error(`There is no docker client ${age === 'old' ? 'before' : 'from'} version 23 on.`);
}
