import { ActionError, log } from '@gangway/action';
import { ADDRESS, type Address } from '@gangway/compute';
import type { Inputs } from '../inputs.ts';
import type { Place } from '../place.ts';
import { last } from '../plan/misfits.ts';
import { NOTHING, type Standing, type Step } from './step.ts';

/** The reserved address of the inputs. */
export interface Reserved {
  readonly name: string;
  /** Undefined while it has yet to be made. */
  address(): string | undefined;
  readonly step: Step;
  /** Names of the instances that have it now. */
  readonly users: readonly string[];
}

/**
 * Looks at the address that the inputs name; plans to make it where that is asked for.
 *
 * @returns undefined where none is named
 * @throws ActionError when it isn't there, or isn't an external one
 */
export async function lookAtAddress(
  place: Place,
  { surroundings, timeout }: Inputs,
): Promise<Reserved | undefined> {
  const { address: name, createAddress } = surroundings;
  if (name === undefined || name === 'none') return undefined;
  const path = `${place.region}/addresses`;
  let found = await place.compute.find(`${path}/${name}`, ADDRESS);
  if (!found && !createAddress) throw missing(name, place);
  if (found && found.addressType === 'INTERNAL')
    throw new ActionError(`The address ${name} is internal.`, {
      code: 'address-unusable',
      hint: 'name an external address; a machine has an internal one anyway',
    });
  const users = usersOf(found);
  if (found) return { name, address: () => found?.address, step: NOTHING, users };
  const carryOut = async () => {
    await place.compute.write({
      method: 'POST',
      path,
      body: { name },
      what: `reserving the address ${name}`,
      timeout,
    });
    found = await place.compute.find(`${path}/${name}`, ADDRESS);
    log.info(`Reserved the address ${name}: ${found?.address}.`);
  };
  const changes = [{ path: `address ${name}`, before: undefined, after: 'to be reserved' }];
  return { name, address: () => found?.address, step: { changes, carryOut }, users };
}

/** @see https://cloud.google.com/vpc/network-pricing#ipaddress */
export function standingAddress({ name }: Reserved): Standing {
  return {
    what: `address ${name}`,
    costs: 'billed by the hour, used or not; more when no running instance uses it',
  };
}

function usersOf(address: Address | undefined): readonly string[] {
  return (address?.users ?? []).map((url) => last(url) ?? '');
}

function missing(name: string, { region }: Place): ActionError {
  const at = region.replace('regions/', '');
  return new ActionError(`There is no address ${name} in ${at}.`, {
    code: 'address-missing',
    hint: `write create_address: true, or run: gcloud compute addresses create ${name} --region=${at}; an address must be in the region of the instance`,
  });
}
