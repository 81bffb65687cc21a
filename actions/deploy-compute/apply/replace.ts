import { type ActionError, cancellation, log } from '@gangway/action';
import type { Instance } from '@gangway/compute';
import type { Inputs } from '../inputs.ts';
import type { Place } from '../place.ts';
import type { WantedBoot } from '../plan/wanted-boot.ts';
import { addressOf, untilAnswering } from '../wait/answering.ts';
import { aftermath } from './aftermath.ts';
import { create, there } from './create.ts';
import { dropAddress, giveAddress, remove } from './writes.ts';

export interface Replacement {
  readonly current: Instance;
  /** Name of the new instance. */
  readonly name: string;
  readonly boot: WantedBoot;
  readonly image: string;
  readonly sourceImage: string;
  /** The reserved address, which moves. */
  readonly address: string;
}

/**
 * Makes a new instance beside the one that serves, moves the address to it once it is well, and deletes the old one. When it isn't
 * well, the old one keeps the address, or gets it back, and the new one is deleted.
 */
export async function replace(place: Place, work: Replacement, inputs: Inputs): Promise<Instance> {
  const { current, name, boot, address } = work;
  let moved = false;
  try {
    const fresh = await create(place, { ...work, natIP: undefined, like: current }, inputs);
    log.info(`${name} is healthy: moving ${address} to it…`);
    moved = true;
    await move(place, { from: current, to: fresh, address });
    const instance = await there(place, name);
    await untilAnswering(instance, boot.container, inputs);
    await remove(place, current.name);
    return instance;
  } catch (error) {
    if (cancellation.aborted) throw error;
    throw await takenBack(place, work, moved, error);
  }
}

/** What clients reach is without a machine for the seconds between the two. */
async function move(
  place: Place,
  { from, to, address }: { readonly from: Instance; readonly to: Instance; readonly address: string },
): Promise<void> {
  await dropAddress(place, to);
  if (addressOf(from).address === address) await dropAddress(place, from);
  await giveAddress(place, to, address);
}

async function takenBack(
  place: Place,
  work: Replacement,
  moved: boolean,
  error: unknown,
): Promise<ActionError> {
  const { current, name, address } = work;
  const because = aftermath(error);
  try {
    if (moved && addressOf(current).address === address) {
      const old = await there(place, current.name);
      const fresh = await there(place, name);
      if (addressOf(fresh).address === address) await dropAddress(place, fresh);
      if (addressOf(old).address !== address) {
        await dropAddress(place, old);
        await giveAddress(place, old, address);
      }
    }
    await remove(place, name);
    return because(`${current.name} serves as before; ${name} was deleted.`);
  } catch (failure) {
    return because(
      `Not everything could be rolled back: ${failure instanceof Error ? failure.message : failure} Look at ${current.name} and ${name} in the console.`,
    );
  }
}
