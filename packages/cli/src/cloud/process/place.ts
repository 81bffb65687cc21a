import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Misuse } from '../../misuse.ts';

/** Where the local cloud of a folder keeps what it needs, outside of the folder. */
export interface Place {
  /** The folder that it belongs to. */
  readonly folder: string;
  /** For its files: the environment, the log, the record of what runs. */
  readonly state: string;
  /** Where it takes orders: a socket that only its owner may open, or a named pipe. */
  readonly socket: string;
}

/** What runs, as it says itself once it is ready. */
export interface Running {
  readonly pid: number;
  readonly origin: string;
  readonly project: string;
  readonly repository: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** File of shell exports. */
  readonly envFile: string;
  readonly dockerHost?: string;
  /** Whether it was told to stop: it takes no orders any more. */
  readonly stopping?: true;
}

/** Milliseconds that a local cloud may take to stop its containers. */
const PATIENCE = 60_000;

/** The place of a folder, whether or not a local cloud runs there. Each folder has its own. */
export function placeOf(folder: string): Place {
  const real = realpathSync(folder);
  const id = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const states = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  const state = join(states, 'gangway', id);
  return { folder: real, state, socket: socketOf(id, join(state, 'socket')) };
}

/** A socket's path may have 107 bytes at most (unix(7)), and a home can be deep. */
function socketOf(id: string, usual: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\gangway-${id}`;
  if (Buffer.byteLength(usual) < 100) return usual;
  const own = process.env.XDG_RUNTIME_DIR;
  if (own) return join(own, `gangway-${id}.sock`);
  throw new Misuse(`${usual} is too long for a socket. Set XDG_STATE_HOME to a folder with a shorter path.`);
}

/** The place of the local cloud that runs for a folder or for the nearest one above it. */
export function findRunning(folder: string): { place: Place; running: Running } | undefined {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    const place = placeOf(at);
    const running = recordOf(place);
    if (running) return { place, running };
    if (dirname(at) === at) return undefined;
  }
}

/** What runs at a place; undefined when nothing does, also where one ended without a word. */
export function recordOf(place: Place): Running | undefined {
  let text: string;
  try {
    // One that ends removes it at any moment.
    text = readFileSync(recordFile(place), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const running = JSON.parse(text) as Running;
  return isAlive(running.pid) ? running : undefined;
}

/**
 * Waits until nothing runs at a place.
 *
 * @throws Misuse when it stays
 */
export async function untilGone(place: Place): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (let running = recordOf(place); running; running = recordOf(place)) {
    if (Date.now() > deadline)
      throw new Misuse(
        `The local cloud (process ${running.pid}) does not stop. End it with kill ${running.pid}.`,
      );
    await sleep(50);
  }
}

/** What runs at a place and takes orders: one that is stopping is waited for. */
export async function untilSettled(place: Place): Promise<Running | undefined> {
  if (recordOf(place)?.stopping) await untilGone(place);
  return recordOf(place);
}

/** Records what runs at a place, for others to find it: all of the record, or none. */
export function record(place: Place, running: Running): void {
  const file = recordFile(place);
  writeFileSync(`${file}.new`, JSON.stringify(running), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRecord(place: Place): void {
  rmSync(recordFile(place), { force: true });
}

/** Makes the folder of a place, for its owner alone. */
export function prepare({ state }: Place): void {
  mkdirSync(state, { recursive: true, mode: 0o700 });
}

/** A folder for what a run needs, which goes with it. */
export function scratch({ state }: Place, prefix: string): string {
  return mkdtempSync(join(state, prefix));
}

function recordFile({ state }: Place): string {
  return join(state, 'running.json');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
