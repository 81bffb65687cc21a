import { ActionError } from '@gangway/action';
import type { Instance } from '@gangway/compute';
import { isGoogleError } from '@gangway/google-cloud';
import { instancePath, type Place } from '../place.ts';

/** A call about an instance, which is waited for. */
export function call(place: Place, name: string, verb: string, body: unknown, what: string): Promise<void> {
  const path = `${instancePath(place, name)}/${verb}`;
  const request = { method: 'POST' as const, path, what, timeout: place.left() };
  return overtaken(name, () => place.compute.write({ ...request, ...(body !== undefined && { body }) }));
}

/** @throws ActionError `overtaken` when someone else has changed it since it was read */
async function overtaken(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isGoogleError(error, 412)) throw error;
    throw new ActionError(`Someone else changed ${name} while this step did.`, {
      code: 'overtaken',
      hint: 'run the job again; give jobs that deploy to the same machine a common "concurrency" group',
      cause: error,
    });
  }
}

/** Boots a machine with the metadata that it has now. */
export function boot(place: Place, { name, status }: Instance): Promise<void> {
  const verb = status === 'RUNNING' ? 'reset' : 'start';
  return call(
    place,
    name,
    verb,
    undefined,
    `${verb === 'reset' ? 'restarting' : 'starting'} the instance ${name}`,
  );
}

/** Takes the external address from a machine. */
export async function dropAddress(place: Place, { name, networkInterfaces = [] }: Instance): Promise<void> {
  const [{ name: networkInterface = 'nic0', accessConfigs = [] } = {}] = networkInterfaces;
  for (const { name: accessConfig = 'external-nat' } of accessConfigs)
    await place.compute.write({
      method: 'POST',
      path: `${instancePath(place, name)}/deleteAccessConfig`,
      query: { accessConfig, networkInterface },
      what: `taking the external address from ${name}`,
      timeout: place.left(),
    });
}

/** Gives a machine an external address: a reserved one, or one that comes and goes. */
export function giveAddress(
  place: Place,
  { name, networkInterfaces = [] }: Instance,
  natIP: string | undefined,
): Promise<void> {
  return place.compute.write({
    method: 'POST',
    path: `${instancePath(place, name)}/addAccessConfig`,
    query: { networkInterface: networkInterfaces[0]?.name ?? 'nic0' },
    body: { name: 'external-nat', type: 'ONE_TO_ONE_NAT', ...(natIP !== undefined && { natIP }) },
    what: `giving ${name} the address ${natIP ?? 'of the pool'}`,
    timeout: place.left(),
  });
}

export function remove(place: Place, name: string): Promise<void> {
  return place.compute.write({
    method: 'DELETE',
    path: instancePath(place, name),
    what: `deleting the instance ${name}`,
    timeout: place.left(),
  });
}
