import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addBridge, find, removeBridge, run, unmountBelow } from '@gangway/engine';

/** A Docker engine with nothing in it, as on a new runner. */
export interface WipedEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
}

/**
 * Starts dockerd with a data root and a bridge of its own; RUN instructions take the host's network. With no bridge at all
 * it would remove docker0, which other engines of this machine may use.
 *
 * @throws Error with the end of its log when it does not start
 */
export async function startWipedEngine(): Promise<WipedEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'gw-dockerd-'));
  const host = `unix://${join(directory, 'socket')}`;
  const logFile = join(directory, 'log');
  const log = openSync(logFile, 'w');
  const bridge = await addBridge(`gwb-${process.pid}`);
  const [dockerd = 'dockerd'] = find('dockerd');
  const child = spawn(
    dockerd,
    [
      ...[`--data-root=${join(directory, 'data')}`, `--exec-root=${join(directory, 'exec')}`],
      ...[`--pidfile=${join(directory, 'pid')}`, `--host=${host}`],
      ...[`--bridge=${bridge}`, '--iptables=false', '--ip6tables=false'],
    ],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const [docker = 'docker'] = find('docker');
  const deadline = Date.now() + 60_000;
  const answers = () =>
    run(docker, ['--host', host, 'version']).then(
      () => true,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`dockerd did not start:\n${(await readFile(logFile, 'utf8')).slice(-2000)}`);
    await sleep(100);
  }
  return {
    host,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      await removeBridge(bridge);
      await unmountBelow(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
