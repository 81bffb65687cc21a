import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError } from '@gangway/action/error';
import type { Fly } from './client.ts';
import { groupOf, type Machine, metadataOf } from './machines/machine.ts';
import {
  findLease,
  type Lease,
  listMachines,
  patchMetadata,
  releaseLease,
  setMetadata,
  takeLease,
} from './machines/machines.ts';

export interface LockOptions {
  /** Who wants it, e.g. the address of the run: what others that wait are told. */
  readonly holder: string;
  /** Milliseconds to wait for others. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Told at first, and then every half minute, what is waited for. */
  readonly onWait: (message: string) => void;
}

export interface Lock {
  /** The app's machines as they were when the lock was taken. */
  readonly machines: readonly Machine[];
  /**
   * Takes the mark away.
   * @param machines as they are now, if that is known
   * @param metadata that some machines are given, with the same request: of each group in each region the newest, since
   *   `fly scale count` takes away the oldest
   */
  release(machines?: readonly Machine[], metadata?: Readonly<Record<string, string>>): Promise<void>;
}

interface Mark {
  readonly holder: string;
  readonly since: number;
  readonly expires: number;
}

/** The key of a machine's metadata under which a deploy says that it is going on. */
const KEY = 'gangway_deploying';
/** Seconds for which a lease is held while the mark is set. */
const LEASE = 10;
/** Milliseconds for which a mark is believed; it is renewed well before. */
const LIFETIME = 90_000;
const RENEWAL = 30_000;
const POLL = 2000;
const REPORT = 30_000;

/**
 * Makes sure that nobody else deploys the app: waits until no machine is leased, as flyctl leases all that it deploys,
 * and until no other run of this action has marked the app; then marks it. The mark is set under the lease of the newest
 * machine, the only thing of Fly's that one alone can take. flyctl keeps marks when it updates or replaces machines.
 *
 * An app without machines can't be marked: its first deploy is guarded by nothing.
 *
 * @throws ActionError `deploy-locked` with the holder and how long it was seen, when the time is up
 */
export async function lockDeploys(fly: Fly, app: string, options: LockOptions): Promise<Lock> {
  const { timeout, signal, onWait, holder } = options;
  const begun = Date.now();
  let reported = Number.NEGATIVE_INFINITY;
  for (;;) {
    const attempt = await tryLock(fly, app, holder);
    if (typeof attempt !== 'string') return attempt;
    if (Date.now() - begun >= timeout) {
      throw new ActionError(`${attempt} Waited for ${Math.round(timeout / 1000)} s.`, {
        code: 'deploy-locked',
        hint: 'let one deploy of an app run at a time, with "concurrency" in the workflow; or wait longer, with lock_timeout',
      });
    }
    if (Date.now() - reported >= REPORT) {
      reported = Date.now();
      onWait(`${attempt} Waiting for it to end.`);
    }
    await sleep(Math.min(POLL, Math.max(0, begun + timeout - Date.now())), undefined, { signal });
  }
}

/** The lock, or who has it. */
async function tryLock(fly: Fly, app: string, holder: string): Promise<Lock | string> {
  const first = newest(await listMachines(fly, app));
  if (!first)
    return {
      machines: [],
      release: (now = [], metadata = {}) => leave(fly, app, [], lasting(now), metadata),
    };
  const lease = await takeLease(fly, app, first.id, LEASE, `gangway: ${holder}`);
  if (!lease) return leased(first.id, await findLease(fly, app, first.id));
  try {
    const machines = await listMachines(fly, app);
    const other = machines.flatMap((machine) => markOf(machine) ?? []).find((mark) => mark.holder !== holder);
    if (other && other.expires > Date.now()) {
      const age = Math.max(0, Math.round((Date.now() - other.since) / 1000));
      return `The app ${app} has been deployed by ${other.holder} for ${age} s.`;
    }
    const others = machines.filter(({ id }) => id !== first.id);
    const leases = await Promise.all(others.map(({ id }) => findLease(fly, app, id)));
    for (const [index, held] of leases.entries()) if (held) return leased(others[index]?.id ?? '', held);
    await setMark(fly, app, first.id, holder, Date.now());
    return hold(fly, app, first.id, holder, machines);
  } finally {
    await releaseLease(fly, app, first.id, lease);
  }
}

/** Renews the mark as long as the lock is held. */
function hold(fly: Fly, app: string, id: string, holder: string, machines: readonly Machine[]): Lock {
  const since = Date.now();
  const renewal = setInterval(() => {
    // A machine that was replaced meanwhile is gone; the one in its place has the mark.
    setMark(fly, app, id, holder, since).catch(() => {});
  }, RENEWAL).unref();
  return {
    machines,
    async release(now, metadata = {}) {
      clearInterval(renewal);
      const known = now ?? (await listMachines(fly, app));
      const marked = known.filter((machine) => markOf(machine)?.holder === holder);
      await leave(fly, app, marked, lasting(known), metadata);
    },
  };
}

/** Takes the mark from some machines, and gives others metadata: where both are due, in one request. */
async function leave(
  fly: Fly,
  app: string,
  marked: readonly Machine[],
  given: readonly Machine[],
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const due = given.filter((machine) =>
    Object.entries(metadata).some(([key, value]) => metadataOf(machine)[key] !== value),
  );
  await Promise.all(
    [...new Set([...marked, ...due])].map((machine) =>
      patchMetadata(fly, app, machine.id, {
        ...(due.includes(machine) && metadata),
        ...(marked.includes(machine) && { [KEY]: null }),
      }),
    ),
  );
}

/** The machine that was created last. */
function newest(machines: readonly Machine[]): Machine | undefined {
  const [first, ...others] = machines;
  return first && others.reduce((one, other) => (created(other) > created(one) ? other : one), first);
}

function created({ created_at: at = '', id }: Machine): string {
  return `${at} ${id}`;
}

/** The newest machine of each group in each region. */
function lasting(machines: readonly Machine[]): Machine[] {
  const places = Object.groupBy(machines, (machine) => `${groupOf(machine)} ${machine.region}`);
  return Object.values(places).flatMap((of = []) => newest(of) ?? []);
}

function setMark(fly: Fly, app: string, id: string, holder: string, since: number): Promise<void> {
  const mark: Mark = { holder, since, expires: Date.now() + LIFETIME };
  return setMetadata(fly, app, id, KEY, JSON.stringify(mark));
}

function markOf(machine: Machine): Mark | undefined {
  try {
    const { holder, since, expires } = JSON.parse(metadataOf(machine)[KEY] ?? '') as Partial<Mark>;
    return holder && since && expires ? { holder, since, expires } : undefined;
  } catch {
    // None, or none of ours.
    return undefined;
  }
}

function leased(id: string, lease: Lease | undefined): string {
  if (!lease) return `The machine ${id} was leased by someone.`;
  const left = Math.max(0, Math.round((lease.expires - Date.now()) / 1000));
  const what = lease.description ? ` (${lease.description})` : '';
  return `The machine ${id} is leased by ${lease.owner}${what}, for ${left} s more.`;
}
