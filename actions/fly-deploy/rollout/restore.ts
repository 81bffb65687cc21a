import { setTimeout as sleep } from 'node:timers/promises';
import { cancellation, log } from '@gangway/action';
import {
  createMachine,
  destroyMachine,
  groupOf,
  imageOf,
  isFlyError,
  lastExit,
  listMachines,
  type Machine,
  mayRest,
  metadataOf,
  setCordoned,
  startMachine,
  stopMachine,
  updateMachine,
} from '@gangway/fly';
import type { Work } from '../work.ts';
import type { Release } from './deploy.ts';

/** Milliseconds in which a lease that flyctl left ends by itself, and between two attempts. */
const LEASED = 30_000;
const POLL = 1000;

/**
 * Takes away the machines that a failed deploy has added, before the old image comes back: a canary, a new group, the new
 * ones of bluegreen. Those that were there serve again first. Where one of them is gone, the new one that stands in for it stays.
 */
export async function removeAdded(work: Work): Promise<void> {
  const { fly, app, before } = work;
  await revive(work);
  const { added, lost } = compare(before, await machinesWithin(work));
  const kept = new Set(standIns(added, lost).values());
  for (const machine of added.filter((each) => !kept.has(each))) {
    log.info(`Destroying ${machine.id}, which the failed deploy added.`);
    await patiently(() => destroyMachine(fly, app, machine.id));
  }
}

/**
 * Makes the machines what they were, after the old image has come back: each is there, in its region, with its image,
 * cordoned, at rest or started as before.
 *
 * @param release that the old image has come back with
 */
export async function restore(work: Work, release: Release): Promise<void> {
  const { fly, app, before } = work;
  const { added, lost, now } = compare(before, await machinesWithin(work));
  const stands = standIns(added, lost);
  const metadata = { fly_release_id: release.id, fly_release_version: release.version };
  for (const then of before) {
    const machine = now.get(then.id) ?? stands.get(then);
    const launch = { config: configOf(then, machine ?? then, metadata), skip_launch: rests(then) };
    if (!machine) {
      const made = await createMachine(fly, app, { ...launch, region: then.region });
      log.info(`Made ${made.id} in place of ${then.id}, which the failed deploy destroyed.`);
      if (then.cordoned) await setCordoned(fly, app, made.id, true);
    } else if (digestOf(then) && digestOf(then) !== digestOf(machine)) {
      await patiently(() => updateMachine(fly, app, machine.id, launch));
    }
  }
  await revive(work);
}

/** Cordons, stops and starts machines as they were. */
async function revive(work: Work): Promise<void> {
  const { fly, app, before } = work;
  const { added, lost, now } = compare(before, await machinesWithin(work));
  const stands = standIns(added, lost);
  for (const then of before) {
    const machine = now.get(then.id) ?? stands.get(then);
    if (!machine) continue;
    const { id } = machine;
    const isCordoned = machine.cordoned ?? false;
    if (isCordoned !== (then.cordoned ?? false))
      await patiently(() => setCordoned(fly, app, id, !isCordoned));
    const ran = then.state === 'started';
    if (ran && machine.state === 'stopped' && !mayRest(machine))
      await patiently(() => startMachine(fly, app, id));
    if (rests(then) && machine.state === 'started' && !mayRest(machine))
      await patiently(() => stopMachine(fly, app, id));
  }
}

/**
 * Starts, after a deploy, the machines that had crashed before: flyctl updates machines that are stopped, and leaves them so.
 */
export async function wakeCrashed(work: Work): Promise<void> {
  const { fly, app, before } = work;
  const crashed = new Set(before.filter(hasCrashed).map(({ id }) => id));
  if (crashed.size === 0) return;
  for (const { id, state } of await machinesWithin(work))
    if (state === 'stopped' && crashed.has(id)) await patiently(() => startMachine(fly, app, id));
}

/** The machines that the deploy is about, as `before` has them; the others of the app stay as they are. */
async function machinesWithin({ fly, app, inputs }: Work): Promise<Machine[]> {
  return (await listMachines(fly, app)).filter(inputs.options.within);
}

function hasCrashed(machine: Machine): boolean {
  const exit = lastExit(machine);
  const failed = exit && !exit.requested_stop && ((exit.exit_code ?? 0) !== 0 || exit.oom_killed);
  return machine.state === 'stopped' && Boolean(failed);
}

/** Which machines are new, and which are gone. Those that others make while a deploy runs are none of its own. */
function compare(before: readonly Machine[], machines: readonly Machine[]) {
  const known = new Set(before.map(({ id }) => id));
  const now = new Map(machines.map((machine) => [machine.id, machine]));
  const version = (machine: Machine) => Number(metadataOf(machine).fly_release_version ?? 0);
  const newest = Math.max(0, ...before.map(version));
  return {
    now,
    added: machines.filter((machine) => !known.has(machine.id) && version(machine) > newest),
    lost: before.filter(({ id }) => !now.has(id)),
  };
}

/** Which new machine stands in for one that is gone: one of its group and kind in its region, a canary last. */
function standIns(added: readonly Machine[], lost: readonly Machine[]): Map<Machine, Machine> {
  const isCanary = (machine: Machine) => Number(metadataOf(machine).fly_canary === 'true');
  const left = added.toSorted((one, other) => isCanary(one) - isCanary(other));
  const stands = new Map<Machine, Machine>();
  for (const gone of lost) {
    const index = left.findIndex(
      (machine) =>
        groupOf(machine) === groupOf(gone) &&
        machine.region === gone.region &&
        isStandby(machine) === isStandby(gone),
    );
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found) stands.set(gone, found);
  }
  return stands;
}

/** One that waits, stopped, for the host of another to fail (https://fly.io/docs/launch/deploy/#standby-machines). */
function isStandby({ config }: Machine): boolean {
  return (config?.standbys?.length ?? 0) > 0;
}

/** A configuration with the image that a machine had, and of the release that it is to be of. */
function configOf(then: Machine, { config = {} }: Machine, metadata: Readonly<Record<string, string>>) {
  return { ...config, image: imageOf(then), metadata: { ...config.metadata, ...metadata } };
}

function digestOf({ image_ref: ref }: Machine): string | undefined {
  return ref?.digest;
}

function rests({ state }: Machine): boolean {
  return state === 'stopped' || state === 'suspended';
}

/** Waits for a lease that flyctl has left behind. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + LEASED;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isFlyError(error, 409) || Date.now() >= end) throw error;
      await sleep(POLL, undefined, { signal: cancellation });
    }
  }
}
