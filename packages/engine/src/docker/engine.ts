import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheDirectory } from '../machine/cache.ts';
import { find, run } from '../machine/command.ts';
import { joinDaemon } from './daemon.ts';
import { canStartPrivate, installDocker } from './install.ts';

/** A Docker engine that answers, and a client that can build with it. */
export interface Engine {
  /** Where its API answers, e.g. `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** Path of a docker command that can build with it. */
  readonly docker: string;
  /** What a child process needs for `docker` to be that command and to speak to this engine. */
  readonly environment: { readonly DOCKER_HOST: string; readonly PATH: string };
  /** Whether it is Gangway's own daemon, which ends with its last user. */
  readonly private: boolean;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Gets a line when something takes time: an installation, the start of a daemon. */
  readonly onProgress?: (line: string) => void;
  /** Ends a long download or build early. */
  readonly signal?: AbortSignal;
  /** Whether Debian packages that a private engine needs may be installed, as root; default true. */
  readonly install?: boolean;
}

/**
 * The engine that already answers (DOCKER_HOST, then the client's current context); where there is none, as root
 * on Debian or Ubuntu, `docker.io` from the distribution and a private daemon that ends with its last user.
 * Rejects elsewhere with what to install.
 */
export async function startEngine({
  onProgress = () => {},
  install = true,
}: EngineOptions = {}): Promise<Engine> {
  const host = await currentHost();
  if (await anyClient(host)) return engine(host, false, async () => {});
  if (process.env.DOCKER_HOST) {
    throw new Error(
      `No Docker engine answers at DOCKER_HOST=${process.env.DOCKER_HOST}: start it, or unset DOCKER_HOST.`,
    );
  }
  await installDocker(onProgress, install);
  const daemon = await joinDaemon(onProgress);
  try {
    return await engine(daemon.host, true, daemon.leave);
  } catch (error) {
    await daemon.leave();
    throw error;
  }
}

/** Looks for an engine, and starts none. `startable`: a private one can be started with what is installed. */
export async function engineThere(): Promise<{
  readonly host: string;
  readonly version: string | undefined;
  readonly startable: boolean;
}> {
  const host = await currentHost();
  for (const docker of find('docker')) {
    const version = await versionAt(docker, host);
    if (version) return { host, version, startable: false };
  }
  return { host, version: undefined, startable: !process.env.DOCKER_HOST && canStartPrivate() };
}

async function engine(host: string, isPrivate: boolean, stop: () => Promise<void>): Promise<Engine> {
  const docker = await buildingClient(host);
  return {
    host,
    docker,
    environment: { DOCKER_HOST: host, PATH: await pathWith(docker) },
    private: isPrivate,
    stop,
  };
}

async function currentHost(): Promise<string> {
  if (process.env.DOCKER_HOST) return process.env.DOCKER_HOST;
  const [docker] = find('docker');
  const context =
    docker &&
    (await run(docker, ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']).catch(() => ''));
  return context?.trim() || 'unix:///var/run/docker.sock';
}

async function anyClient(host: string): Promise<boolean> {
  for (const docker of find('docker')) if (await answers(docker, host)) return true;
  return false;
}

async function answers(docker: string, host: string): Promise<boolean> {
  return (await versionAt(docker, host)) !== '';
}

/** Version of the engine that answers there; empty where none does. */
function versionAt(docker: string, host: string): Promise<string> {
  return run(docker, ['--host', host, 'version', '--format', '{{.Server.Version}}'], {
    timeout: 10_000,
    env: without('DOCKER_CONTEXT'),
  }).then(
    (version) => version.trim(),
    () => '',
  );
}

/** A client with buildx, or one old enough to have BuildKit inside; any that answers when there is neither. */
async function buildingClient(host: string): Promise<string> {
  const clients: string[] = [];
  for (const docker of find('docker')) if (await answers(docker, host)) clients.push(docker);
  for (const docker of clients) {
    const has = (command: string[]) => run(docker, command).catch(() => undefined);
    if (await has(['buildx', 'version'])) return docker;
    const version = await has(['version', '--format', '{{.Client.Version}}']).then(
      (text) => text ?? clientVersion(docker),
    );
    if (Number.parseInt(version, 10) < 23) return docker;
  }
  const [first] = clients;
  if (!first) throw new Error(`No docker command answers for the engine at ${host}.`);
  return first;
}

/** `docker version` fails without a server; `docker --version` never does: `Docker version 20.10.24+dfsg1, build …`. */
async function clientVersion(docker: string): Promise<string> {
  const text = await run(docker, ['--version']).catch(() => '');
  return /version (\d+)/.exec(text)?.[1] ?? '';
}

/** PATH on which `docker` is this client: as it is, or behind a directory that holds a link to it alone. */
async function pathWith(docker: string): Promise<string> {
  const path = process.env.PATH ?? '';
  if (find('docker')[0] === docker && path.split(delimiter).includes(dirname(docker))) return path;
  const directory = await cacheDirectory('docker-cli');
  await mkdir(directory, { recursive: true });
  const link = join(directory, 'docker');
  const fresh = `${link}.${process.pid}`;
  await rm(fresh, { force: true });
  await symlink(docker, fresh);
  await rename(fresh, link);
  return [directory, ...path.split(delimiter).filter((entry) => entry !== directory)].join(delimiter);
}

function without(name: string): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => key !== name));
}
