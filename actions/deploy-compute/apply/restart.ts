import { type ActionError, cancellation, log } from '@gangway/action';
import type { Instance } from '@gangway/compute';
import type { Inputs } from '../inputs.ts';
import { instancePath, type Place } from '../place.ts';
import type { InstancePlan } from '../plan/instance-plan.ts';
import { metadataOf, withItems } from '../plan/metadata.ts';
import { PENDING_KEY, type WantedBoot } from '../plan/wanted-boot.ts';
import { addressOf } from '../wait/answering.ts';
import { untilRunning } from '../wait/running.ts';
import { stateOf } from '../wait/state.ts';
import { aftermath } from './aftermath.ts';
import { there, untilWell } from './create.ts';
import { boot as bootMachine, call, dropAddress, giveAddress } from './writes.ts';

export interface Restart {
  readonly current: Instance;
  readonly plan: InstancePlan;
  readonly boot: WantedBoot;
  readonly image: string;
  /** The reserved address that it is to have, `none`, or undefined to leave it. */
  readonly address: string | undefined;
  /** Whether it boots although nothing is written: it doesn't run what it should. */
  readonly mustBoot: boolean;
}

/** Milliseconds that what ran before gets to come back. */
const ROLLBACK = 5 * 60_000;

/**
 * Writes what changes to an instance, restarts it where it must boot with that, and waits until it is well. When it isn't, all of
 * it is taken back.
 *
 * @throws ActionError that says what became of it
 */
export async function restart(place: Place, work: Restart, inputs: Inputs): Promise<Instance> {
  const { current, plan, boot, image, mustBoot } = work;
  const { name } = current;
  const boots = plan.boots || mustBoot;
  const said = boot.reports && boots ? await stateOf(place, instancePath(place, name)) : undefined;
  const since = said?.began;
  const undo: Undo[] = [];
  try {
    await writeAll(place, work, undo);
    if (boots) await bootMachine(place, current);
    const instance =
      boots || inputs.surroundings.check
        ? await untilWell(place, name, { boot, image, since }, inputs)
        : undefined;
    if (!boot.reports) await settle(place, name);
    return instance ?? (await there(place, name));
  } catch (error) {
    if (cancellation.aborted || undo.length === 0) throw error;
    throw await takenBack(place, work, undo, { error, ran: said?.state === 'running' });
  }
}

/** Takes something back; `now` is the instance as it is then. */
type Undo = (now: Instance) => Promise<void>;

async function writeAll(place: Place, { current, plan, address }: Restart, undo: Undo[]): Promise<void> {
  const { name, metadata = {}, tags = {}, labels = {} } = current;
  /** Writes something, and remembers how to write again what was there. */
  const put = async (verb: string, what: string, body: object, before: (now: Instance) => object) => {
    await call(place, name, verb, body, `changing the ${what} of ${name}`);
    undo.push((now) => call(place, name, verb, before(now), `restoring the ${what} of ${name}`));
  };
  if (plan.items)
    await put('setMetadata', 'metadata', { fingerprint: metadata.fingerprint, items: plan.items }, (now) => ({
      fingerprint: now.metadata?.fingerprint,
      items: metadata.items ?? [],
    }));
  if (plan.tags)
    await put('setTags', 'tags', { fingerprint: tags.fingerprint, items: plan.tags }, (now) => ({
      fingerprint: now.tags?.fingerprint,
      items: tags.items ?? [],
    }));
  if (plan.labels)
    await put(
      'setLabels',
      'labels',
      { labelFingerprint: current.labelFingerprint, labels: plan.labels },
      (now) => ({
        labelFingerprint: now.labelFingerprint,
        labels,
      }),
    );
  const { address: has, isExternal } = addressOf(current);
  if (address === undefined || (address === 'none' ? !isExternal : isExternal && has === address)) return;
  await dropAddress(place, current);
  if (address !== 'none') await giveAddress(place, current, address);
  undo.push(async (now) => {
    await dropAddress(place, now);
    if (isExternal) await giveAddress(place, now, undefined);
  });
}

/** A machine that tells nothing of itself has answered: the next deploy need not restart it. */
async function settle(place: Place, name: string): Promise<void> {
  const { metadata = {} } = await there(place, name);
  const items = metadataOf({ metadata });
  if (!items.has(PENDING_KEY)) return;
  const left = withItems(items, { [PENDING_KEY]: undefined });
  await call(
    place,
    name,
    'setMetadata',
    { fingerprint: metadata.fingerprint, items: left },
    `settling ${name}`,
  );
}

/** The error, with what became of what ran before. */
async function takenBack(
  place: Place,
  work: Restart,
  undo: readonly Undo[],
  { error, ran }: { readonly error: unknown; readonly ran: boolean },
): Promise<ActionError> {
  const { current, plan, boot } = work;
  const { name } = current;
  const because = aftermath(error);
  const end = performance.now() + ROLLBACK;
  const again = { ...place, left: () => Math.max(1000, end - performance.now()) };
  try {
    const now = await there(again, name);
    if (plan.items && metadataOf(now).get('user-data') !== boot.userData)
      return because(`${name} was not taken back: somebody else has changed it since.`);
    log.info(`Restoring what ${name} ran before…`);
    const since = (await stateOf(again, instancePath(again, name)))?.began;
    for (const step of [...undo].reverse()) await step(await there(again, name));
    if (!plan.boots) return because(`${name} has its previous settings again.`);
    await bootMachine(again, await there(again, name));
    const before = bootBefore(current);
    // What did not run before is not waited for.
    if (!before || !ran) return because(`${name} was restarted with what it had before.`);
    await untilRunning(again, name, { ...before, since });
    return because(`${name} runs ${before.image} again, as before.`);
  } catch (failure) {
    return because(
      `${name} could not be taken back: ${failure instanceof Error ? failure.message : failure}`,
    );
  }
}

/** The id and the image of what an instance booted with, where it was ours. */
function bootBefore(instance: Instance): { id: string; image: string } | undefined {
  const userData = metadataOf(instance).get('user-data') ?? '';
  const id = /^\s*id=([0-9a-f]{12})$/m.exec(userData)?.[1];
  const image = /^\s*image=(\S+)$/m.exec(userData)?.[1];
  return id && image ? { id, image } : undefined;
}
