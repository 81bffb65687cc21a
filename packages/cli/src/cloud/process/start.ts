import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Misuse } from '../../misuse.ts';
import { explain } from '../explain.ts';
import type { UpOptions } from '../options.ts';
import { type Place, prepare, type Running, untilSettled } from './place.ts';

/** The command that a detached local cloud is started by; nobody types it. */
export const SERVE = 'serve-local-cloud';

/** What the process of a detached local cloud tells the one that started it. */
export type Message = { readonly ready: Running } | { readonly failed: string } | { readonly said: string };

export interface Started {
  readonly running: Running;
  /** Lets go of a local cloud that is leased: it then ends. One that was told to keep goes on. */
  release(): void;
}

/**
 * Starts the local cloud of a place in a process of its own.
 *
 * @param say gets a line when something takes time
 * @throws Misuse that says what is in the way
 */
export async function startDetached(
  place: Place,
  options: UpOptions,
  say: (line: string) => void,
): Promise<Started> {
  await refuseTaken(options.port);
  prepare(place);
  const log = join(place.state, 'log');
  const file = openSync(log, 'w', 0o600);
  const [script = ''] = process.argv.slice(1);
  const child: ChildProcess = spawn(process.execPath, [script, SERVE], {
    cwd: place.folder,
    detached: true,
    stdio: ['ignore', file, file, 'ipc'],
    env: { ...process.env, GANGWAY_SERVE: JSON.stringify({ place, options }) },
  });
  closeSync(file);
  const running = await new Promise<Running>((resolve, reject) => {
    child.on('message', (message: Message) => {
      if ('ready' in message) resolve(message.ready);
      else if ('said' in message) say(message.said);
      else reject(new Misuse(message.failed));
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      reject(
        new Misuse(
          `The local cloud ended with ${code} before it was ready:\n${readFileSync(log, 'utf8').slice(-2000)}`,
        ),
      ),
    );
  });
  const release = () => {
    if (child.connected) child.disconnect();
  };
  if (!options.leased) release();
  child.unref();
  child.channel?.unref();
  return { running, release };
}

/** @throws Misuse when a local cloud runs at a place already, and is not just stopping */
export async function refuseRunning(place: Place): Promise<void> {
  const running = await untilSettled(place);
  if (running)
    throw new Misuse(
      `A local cloud runs for ${place.folder} at ${running.origin}. Use it, or stop it with gangway down.`,
    );
}

/** @throws Misuse when a port is in use, before anything is started */
export async function refuseTaken(port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Misuse(explain(error))));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
