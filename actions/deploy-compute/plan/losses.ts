import { ActionError, counted } from '@gangway/action';
import type { InstanceProperties } from '@gangway/compute';

/**
 * Refuses to make a machine in the place of one that has what this action doesn't give to a new one: it would be lost without a word.
 *
 * @param of the machine or the template, e.g. `The instance app`
 * @throws ActionError `replacement-loses`
 */
export function refuseLosses(of: string, there: InstanceProperties): void {
  const lost = lossesOf(there);
  if (lost.length === 0) return;
  throw new ActionError(`${of} has ${lost.join(', ')}, which a new machine of this action doesn't get.`, {
    code: 'replacement-loses',
    hint: 'for an instance, write strategy: restart, which keeps the machine; for a group, change its template with gcloud, or name a new group',
  });
}

function lossesOf({
  disks = [],
  networkInterfaces = [],
  guestAccelerators = [],
  scheduling: { preemptible, provisioningModel } = {},
  deletionProtection,
}: InstanceProperties): string[] {
  return [
    ...(disks.length > 1 ? [counted(disks.length, 'disk')] : []),
    ...(networkInterfaces.length > 1 ? [counted(networkInterfaces.length, 'network interface')] : []),
    ...(guestAccelerators.length > 0 ? ['accelerators'] : []),
    ...(preemptible || provisioningModel === 'SPOT' ? ['spot provisioning'] : []),
    ...(deletionProtection ? ['deletion protection'] : []),
  ];
}
