import { invalid } from '@gangway/action';
import type { Manager } from '@gangway/compute';
import { type Change, diff, normal } from '@gangway/settings';
import type { Amount } from '../inputs/group.ts';
import type { Inputs } from '../inputs.ts';
import { last } from './misfits.ts';
import { amount, paceOf, plain, refuseSize } from './pace.ts';

/** What of a group is written, and how that differs from what is there. */
export interface GroupPlan {
  readonly changes: readonly Change[];
  /** Fields of the manager that change; all of them for a new one. */
  readonly body: Partial<Manager>;
}

/**
 * @param template name of the new template
 * @param healthCheck URL of the health check; `none` takes the healing away, undefined keeps what is there
 * @throws ActionError for what the group can't do
 */
export function planGroup(
  current: Manager | undefined,
  template: string,
  healthCheck: string | undefined,
  inputs: Inputs,
  projectId: string,
): GroupPlan {
  const { group, name } = inputs;
  refuseSize(current, inputs);
  const pace = paceOf(current, inputs);
  const url = (one: string) => `projects/${projectId}/global/instanceTemplates/${one}`;
  const versions = wantedVersions(current, template, group.canary).map(
    ({ instanceTemplate, ...version }) => ({
      ...version,
      instanceTemplate: url(instanceTemplate),
    }),
  );
  const wanted: Partial<Manager> = {
    versions,
    updatePolicy: {
      type: 'PROACTIVE',
      minimalAction: 'REPLACE',
      ...pace,
    },
    ...((group.size !== undefined || !current) && { targetSize: group.size ?? 1 }),
    ...(healthCheck !== undefined && { autoHealingPolicies: healing(healthCheck, group.initialDelay) }),
  };
  const changes = diff(current && normal(shown(current, wanted)), normal(shown(wanted, wanted)), 'group');
  if (!current)
    return {
      changes,
      body: { ...{ name, baseInstanceName: name }, ...wanted, ...spread(inputs, projectId) },
    };
  const names = new Set(changes.map(({ path }) => path.split('.')[1]?.replace(/\[.*/, '')));
  const body = Object.fromEntries(Object.entries(wanted).filter(([field]) => names.has(FIELDS[field])));
  return { changes, body };
}

/** Over which zones a new regional group is spread; Compute Engine chooses three where none are named. */
function spread({ location: { zones } }: Inputs, projectId: string): Pick<Manager, 'distributionPolicy'> {
  if (zones === undefined) return {};
  return {
    distributionPolicy: { zones: zones.map((zone) => ({ zone: `projects/${projectId}/zones/${zone}` })) },
  };
}

/** The template that most instances are made of, and the one of a canary. */
export function templatesOf({ versions = [], instanceTemplate }: Manager): { main: string; newest: string } {
  const main = versions.find(({ targetSize }) => plain(targetSize) === undefined) ?? versions[0];
  return {
    main: last(main?.instanceTemplate ?? instanceTemplate) ?? '',
    newest: last(versions.at(-1)?.instanceTemplate ?? instanceTemplate) ?? '',
  };
}

/** Fields of a group as they can be written again: Compute Engine shows what it has worked out beside what was said. */
export function writable(current: Manager, names: readonly string[]): Readonly<Record<string, unknown>> {
  const { versions = [], updatePolicy: policy, targetSize, autoHealingPolicies } = current;
  const fields: Readonly<Record<string, unknown>> = {
    versions: versions.map(({ instanceTemplate, targetSize: size }) => ({
      instanceTemplate,
      ...(plain(size) && { targetSize: plain(size) }),
    })),
    updatePolicy: policy && {
      type: policy.type,
      minimalAction: policy.minimalAction,
      maxSurge: plain(policy.maxSurge),
      maxUnavailable: plain(policy.maxUnavailable),
    },
    targetSize,
    autoHealingPolicies: autoHealingPolicies?.length ? autoHealingPolicies : [{}],
  };
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

/** How each field is called in what is shown. */
const FIELDS: Readonly<Record<string, string>> = {
  versions: 'versions',
  updatePolicy: 'update',
  targetSize: 'size',
  autoHealingPolicies: 'healing',
};

/** A group as it is compared: by names, and no more than what is wanted says. */
function shown(group: Partial<Manager>, { targetSize, autoHealingPolicies }: Partial<Manager>): object {
  const { updatePolicy: { type, minimalAction, maxSurge, maxUnavailable } = {}, versions = [] } = group;
  const used = versions.length > 0 ? versions : [{ instanceTemplate: group.instanceTemplate ?? '' }];
  return {
    versions: used.map((version) => {
      const size = 'targetSize' in version ? amount(plain(version.targetSize)) : undefined;
      return `${last(version.instanceTemplate)}${size === undefined ? '' : ` on ${size}`}`;
    }),
    update: { type, minimalAction, maxSurge: amount(maxSurge), maxUnavailable: amount(maxUnavailable) },
    ...(targetSize !== undefined && { size: String(group.targetSize) }),
    ...(autoHealingPolicies !== undefined && {
      healing: (group.autoHealingPolicies ?? []).flatMap(({ healthCheck, initialDelaySec = 0 }) =>
        healthCheck ? [`${last(healthCheck)} after ${initialDelaySec} s`] : [],
      ),
    }),
  };
}

function wantedVersions(
  current: Manager | undefined,
  template: string,
  canary: Amount | undefined,
): { instanceTemplate: string; targetSize?: Amount }[] {
  if (canary === undefined) return [{ instanceTemplate: template }];
  const { main } = current ? templatesOf(current) : { main: '' };
  if (main === '')
    throw invalid(
      'canary',
      amount(canary) ?? '',
      'there is no group yet: leave canary out of its first deploy',
    );
  if (main === template) return [{ instanceTemplate: template }];
  return [{ instanceTemplate: main }, { instanceTemplate: template, targetSize: canary }];
}

function healing(healthCheck: string, initialDelaySec: number): NonNullable<Manager['autoHealingPolicies']> {
  // Compute Engine takes an empty policy for none, as gcloud sends it.
  return healthCheck === 'none' ? [{}] : [{ healthCheck, initialDelaySec }];
}
