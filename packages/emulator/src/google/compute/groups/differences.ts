import type { Asked } from '../instances/blueprint.ts';
import type { Action } from './types.ts';

/** What can be changed while an instance runs, and what while it is stopped (https://cloud.google.com/compute/docs/instance-groups/rolling-out-updates-to-managed-instance-groups#minimal_action). */
const REFRESHED = ['metadata', 'labels'];
const RESTARTED = [
  'tags',
  'machineType',
  'serviceAccounts',
  'scheduling',
  'canIpForward',
  'shieldedInstanceConfig',
];

/** The least that has to be done to bring an instance from one template's properties to another's. */
export function neededAction(from: Asked, to: Asked): Action {
  const differ = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]),
  );
  if (differ.some((name) => !REFRESHED.includes(name) && !RESTARTED.includes(name) && name !== 'description'))
    return 'REPLACE';
  if (differ.some((name) => RESTARTED.includes(name))) return 'RESTART';
  return differ.length > 0 ? 'REFRESH' : 'NONE';
}
