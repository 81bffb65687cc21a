import { ActionError } from '@gangway/action';
import type { Instance } from '@gangway/compute';
import { type Change, diff, normal } from '@gangway/settings';
import type { Inputs } from '../inputs.ts';
import { changesItems, metadataOf, withItems } from './metadata.ts';
import { misfits } from './misfits.ts';
import { DEFAULT_MACHINE_TYPE, wantedTags } from './properties.ts';
import { refuseScopes } from './scopes.ts';
import { PENDING_KEY, type WantedBoot } from './wanted-boot.ts';

/** What has to be written to an instance that is there. */
export interface InstancePlan {
  readonly changes: readonly Change[];
  /** All items of the metadata, where they change. */
  readonly items: ReturnType<typeof withItems> | undefined;
  readonly tags: readonly string[] | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** Whether the machine has to boot with what is written. */
  readonly boots: boolean;
  /** What no write changes: another machine is needed. */
  readonly misfits: readonly Change[];
}

/** Compares an instance with what is wanted. */
export function planInstance(current: Instance, boot: WantedBoot, inputs: Inputs): InstancePlan {
  const metadata = metadataOf(current);
  const items = boot.reports ? boot.items : { ...boot.items, ...pending(metadata, boot) };
  const boots = changesItems(metadata, items);
  const tags = wantedTags(current.tags?.items ?? [], inputs);
  const labels = { ...current.labels, ...inputs.machine.labels };
  const others = misfits(current, inputs.machine);
  const before = normal({
    ...boot.before,
    tags: [...(current.tags?.items ?? [])].sort(),
    labels: current.labels ?? {},
  });
  const changes = [...others, ...diff(before, normal({ ...boot.after, tags, labels }))];
  // What is written otherwise but means the same, after an update of this action.
  const restarts =
    boots && changes.length === 0 ? [{ path: 'unit', before: 'an earlier one', after: boot.id }] : [];
  return {
    changes: [...changes, ...restarts],
    items: boots ? withItems(metadata, items) : undefined,
    tags: same(tags, current.tags?.items ?? []) ? undefined : tags,
    labels: same(Object.entries(labels), Object.entries(current.labels ?? {})) ? undefined : labels,
    boots,
    misfits: others,
  };
}

/** A new boot is pending until it has answered; what is pending already stays so. */
function pending(
  metadata: ReadonlyMap<string, string>,
  boot: WantedBoot,
): Record<string, string | undefined> {
  const changes = changesItems(metadata, boot.items);
  return { [PENDING_KEY]: changes ? boot.id : metadata.get(PENDING_KEY) };
}

/** What a new instance is, to be shown. */
export function newChanges(boot: WantedBoot, inputs: Inputs, sourceImage: string): Change[] {
  const { machineType = DEFAULT_MACHINE_TYPE, serviceAccount } = inputs.machine;
  const shown = {
    ...boot.after,
    machine_type: machineType,
    boot_image: sourceImage.split('/').at(-1),
    runtime_service_account: serviceAccount,
    tags: wantedTags([], inputs),
  };
  return diff(undefined, normal(shown));
}

/**
 * Refuses what a restart can't do, before anything is written.
 *
 * @throws ActionError `needs-replacement`, `scope-missing`, `not-container-optimized`
 */
export function refuseRestart(
  instance: Instance,
  plan: InstancePlan,
  boot: WantedBoot,
  inputs: Inputs,
  image: string,
): void {
  const licenses = instance.disks?.find((disk) => disk.boot)?.licenses ?? [];
  if (boot.reports && licenses.length > 0 && !licenses.some((license) => license.includes('/cos-cloud/')))
    throw new ActionError(
      `The instance ${instance.name} doesn't run Container-Optimized OS, which the unit requires.`,
      {
        code: 'not-container-optimized',
        hint: 'name a new instance, which is created with Container-Optimized OS; or write a cloud-init file for this one and give it as cloud_init',
      },
    );
  const [first] = plan.misfits;
  if (first)
    throw new ActionError(
      `Input "${first.path}" is "${first.after}", and the instance ${instance.name} has "${first.before}", which a restart doesn't change.`,
      {
        code: 'needs-replacement',
        hint: `write strategy: replace, with a reserved address; or leave ${first.path} empty to keep what is there`,
      },
    );
  if (boot.reports) refuseScopes(instance, inputs.location.path, image, boot.container);
}

function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
