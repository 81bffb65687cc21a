import type { Context } from '../context.ts';
import { linkTo } from '../links.ts';
import type { Item } from '../listing/value-at.ts';
import type { Resource } from '../state.ts';
import { printed } from '../time.ts';
import { shownVersions, wantedVersions } from './amounts.ts';
import { groupOf } from './group-of.ts';
import { healthCheckOf } from './health.ts';
import { isOf } from './plan.ts';
import { type GroupError, type GroupView, type Manager, type Member, pathOfMember } from './types.ts';

const COUNTED = [
  'NONE',
  'CREATING',
  'RECREATING',
  'DELETING',
  'REFRESHING',
  'RESTARTING',
  'VERIFYING',
] as const;
const NEVER = ['abandoning', 'creatingWithoutRetries', 'resuming', 'starting', 'stopping', 'suspending'];

/** A manager as it is now. */
export function shownManager(resource: Resource, cloud: Context): Item {
  const manager = resource as unknown as Manager;
  const group = groupOf(cloud, pathIn(resource));
  const { members } = group;
  const counts = COUNTED.map((state) => [
    state.toLowerCase(),
    members.filter((member) => member.state === state).length,
  ]);
  return {
    ...resource,
    versions: shownVersions(manager),
    currentActions: { ...Object.fromEntries(counts), ...Object.fromEntries(NEVER.map((name) => [name, 0])) },
    status: {
      isStable: isStable(group, manager),
      versionTarget: { isReached: isReached(group, manager) },
      stateful: { hasStatefulConfig: false, perInstanceConfigs: { allEffective: true } },
      allInstancesConfig: { effective: true },
    },
  };
}

/** Whether as many instances as there should be are there, and nothing is being done with any. */
function isStable({ members }: GroupView, { targetSize }: Manager): boolean {
  return members.length === targetSize && members.every((member) => member.state === 'NONE');
}

/** Whether every instance is of the version that it should be. */
function isReached({ members }: GroupView, manager: Manager): boolean {
  return (
    wantedVersions(manager).every(
      (version) =>
        members.filter((member) => isOf(member, version) && member.state !== 'DELETING').length ===
        version.count,
    ) && members.every((member) => member.state === 'NONE' || member.state === 'VERIFYING')
  );
}

/** An instance as `listManagedInstances` has it. */
export function shownMember(cloud: Context, { manager }: GroupView, member: Member): Item {
  const path = pathOfMember(member);
  const instance = cloud.compute.resources.get(path);
  const { name, version, template, state, health, errors } = member;
  const check = healthCheckOf(cloud, manager);
  return {
    ...(instance && { id: instance.id, instanceStatus: instance.status }),
    name,
    instance: linkTo(cloud.project.id, path),
    currentAction: state,
    version: { ...(version && { name: version }), instanceTemplate: template },
    ...(check && {
      instanceHealth: [{ healthCheck: check.link, detailedHealthState: health ?? 'UNKNOWN' }],
    }),
    ...(errors.length > 0 && { lastAttempt: { errors: { errors } } }),
  };
}

/** An error as `listErrors` has it. */
export function shownError(cloud: Context, { code, message, action, member, time }: GroupError): Item {
  return {
    error: { code, message },
    instanceActionDetails: {
      action,
      instance: linkTo(cloud.project.id, pathOfMember(member)),
      version: { ...(member.version && { name: member.version }), instanceTemplate: member.template },
    },
    timestamp: printed(time),
  };
}

/** The path of a resource within its project. */
export function pathIn({ selfLink }: Pick<Resource, 'selfLink'>): string {
  return selfLink.replace(/^.*?\/projects\/[^/]+\//, '');
}
