import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDirectory } from '../machine/cache.ts';
import { find } from '../machine/command.ts';
import { isUsed, locked, register } from '../machine/lock.ts';
import { terminate } from '../machine/terminate.ts';
import { unmountBelow } from '../machine/unmount.ts';
import { addBridge, removeBridge } from './bridge.ts';
import { pings } from './ping.ts';

export interface Daemon {
  readonly host: string;
  /** Ends this process's use; the last to leave stops the daemon. */
  leave(): Promise<void>;
}

interface Places {
  /** Names this daemon's lock, bridge and run directory: one daemon a cache directory. */
  readonly id: string;
  readonly data: string;
  readonly run: string;
  readonly socket: string;
  readonly pidfile: string;
  readonly log: string;
}

/** Starts Gangway's private dockerd, or joins the one that other processes of this user already use. */
export async function joinDaemon(onProgress: (line: string) => void): Promise<Daemon> {
  const places = await placesOf();
  const use = await locked(places.id, async () => {
    const registration = await register(places.id);
    try {
      if (!(await pings(places.socket))) {
        onProgress('Starting a private Docker engine');
        await stop(places);
        await start(places);
      }
      return registration;
    } catch (error) {
      await registration.end();
      throw error;
    }
  });
  let left: Promise<void> | undefined;
  const leave = () =>
    locked(places.id, async () => {
      const last = (await use.others()) === 0;
      if (last) await stop(places);
      await use.end();
    });
  return {
    host: `unix://${places.socket}`,
    leave: () => {
      left ??= leave();
      return left;
    },
  };
}

/** Sockets go under /run: a socket's path may have 107 bytes at most (unix(7)), and a cache directory can be deep. */
async function placesOf(): Promise<Places> {
  const root = await cacheDirectory('engine');
  const id = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const run = runDirectory(id);
  return {
    id,
    data: join(root, 'data'),
    run,
    socket: join(run, 'docker.sock'),
    pidfile: pidfileIn(run),
    log: join(root, 'dockerd.log'),
  };
}

function runDirectory(id: string): string {
  return `/run/gangway-${id}`;
}

function pidfileIn(run: string): string {
  return join(run, 'docker.pid');
}

async function start(places: Places): Promise<void> {
  // Of a daemon that was killed dockerd keeps the network, and would set its bridge back to an address that another
  // daemon's bridge may have got since.
  await rm(join(places.data, 'network', 'files'), { recursive: true, force: true });
  await removeLeftBridges();
  const bridge = await addBridge(`gw-${places.id}`);
  if (await started(places, ['--bridge', bridge])) return;
  // Where the kernel has no netfilter, published ports on loopback still work through docker's own proxy.
  if (
    /iptables/i.test(await tail(places.log)) &&
    (await started(places, ['--bridge', bridge, '--iptables=false', '--ip6tables=false']))
  ) {
    return;
  }
  await stop(places);
  throw new Error(`dockerd did not start. The end of ${places.log}:\n${await tail(places.log)}`);
}

/** Those of daemons in other cache directories that were killed, with or without their data. */
async function removeLeftBridges(): Promise<void> {
  for (const name of await readdir('/sys/class/net')) {
    const [, id] = /^gw-([0-9a-f]{8})$/.exec(name) ?? [];
    if (!id || (await isUsed(id)) || (await daemonPid(pidfileIn(runDirectory(id)))) !== undefined) continue;
    await removeBridge(name);
  }
}

async function started(places: Places, network: readonly string[]): Promise<boolean> {
  const [dockerd] = find('dockerd');
  if (!dockerd) throw new Error('dockerd is not installed.');
  await mkdir(places.run, { recursive: true, mode: 0o700 });
  await rm(places.pidfile, { force: true });
  const log = openSync(places.log, 'w', 0o600);
  const child = spawn(
    dockerd,
    [
      ...['--data-root', places.data, '--exec-root', join(places.run, 'exec'), '--pidfile', places.pidfile],
      ...['--host', `unix://${places.socket}`, '--shutdown-timeout', '5', ...network],
    ],
    // A session of its own: a terminal's Ctrl-C must not reach it before its users have cleaned up.
    { detached: true, stdio: ['ignore', log, log], env: withoutDockerHost() },
  );
  closeSync(log);
  let ended = false;
  child.once('error', () => {
    ended = true;
  });
  child.once('exit', () => {
    ended = true;
  });
  child.unref();
  for (const deadline = Date.now() + 60_000; !ended && Date.now() < deadline; await sleep(100)) {
    if (await pings(places.socket)) return true;
  }
  return false;
}

async function stop(places: Places): Promise<void> {
  const pid = await daemonPid(places.pidfile);
  if (pid !== undefined) {
    terminate(pid);
    for (let waited = 0; (await daemonPid(places.pidfile)) !== undefined; waited += 100) {
      if (waited === 20_000) terminate(pid, 'SIGKILL');
      await sleep(100);
    }
  }
  await removeBridge(`gw-${places.id}`);
  // What one that was killed had mounted.
  for (const directory of [places.run, dirname(places.data)]) await unmountBelow(directory);
  await rm(places.run, { recursive: true, force: true });
}

/** The pid in the pidfile, if that process is our dockerd and not another that got the number later. */
async function daemonPid(pidfile: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidfile, 'utf8').catch(() => ''));
  if (!pid) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(pidfile) ? pid : undefined;
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-15).join('\n');
}

function withoutDockerHost(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'DOCKER_HOST'));
}
