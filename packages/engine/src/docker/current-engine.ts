import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDirectory } from '../machine/cache.ts';
import { endingWithUs, find } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';
import { canUnpackDebian, removeRoot, unpackDebian } from '../programs/debian-root.ts';
import { addProcessBridge, removeBridge } from './bridge.ts';
import { pings } from './ping.ts';

/** Counts what this file makes: a change of the recipe needs a new number. */
const recipe = 1;
/** Debian 13: Docker 26, whose BuildKit and image stores are those of the engines that runners have now. */
const suite = 'trixie';
const packages = ['docker.io', 'iptables', 'ca-certificates'];

/** A Docker engine of a current version, with nothing in it. */
export interface CurrentEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
}

/**
 * The root file system that a current engine runs in, in Gangway's cache, made there if it is not. Rejects with what
 * mmdebstrap said; undefined on machines that can't run it.
 */
export async function currentEngineRoot(
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (!(await canUnpackDebian())) return undefined;
  const root = join(await cacheDirectory('engine'), `${suite}-${recipe}`);
  return locked('current-engine', async () => {
    if (existsSync(root)) return root;
    onProgress('Unpacking a current Docker engine from Debian packages (about a minute, once)');
    const fresh = await mkdtemp(`${root}-`);
    try {
      await unpackDebian(suite, packages, fresh, onProgress, signal);
      await rename(fresh, root);
      return root;
    } catch (error) {
      await removeRoot(fresh);
      throw error;
    }
  });
}

/** An HTTPS proxy through which a daemon reaches registries. */
export interface RegistryProxy {
  /** e.g. `http://127.0.0.1:8080` */
  readonly url: string;
  /** The certificate authority that the daemon trusts, PEM. */
  readonly authority: string;
}

/**
 * Starts a current dockerd, with the images in containerd's store or in Docker's own.
 * It runs in a mount namespace of its own, so that nothing stays mounted after it.
 *
 * @param root what {@link currentEngineRoot} made
 * @param directory for its socket and its data, made here and removed when it stops
 * @throws Error with the end of its log when it does not start
 * @see https://docs.docker.com/engine/storage/containerd/
 */
export async function startCurrentEngine(
  root: string,
  store: 'containerd' | 'docker',
  directory: string,
  proxy?: RegistryProxy,
): Promise<CurrentEngine> {
  const [runs, data] = [join(directory, 'run'), join(directory, 'data')];
  for (const path of [runs, data]) await mkdir(path, { recursive: true });
  const features = { 'containerd-snapshotter': store === 'containerd' };
  await writeFile(join(runs, 'daemon.json'), JSON.stringify({ features }));
  const bridge = await addProcessBridge('gwc');
  const log = join(directory, 'log');
  if (proxy) await writeFile(join(runs, 'authority.pem'), proxy.authority);
  // As a unit of systemd sets them for dockerd; Go reads both.
  const env = proxy && { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: '/run/authority.pem' };
  const child = launch(root, runs, data, bridge, log, { ...process.env, ...env });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await exited;
    }
    await removeBridge(bridge);
    await rm(directory, { recursive: true, force: true });
  };
  const host = currentEngineHost(directory);
  for (const deadline = Date.now() + 60_000; !(await pings(socketIn(directory))); await sleep(100)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    const said = (await readFile(log, 'utf8')).slice(-2000);
    await stop();
    throw new Error(`The current dockerd did not start:\n${said}`);
  }
  return { host, [Symbol.asyncDispose]: stop };
}

/** Where the engine of a directory answers, also before it is started. */
export function currentEngineHost(directory: string): string {
  return `unix://${socketIn(directory)}`;
}

function socketIn(directory: string): string {
  return join(directory, 'run/docker.sock');
}

/** Mounts what a daemon needs of this machine into its root, and becomes it. */
const SCRIPT = `set -e
root=$1 runs=$2 data=$3
shift 3
mkdir -p "$root/var/lib/docker"
mount --bind "$root" "$root"
for name in proc sys dev; do mount --rbind "/$name" "$root/$name"; done
mount --bind "$runs" "$root/run"
mount --bind "$data" "$root/var/lib/docker"
# Not chroot: who enters the namespace of a container, as \`docker exec\` does, would find the old root.
cd "$root"
pivot_root . .
umount --lazy .
exec /usr/sbin/dockerd "$@"
`;

function launch(
  root: string,
  runs: string,
  data: string,
  bridge: string,
  log: string,
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const file = openSync(log, 'w', 0o600);
  const script = ['sh', '-c', SCRIPT, 'sh', root, runs, data];
  const daemon = [
    ...['--host=unix:///run/docker.sock', '--config-file=/run/daemon.json'],
    ...[`--bridge=${bridge}`, '--iptables=false', '--ip6tables=false', '--shutdown-timeout=5'],
  ];
  const unshare = ['--mount', '--propagation=private', ...script, ...daemon];
  const child = spawn(...endingWithUs(find('unshare')[0] ?? 'unshare', unshare), {
    stdio: ['ignore', file, file],
    env,
  });
  closeSync(file);
  return child;
}
