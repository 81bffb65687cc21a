import { ActionError, log, type Stopwatch } from '@gangway/action';
import type { Instance } from '@gangway/compute';
import { type Change, diffLines } from '@gangway/settings';
import type { Inputs } from '../inputs.ts';
import { instancePath, type Place } from '../place.ts';
import { type InstancePlan, newChanges, planInstance, refuseRestart } from '../plan/instance-plan.ts';
import { refuseLosses } from '../plan/losses.ts';
import { metadataOf } from '../plan/metadata.ts';
import { last } from '../plan/misfits.ts';
import { PENDING_KEY, type WantedBoot, wantedBoot } from '../plan/wanted-boot.ts';
import { addressOf, untilAnswering } from '../wait/answering.ts';
import { untilRunning } from '../wait/running.ts';
import { stateOf } from '../wait/state.ts';
import { checkRoles, requireAccount } from './account.ts';
import { lookAtAddress, type Reserved, standingAddress } from './address.ts';
import { bootImage } from './boot-image.ts';
import { create } from './create.ts';
import type { Outcome } from './outcome.ts';
import { planPortRule, portRuleName, standingRule } from './port-rule.ts';
import { replace } from './replace.ts';
import { restart } from './restart.ts';
import { type Slots, slotsOf } from './slots.ts';
import type { Step } from './step.ts';
import { remove } from './writes.ts';

/** What was found and what is to become of it. */
interface Ground {
  readonly place: Place;
  readonly inputs: Inputs;
  readonly image: string;
  readonly slots: Slots;
  readonly boot: WantedBoot;
  readonly reserved: Reserved | undefined;
  /** Around the machine: its address, its firewall rule. */
  readonly steps: readonly Step[];
}

/** What became of the instance. */
type Done = Pick<Outcome, 'change' | 'changes' | 'instance'>;

/** Brings an instance to what is wanted: makes it, restarts it, replaces it, or finds that nothing has to be done. */
export async function deployInstance(
  place: Place,
  image: string,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  const ground = await watch.time('look', () => lookAround(place, image, inputs));
  const { current } = ground.slots;
  const done = await watch.time<Done>('deploy', () => (current ? change(ground, current) : make(ground)));
  const { reserved, boot, steps } = ground;
  const standing = [
    ...(reserved ? [standingAddress(reserved)] : []),
    ...(inputs.surroundings.allowFrom.length > 0 ? [standingRule(portRuleName(inputs.name))] : []),
  ];
  const previousImage = (boot.before as { image?: string } | undefined)?.image ?? '';
  const changes = [...steps.flatMap((step) => step.changes), ...done.changes];
  const isMore = done.change === 'none' && changes.length > 0;
  return {
    ...done,
    ...{ change: isMore ? (inputs.dryRun ? 'planned' : 'updated') : done.change },
    ...{ changes, image, previousImage, standing, template: '', previousTemplate: '' },
  };
}

async function lookAround(place: Place, image: string, inputs: Inputs): Promise<Ground> {
  const reserved = await lookAtAddress(place, inputs);
  const slots = await slotsOf(place, inputs, reserved?.address());
  const { current } = slots;
  const boot = wantedBoot(
    current?.name ?? inputs.name,
    current ? metadataOf(current) : new Map(),
    image,
    inputs,
    place,
  );
  refuseTaken(reserved, slots);
  const ports =
    inputs.cloudInit === undefined ? (boot.container.ports ?? []) : (inputs.container.ports ?? []);
  const rule = await planPortRule(place, networkOf(place, current, inputs), ports, inputs);
  return { place, inputs, image, slots, boot, reserved, steps: [...(reserved ? [reserved.step] : []), rule] };
}

async function make({ place, inputs, image, boot, reserved, steps }: Ground): Promise<Done> {
  requireAccount(inputs, place);
  const sourceImage = await bootImage(place, inputs.machine.imageFamily);
  const changes = newChanges(boot, inputs, sourceImage);
  await show(`The new instance ${inputs.name}`, steps, changes);
  await checkRoles(place, image, inputs.machine.serviceAccount ?? 'none', boot.container);
  if (inputs.dryRun) return { change: 'planned', changes, instance: undefined };
  for (const step of steps) await step.carryOut();
  const made = { name: inputs.name, boot, image, sourceImage, natIP: reserved?.address(), like: undefined };
  const instance = await create(place, made, inputs);
  return { change: 'created', changes, instance };
}

async function change(ground: Ground, current: Instance): Promise<Done> {
  const { place, inputs, image, boot, steps, reserved, slots } = ground;
  const plan = planInstance(current, boot, inputs);
  const moves = addressChange(current, reserved, inputs);
  const mustBoot = !plan.boots && !(await isRunning(ground, current));
  const reboot = mustBoot ? [{ path: 'machine', before: 'does not run this', after: 'restarted' }] : [];
  const changes = [...plan.changes, ...moves, ...reboot];
  const isReplaced = inputs.strategy === 'replace' && (plan.boots || plan.misfits.length > 0);
  if (isReplaced) refuseLosses(`The instance ${current.name}`, current);
  else refuseRestart(current, plan, boot, inputs, image);
  if (changes.length === 0 && steps.every((step) => step.changes.length === 0))
    return unchanged(ground, current);
  await show(`What changes in ${current.name}`, steps, changes);
  if (plan.boots) await checkRoles(place, image, inputs.machine.serviceAccount ?? current, boot.container);
  if (inputs.dryRun) return { change: 'planned', changes, instance: current };
  for (const step of steps) await step.carryOut();
  if (isReplaced) return replaced(ground, current, plan, changes);
  const { address } = inputs.surroundings;
  const to = address === 'none' ? address : reserved?.address();
  if (slots.left) await remove(place, slots.left.name);
  const instance = await restart(place, { current, plan, boot, image, address: to, mustBoot }, inputs);
  const did = changes.length === 0 ? 'none' : plan.boots ? 'updated' : mustBoot ? 'restarted' : 'updated';
  return { change: did, changes, instance };
}

async function replaced(
  { place, inputs, image, boot, reserved, slots }: Ground,
  current: Instance,
  plan: InstancePlan,
  changes: readonly Change[],
): Promise<Done> {
  if (slots.left) {
    log.info(`Deleting ${slots.left.name}, which an earlier deploy left behind…`);
    await remove(place, slots.left.name);
  }
  if (plan.misfits.some(({ path }) => path === 'runtime_service_account')) requireAccount(inputs, place);
  const sourceImage = await bootImage(place, inputs.machine.imageFamily);
  const address = reserved?.address() ?? '';
  const work = { current, name: slots.free, boot, image, sourceImage, address };
  const instance = await replace(place, work, inputs);
  return { change: 'replaced', changes, instance };
}

async function unchanged({ place, inputs, boot, image }: Ground, current: Instance): Promise<Done> {
  if (boot.reports && !inputs.dryRun)
    await untilRunning(place, current.name, { id: boot.id, image, since: undefined });
  if (!inputs.dryRun) await untilAnswering(current, boot.container, inputs);
  log.info(`${current.name} already runs this image with these settings.`);
  return { change: 'none', changes: [], instance: current };
}

/** What pulls now will run; anything else has to boot. */
async function isRunning({ place, boot }: Ground, current: Instance): Promise<boolean> {
  if (current.status !== 'RUNNING') return false;
  if (!boot.reports) return !metadataOf(current).has(PENDING_KEY);
  const said = await stateOf(place, instancePath(place, current.name));
  return said?.id === boot.id && said.state !== 'failed';
}

function addressChange(
  current: Instance,
  reserved: Reserved | undefined,
  { surroundings }: Inputs,
): Change[] {
  const { address, isExternal } = addressOf(current);
  const before = isExternal ? address : 'none';
  const after =
    surroundings.address === 'none' ? 'none' : reserved ? (reserved.address() ?? reserved.name) : before;
  return before === after ? [] : [{ path: 'address', before, after }];
}

function refuseTaken(reserved: Reserved | undefined, { current, left }: Slots): void {
  const own = [current?.name, left?.name];
  const stranger = reserved?.users.find((user) => !own.includes(user));
  if (!reserved || stranger === undefined) return;
  throw new ActionError(`The address ${reserved.name} is used by ${stranger}.`, {
    code: 'address-taken',
    hint: 'name another address, or one that create_address makes',
  });
}

function networkOf(
  { projectId }: Place,
  current: Instance | undefined,
  { machine: { network } }: Inputs,
): string {
  const there = current?.networkInterfaces?.[0]?.network?.replace(/^.*\/(?=projects\/)/, '');
  if (network?.includes('/')) return network;
  return there ?? `projects/${projectId}/global/networks/${last(network) ?? 'default'}`;
}

function show(title: string, steps: readonly Step[], changes: readonly Change[]): Promise<void> {
  return log.group(title, async () => {
    for (const line of diffLines([...steps.flatMap((step) => step.changes), ...changes])) log.info(line);
  });
}
