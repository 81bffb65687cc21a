import { ACTIONS, type Action, type Member, type UpdatePolicy } from './types.ts';

/** What is to be done next with a group. */
export type Step =
  | { readonly do: 'create'; readonly version: WantedVersion }
  | { readonly do: 'delete'; readonly member: Member }
  | {
      readonly do: 'update';
      readonly member: Member;
      readonly version: WantedVersion;
      readonly action: Action;
    };

export interface WantedVersion {
  readonly name: string | undefined;
  readonly template: string;
  /** How many instances are to be of it. */
  readonly count: number;
}

interface Situation {
  readonly size: number;
  readonly versions: readonly WantedVersion[];
  readonly policy: Pick<
    UpdatePolicy,
    'type' | 'minimalAction' | 'mostDisruptiveAllowedAction' | 'replacementMethod'
  >;
  /** Instances above the size, and below it, that an update may take. */
  readonly surge: number;
  readonly unavailable: number;
  readonly members: readonly Member[];
  /** The least that has to be done to bring an instance from one template to another. */
  readonly needed: (from: string, to: string) => Action;
}

/**
 * What is to be done next: the size first, then an update within its surge and unavailability
 * (https://cloud.google.com/compute/docs/instance-groups/rolling-out-updates-to-managed-instance-groups).
 */
export function plan(situation: Situation): readonly Step[] {
  const { size, versions, policy, surge, unavailable, members, needed } = situation;
  const steps: Step[] = [];
  const alive = members.filter(({ state }) => state !== 'DELETING');
  const missing = versions.flatMap((version) => {
    const lacks = version.count - alive.filter((member) => isOf(member, version)).length;
    return Array.from({ length: Math.max(0, lacks) }, () => version);
  });
  const outdated = surplusOf(alive, versions);
  const isUpdating = policy.type === 'PROACTIVE' && outdated.length > 0 && missing.length > 0;
  // What is asked of one instance is done whatever else is.
  for (const member of alive) {
    if (member.asked === undefined || member.state !== 'NONE') continue;
    const version = (outdated.includes(member) && missing.shift()) || versionOf(member);
    steps.push({
      do: 'update',
      member,
      version,
      action: most(member.asked, needed(member.template, version.template)),
    });
  }
  const asked = new Set(steps.flatMap((step) => (step.do === 'update' ? [step.member] : [])));
  const inPlace = policy.replacementMethod === 'RECREATE' || policy.minimalAction !== 'REPLACE';
  const room = size + (isUpdating && !inPlace ? surge : 0) - alive.length;
  for (const version of missing.splice(0, Math.max(0, room))) steps.push({ do: 'create', version });
  let available = alive.filter((member) => isAvailable(member) && !asked.has(member)).length;
  const above = alive.length - size;
  if (!isUpdating) {
    // Fewer are wanted: those that are not of a version any more go first, and then those that don't serve.
    const going = [
      ...outdated.toSorted(byUse),
      ...alive.filter((member) => !outdated.includes(member)).toSorted(byUse),
    ];
    for (const member of going.slice(0, Math.max(0, above))) {
      const isUp = isAvailable(member);
      // The last ones of an update stay until those in their place serve.
      if (isUp && available - 1 < size - unavailable) continue;
      steps.push({ do: 'delete', member });
      if (isUp) available -= 1;
    }
    return steps;
  }
  for (const member of outdated.toSorted(byUse)) {
    if (asked.has(member)) continue;
    const isUp = isAvailable(member);
    const isBusy = member.state !== 'NONE' && member.state !== 'VERIFYING';
    if (isBusy || (isUp && available - 1 < size - unavailable)) continue;
    const version = inPlace ? missing[0] : undefined;
    if (inPlace && !version) continue;
    const action = version
      ? most(policy.minimalAction, needed(member.template, version.template))
      : 'REPLACE';
    if (ACTIONS.indexOf(action) > ACTIONS.indexOf(policy.mostDisruptiveAllowedAction ?? 'REPLACE')) continue;
    if (version) {
      missing.shift();
      steps.push({ do: 'update', member, version, action });
    } else steps.push({ do: 'delete', member });
    if (isUp && action !== 'REFRESH') available -= 1;
  }
  return steps;
}

/** How many instances of each version there are to be: what is left over is of the one without a number of its own. */
export function isOf(member: Member, version: WantedVersion): boolean {
  return (
    member.template === version.template && (version.name === undefined || member.version === version.name)
  );
}

/** Whether an instance serves. */
function isAvailable({ state, health }: Member): boolean {
  return state === 'NONE' && (health === undefined || health === 'HEALTHY');
}

/** Those that are of no version, or of one that has enough. */
function surplusOf(alive: readonly Member[], versions: readonly WantedVersion[]): readonly Member[] {
  const left = new Map(versions.map((version) => [version, version.count]));
  return alive
    .toSorted((one, other) => byUse(other, one))
    .filter((member) => {
      const version = versions.find((one) => isOf(member, one));
      const places = version ? (left.get(version) ?? 0) : 0;
      if (version) left.set(version, places - 1);
      return places <= 0;
    });
}

function versionOf({ version, template }: Member): WantedVersion {
  return { name: version, template, count: 1 };
}

function byUse(one: Member, other: Member): number {
  return Number(isAvailable(one)) - Number(isAvailable(other)) || one.since - other.since;
}

function most(one: Action, other: Action): Action {
  return ACTIONS.indexOf(one) > ACTIONS.indexOf(other) ? one : other;
}
