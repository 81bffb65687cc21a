import { ActionError, invalid } from '@gangway/action';
import type { Manager } from '@gangway/compute';
import type { Amount } from '../inputs/group.ts';
import type { Inputs } from '../inputs.ts';
import { last } from './misfits.ts';

/** Zones that Compute Engine spreads a new regional group over where none are named. */
const USUAL_ZONES = 3;
/** Instances from which on shares are allowed. */
const LEAST_FOR_SHARES = 10;

/** How many instances an update may have more, and fewer. */
export interface Pace {
  readonly maxSurge: Amount;
  readonly maxUnavailable: Amount;
}

/**
 * How many instances are replaced at once: what the inputs say, else what the group has. A new group makes an instance, or one in each
 * of its zones, before it takes one away.
 *
 * @throws ActionError for what Compute Engine refuses
 * @see https://cloud.google.com/compute/docs/instance-groups/rolling-out-updates-to-managed-instance-groups
 */
export function paceOf(current: Manager | undefined, inputs: Inputs): Pace {
  const { group, name, location } = inputs;
  const size = group.size ?? current?.targetSize ?? 1;
  const zones = zonesOf(current, inputs);
  const { updatePolicy: policy = {} } = current ?? {};
  const pace = {
    maxSurge: group.maxSurge ?? plain(policy.maxSurge) ?? { fixed: zones || 1 },
    maxUnavailable: group.maxUnavailable ?? plain(policy.maxUnavailable) ?? { fixed: 0 },
  };
  for (const [input, key, value] of [
    ['max_surge', 'maxSurge', group.maxSurge],
    ['max_unavailable', 'maxUnavailable', group.maxUnavailable],
  ] as const) {
    if (value?.percent !== undefined && size < LEAST_FOR_SHARES)
      throw invalid(
        input,
        `${value.percent}%`,
        `write a number, such as ${zones || 1}: percentages need a group of at least ${LEAST_FOR_SHARES} instances, and this one has ${size}`,
      );
    if (
      value === undefined &&
      pace[key].percent !== undefined &&
      group.size !== undefined &&
      size < LEAST_FOR_SHARES
    )
      throw invalid(
        'size',
        String(size),
        `${input} of ${name} is ${pace[key].percent}%, and percentages need a group of at least ${LEAST_FOR_SHARES} instances: write ${input} as a number, too`,
      );
    if (value?.fixed !== undefined && value.fixed > 0 && value.fixed < zones)
      throw invalid(
        input,
        String(value.fixed),
        `write 0, or at least ${zones}: a group of ${location.region} that is spread over ${zones} zones replaces instances in each`,
      );
  }
  if (isNone(pace.maxSurge) && isNone(pace.maxUnavailable)) {
    const [input, other] = group.maxSurge
      ? ['max_surge', 'max_unavailable']
      : ['max_unavailable', 'max_surge'];
    throw invalid(
      input,
      '0',
      `${other} of ${name} is 0 too, and no instance could be replaced; let one of them be ${zones || 1}`,
    );
  }
  return pace;
}

/** @throws ActionError for a size that an autoscaler decides */
export function refuseSize(current: Manager | undefined, { group, name }: Inputs): void {
  const scaler = current?.status?.autoscaler;
  if (scaler && group.size !== undefined && group.size !== current?.targetSize)
    throw new ActionError(`Input "size" is "${group.size}", and an autoscaler decides the size of ${name}.`, {
      code: 'input-conflict',
      hint: `leave size empty, or change the autoscaler ${last(scaler)}`,
    });
}

/**
 * Zones of a regional group; 0 of one that is in a zone.
 *
 * @throws ActionError for others than it has, as they never change
 */
function zonesOf(current: Manager | undefined, { location, name }: Inputs): number {
  if (!location.path.startsWith('regions/')) return 0;
  if (!current) return location.zones?.length ?? USUAL_ZONES;
  const there = (current.distributionPolicy?.zones ?? []).map(({ zone }) => last(zone) ?? '').sort();
  const wanted = location.zones;
  if (wanted && there.length > 0 && wanted.join() !== there.join())
    throw invalid(
      'zones',
      wanted.join(', '),
      `${name} is spread over ${there.join(', ')}, and the zones of a group never change: leave zones empty, or name another group`,
    );
  return there.length || USUAL_ZONES;
}

/** As it is shown: a number, or a share. */
export function amount(of: Amount | undefined): string | undefined {
  if (of === undefined) return undefined;
  return of.percent === undefined ? String(of.fixed ?? 0) : `${of.percent}%`;
}

/** What was said; undefined where there is nothing but what Compute Engine has worked out. */
export function plain(of: Amount | undefined): Amount | undefined {
  if (of?.percent !== undefined) return { percent: of.percent };
  return of?.fixed === undefined ? undefined : { fixed: of.fixed };
}

function isNone(of: Amount): boolean {
  return (of.percent ?? of.fixed ?? 0) === 0;
}
