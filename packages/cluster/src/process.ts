import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { endingWithUs } from '@gangway/engine';

/** A part of the cluster that runs. */
export interface Process {
  /** @throws Error with the end of its log once it has ended */
  check(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a program whose output goes to a file.
 *
 * @param signal that ends it; it gets the same when this process ends before it
 * @param cleanUp what is to be done when it has ended
 */
export function startProcess(
  program: string,
  args: readonly string[],
  log: string,
  signal: NodeJS.Signals = 'SIGTERM',
  cleanUp: () => Promise<void> = async () => {},
): Process {
  const file = openSync(log, 'w', 0o600);
  const child = spawn(...endingWithUs(program, args, signal), { stdio: ['ignore', file, file] });
  closeSync(file);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    async check() {
      if (runs(child)) return;
      throw new Error(`${program} has ended:\n${(await readFile(log, 'utf8')).slice(-2000)}`);
    },
    async stop() {
      if (runs(child)) child.kill(signal);
      await ended;
      await cleanUp();
    },
  };
}

function runs({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}
