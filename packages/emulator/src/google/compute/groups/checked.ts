import type { Context } from '../context.ts';
import { invalid, required } from '../errors.ts';
import { linkTo, nameIn, pathOf } from '../links.ts';
import { zonesOf } from '../places/catalogue.ts';
import { NAME, requireResource } from '../resources/resource.ts';
import { policyOf } from './amounts.ts';
import type { Amount, Manager, Version } from './types.ts';

const MOST_ZONES = 3;
const LONGEST_DELAY = 3600;

/** A manager as it is asked for. */
export interface AskedManager extends Partial<Omit<Manager, 'versions'>> {
  readonly instanceTemplate?: string;
  readonly versions?: readonly Partial<Version>[];
  readonly fingerprint?: string;
  readonly description?: string;
  readonly namedPorts?: unknown;
  readonly instanceLifecyclePolicy?: object;
}

/**
 * What a manager has, of what is asked for and what it had before.
 *
 * @param place e.g. `zones/us-west1-a`
 * @throws ComputeError for what no group can have
 */
export function checkedManager(
  cloud: Context,
  place: string,
  asked: AskedManager,
  before: Partial<AskedManager> = {},
): Readonly<Record<string, unknown>> {
  const [scope, where = ''] = place.split('/');
  const isRegional = scope === 'regions';
  const targetSize = asked.targetSize ?? before.targetSize;
  if (targetSize === undefined) throw required('resource.targetSize');
  if (targetSize < 0 || targetSize > 2000)
    throw invalid('resource.targetSize', String(targetSize), 'Must be between 0 and 2000.');
  const name = asked.name ?? before.name ?? '';
  const baseInstanceName = asked.baseInstanceName ?? before.baseInstanceName ?? name.slice(0, 54);
  if (!new RegExp(`^${NAME}$`).test(baseInstanceName.replace(/#+$/, '')) || baseInstanceName.length > 58)
    throw invalid('resource.baseInstanceName', baseInstanceName, `Must be a match of regex '${NAME}'`);
  const distribution = isRegional ? distributionOf(cloud, where, asked, before) : undefined;
  const versions = versionsOf(cloud, asked, before);
  const { description, namedPorts } = { ...before, ...asked };
  return {
    ...(description !== undefined && { description }),
    ...{ baseInstanceName, targetSize, versions },
    instanceTemplate: versions.length === 1 ? versions[0]?.instanceTemplate : undefined,
    updatePolicy: policyOf(
      asked.updatePolicy ?? {},
      before.updatePolicy ?? {},
      targetSize,
      distribution?.zones.length ?? 0,
    ),
    autoHealingPolicies: healing(cloud, asked.autoHealingPolicies ?? before.autoHealingPolicies ?? []),
    instanceLifecyclePolicy: {
      ...{ forceUpdateOnRepair: 'NO', defaultActionOnFailure: 'REPAIR' },
      ...before.instanceLifecyclePolicy,
      ...asked.instanceLifecyclePolicy,
    },
    ...(namedPorts !== undefined && { namedPorts }),
    ...(distribution && { distributionPolicy: distribution }),
    listManagedInstancesResults: 'PAGELESS',
  };
}

/**
 * Over which zones a regional group is spread, and how.
 *
 * @throws ComputeError for zones of another region, or others than it has
 */
function distributionOf(
  cloud: Context,
  region: string,
  asked: AskedManager,
  before: Partial<AskedManager>,
): NonNullable<Manager['distributionPolicy']> {
  const field = 'resource.distributionPolicy';
  const known = zonesOf(region);
  const there = before.distributionPolicy?.zones?.map(({ zone }) => nameIn(zone));
  const zones =
    asked.distributionPolicy?.zones?.map(({ zone }) => nameIn(zone)) ?? there ?? known.slice(0, MOST_ZONES);
  const wrong = zones.find((zone) => !known.includes(zone));
  if (wrong !== undefined) throw invalid(`${field}.zones`, wrong, `The zone is not of region '${region}'.`);
  if (there && zones.toSorted().join() !== there.toSorted().join())
    throw invalid(`${field}.zones`, zones.join(), 'The zones of a group cannot be changed.');
  const targetShape =
    asked.distributionPolicy?.targetShape ?? before.distributionPolicy?.targetShape ?? 'EVEN';
  const { instanceRedistributionType: type = 'PROACTIVE' } = {
    ...before.updatePolicy,
    ...asked.updatePolicy,
  };
  if (targetShape !== 'EVEN' && type !== 'NONE')
    throw invalid(
      `${field}.targetShape`,
      targetShape,
      'instanceRedistributionType must be NONE unless the target shape is EVEN.',
    );
  return {
    targetShape,
    zones: zones.map((zone) => ({ zone: linkTo(cloud.project.id, `zones/${zone}`) })),
  };
}

/** @throws ComputeError for versions that don't make up a group, or of templates that there are not */
function versionsOf(cloud: Context, asked: AskedManager, before: Partial<AskedManager>): readonly Version[] {
  const { instanceTemplate } = asked;
  const given = asked.versions ?? (instanceTemplate ? [{ instanceTemplate }] : before.versions) ?? [];
  if (given.length === 0) throw required('resource.instanceTemplate');
  if (
    asked.versions &&
    instanceTemplate &&
    !asked.versions.some((version) => sameName(version.instanceTemplate, instanceTemplate))
  )
    throw invalid(
      'resource.instanceTemplate',
      instanceTemplate,
      'Must be the template of one of the versions.',
    );
  // What an amount comes to is shown, and not read.
  const isAmount = (size: Amount | undefined) => size?.fixed !== undefined || size?.percent !== undefined;
  if (given.filter(({ targetSize }) => !isAmount(targetSize)).length !== 1)
    throw invalid('resource.versions', '', 'Exactly one version must leave targetSize out.');
  return given.map(({ name, targetSize, instanceTemplate: link }, index) => {
    const field = `resource.versions[${index}].instanceTemplate`;
    const { path } = pathOf(link, cloud.project.id, field, 'global/instanceTemplates');
    requireResource(cloud, path);
    return {
      ...(name !== undefined && { name }),
      instanceTemplate: linkTo(cloud.project.id, path),
      ...(targetSize !== undefined &&
        isAmount(targetSize) && {
          targetSize: {
            ...(targetSize.fixed !== undefined && { fixed: targetSize.fixed }),
            ...(targetSize.percent !== undefined && { percent: targetSize.percent }),
          },
        }),
    };
  });
}

function healing(cloud: Context, policies: NonNullable<Manager['autoHealingPolicies']>): unknown {
  if (policies.length > 1)
    throw invalid('resource.autoHealingPolicies', '', 'At most one autohealing policy can be specified.');
  const checked = policies.map(({ healthCheck, initialDelaySec = 0 }) => {
    const field = 'resource.autoHealingPolicies[0]';
    if (initialDelaySec < 0 || initialDelaySec > LONGEST_DELAY)
      throw invalid(
        `${field}.initialDelaySec`,
        String(initialDelaySec),
        `Must be between 0 and ${LONGEST_DELAY}.`,
      );
    if (healthCheck === undefined) return { initialDelaySec };
    const { path } = pathOf(healthCheck, cloud.project.id, `${field}.healthCheck`, 'global/healthChecks');
    requireResource(cloud, path);
    return { healthCheck: linkTo(cloud.project.id, path), initialDelaySec };
  });
  return checked.length > 0 ? checked : undefined;
}

function sameName(one: unknown, other: unknown): boolean {
  return nameIn(one) === nameIn(other);
}
