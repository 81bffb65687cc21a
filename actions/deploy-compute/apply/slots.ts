import { ActionError } from '@gangway/action';
import { INSTANCE, type Instance } from '@gangway/compute';
import { isMadeByGangway } from '@gangway/google-cloud';
import type { Inputs } from '../inputs.ts';
import { instancePath, type Place } from '../place.ts';
import { addressOf } from '../wait/answering.ts';

/** The two names that an instance can have: a replacement has the one that is free. */
export interface Slots {
  /** The instance that serves. */
  readonly current: Instance | undefined;
  /** What a deploy that was cut short has left in the other one. */
  readonly left: Instance | undefined;
  /** The name that a replacement gets. */
  readonly free: string;
}

/** @param address by which the one that serves is known, where there are two */
export async function slotsOf(
  place: Place,
  { name, strategy }: Inputs,
  address: string | undefined,
): Promise<Slots> {
  const second = `${name}-2`;
  const find = (one: string) => place.compute.find(instancePath(place, one), INSTANCE);
  const first = await find(name);
  if (first && strategy === 'restart') return { current: first, left: undefined, free: second };
  const other = await find(second);
  if (!first || !other) return { current: first ?? other, left: undefined, free: first ? second : name };
  const [current, left] = serves(first, other, address) ? [first, other] : [other, first];
  if (!isMadeByGangway(left.labels))
    throw new ActionError(
      `An instance ${left.name} exists besides ${current.name}, and this action didn't create it.`,
      {
        code: 'instance-foreign',
        hint: `a replacement takes the name ${left.name}: delete that instance, or write strategy: restart`,
      },
    );
  return { current, left, free: left.name };
}

/** The one with the address serves; else the older. */
function serves(one: Instance, other: Instance, address: string | undefined): boolean {
  const has = (instance: Instance) => address !== undefined && addressOf(instance).address === address;
  if (has(one) !== has(other)) return has(one);
  return (one.creationTimestamp ?? '') <= (other.creationTimestamp ?? '');
}
