import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endingWithUs, find } from '../machine/command.ts';
import { unmountBelow } from '../machine/unmount.ts';

/** A BuildKit daemon of its own, with nothing in its cache. */
export interface Buildkit {
  /** Where it answers, for `docker buildx create --driver remote`. */
  readonly address: string;
  /** Directory of its state. */
  readonly root: string;
  /** Ends it as a crash would, or goes on where it was. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes all that it made. */
  stop(): Promise<void>;
}

/** Whether this machine can run one: buildkitd and runc are there, and this user is root. */
export function canRunBuildkit(): boolean {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return isRoot && ['buildkitd', 'runc'].every((name) => find(name).length > 0);
}

/**
 * Starts a BuildKit daemon on a socket in a temporary directory. RUN instructions have the host's network, and a
 * registry on loopback is spoken to without TLS.
 *
 * @param state directory for its state, e.g. on a small file system; default is a temporary one
 * @throws Error with the end of its log when it does not start
 */
export async function startBuildkit(state?: string): Promise<Buildkit> {
  const directory = await mkdtemp(join(tmpdir(), 'gangway-buildkit-'));
  const root = state ?? join(directory, 'root');
  const socket = join(directory, 'socket');
  let child: ReturnType<typeof launch> | undefined;
  const start = async () => {
    child = launch(directory, root, socket);
    const end = Date.now() + 30_000;
    while (!(await answers(socket))) {
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(
          `buildkitd did not start:\n${(await readFile(logIn(directory), 'utf8')).slice(-2000)}`,
        );
      await sleep(50);
    }
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    address: `unix://${socket}`,
    root,
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGTERM');
      await unmountBelow(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function launch(directory: string, root: string, socket: string) {
  const log = openSync(logIn(directory), 'a');
  const worker = ['--oci-worker-binary=runc', '--oci-worker-net=host', '--containerd-worker=false'];
  const args = ['--root', root, '--addr', `unix://${socket}`, ...worker];
  const child = spawn(...endingWithUs(find('buildkitd')[0] ?? 'buildkitd', args), {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

function logIn(directory: string): string {
  return join(directory, 'log');
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
