import { invalid } from '../errors.ts';
import type { WantedVersion } from './plan.ts';
import type { Amount, Manager, UpdatePolicy, Version } from './types.ts';

/** Instances from which on shares may be percentages. */
const LEAST_FOR_PERCENT = 10;

/** How many instances an amount is. @param up whether a part of one counts as one */
function countOf({ fixed, percent }: Amount, size: number, up: boolean): number {
  if (percent === undefined) return fixed ?? 0;
  return up ? Math.ceil((size * percent) / 100) : Math.floor((size * percent) / 100);
}

/** How many instances are to be of each version: what is left over is of the one without a number of its own. */
export function wantedVersions({
  versions,
  targetSize: size,
}: Pick<Manager, 'versions' | 'targetSize'>): readonly WantedVersion[] {
  const own = versions.map(({ targetSize }) => targetSize && Math.min(size, countOf(targetSize, size, true)));
  const rest = Math.max(0, size - own.reduce<number>((sum, count) => sum + (count ?? 0), 0));
  return versions.map(({ name, instanceTemplate }, index) => ({
    name,
    template: instanceTemplate,
    count: own[index] ?? rest,
  }));
}

/** Versions with the numbers that they come to. */
export function shownVersions(manager: Pick<Manager, 'versions' | 'targetSize'>): readonly Version[] {
  const counts = wantedVersions(manager);
  return manager.versions.map((version, index) => ({
    ...version,
    targetSize: { ...version.targetSize, calculated: counts[index]?.count ?? 0 },
  }));
}

/**
 * An update policy with its defaults.
 *
 * @param zones of a regional group; 0 for one of a zone
 * @throws ComputeError for one that no group can have
 */
export function policyOf(
  given: Partial<UpdatePolicy>,
  before: Partial<UpdatePolicy>,
  size: number,
  zones: number,
): UpdatePolicy {
  const usual = zones || 1;
  const { maxSurge: oldSurge, maxUnavailable: oldUnavailable, ...rest } = before;
  const { maxSurge: newSurge, maxUnavailable: newUnavailable, ...asked } = given;
  const policy = {
    ...({ type: 'OPPORTUNISTIC', minimalAction: 'REPLACE', replacementMethod: 'SUBSTITUTE' } as const),
    ...(zones > 0 && { instanceRedistributionType: 'PROACTIVE' }),
    ...rest,
    ...asked,
  };
  const maxSurge = amountOf(
    'maxSurge',
    newSurge ?? oldSurge ?? { fixed: policy.replacementMethod === 'RECREATE' ? 0 : usual },
    size,
    zones,
  );
  const maxUnavailable = amountOf(
    'maxUnavailable',
    newUnavailable ?? oldUnavailable ?? { fixed: usual },
    size,
    zones,
  );
  if (policy.replacementMethod === 'RECREATE' && maxSurge.calculated !== 0)
    throw invalid(
      'resource.updatePolicy.maxSurge',
      '',
      'maxSurge must be 0 when the replacement method is RECREATE.',
    );
  if (maxSurge.calculated === 0 && maxUnavailable.calculated === 0 && size > 0)
    throw invalid('resource.updatePolicy', '', 'maxUnavailable and maxSurge cannot both be 0.');
  return { ...policy, maxSurge, maxUnavailable };
}

function amountOf(name: string, { fixed, percent }: Amount, size: number, zones: number): Amount {
  const field = `resource.updatePolicy.${name}`;
  if (percent !== undefined) {
    if (percent < 0 || percent > 100)
      throw invalid(`${field}.percent`, String(percent), 'Must be between 0 and 100.');
    if (size < LEAST_FOR_PERCENT)
      throw invalid(
        `${field}.percent`,
        String(percent),
        `Percent updatePolicy.${name} is only allowed for groups of at least ${LEAST_FOR_PERCENT} instances.`,
      );
  }
  if (fixed !== undefined && fixed < 0)
    throw invalid(`${field}.fixed`, String(fixed), 'Must not be negative.');
  if (zones > 0 && fixed !== undefined && fixed > 0 && fixed < zones)
    throw invalid(
      `${field}.fixed`,
      String(fixed),
      `Fixed updatePolicy.${name} for regional managed instance group has to be either 0 or at least equal to the number of zones.`,
    );
  return {
    ...(fixed !== undefined && { fixed }),
    ...(percent !== undefined && { percent }),
    calculated: countOf(
      { ...(fixed !== undefined && { fixed }), ...(percent !== undefined && { percent }) },
      size,
      name === 'maxSurge',
    ),
  };
}
