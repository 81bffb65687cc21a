import { LATEST } from '../../api/allocation.ts';
import type { TrafficTarget } from '../../api/resources.ts';

/** Whether a target means a revision that is the latest. */
export function leadsTo(target: TrafficTarget, revision: string): boolean {
  return isLatest(target) || target.revision === revision;
}

/** Whether two sets of targets say the same. */
export function sameTraffic(
  left: readonly TrafficTarget[] | undefined,
  right: readonly TrafficTarget[],
): boolean {
  return JSON.stringify(lines(left ?? [])) === JSON.stringify(lines(right));
}

/** Targets as people read them: `100% latest`, `10% hello-00002-abc`, `next → hello-00003-xyz`. */
export function lines(targets: readonly TrafficTarget[]): string[] {
  return combined(targets)
    .map((target) => {
      const { percent = 0, tag } = target;
      const name = isLatest(target) ? 'latest' : (target.revision ?? '');
      return [percent > 0 ? `${percent}% ${name}` : '', tag ? `${tag} → ${name}` : '']
        .filter(Boolean)
        .join(', ');
    })
    .filter((line) => line !== '')
    .sort();
}

export function isLatest({ type, revision }: TrafficTarget): boolean {
  return type === LATEST || (type === undefined && !revision);
}

/** The last part of a resource's name. */
export function idOf(name: string | undefined): string {
  return name?.split('/').at(-1) ?? '';
}

/** The same for targets that lead to the same revision; empty for the latest. */
export function keyOf(target: TrafficTarget): string {
  return isLatest(target) ? '' : (target.revision ?? '');
}

/** One target a revision, and one a tag. */
export function combined(targets: readonly TrafficTarget[]): TrafficTarget[] {
  const shares = new Map<string, TrafficTarget>();
  const tags: TrafficTarget[] = [];
  for (const { percent = 0, tag, ...aim } of targets) {
    const key = keyOf(aim);
    const before = shares.get(key)?.percent ?? 0;
    if (percent > 0) shares.set(key, { ...aim, percent: before + percent });
    if (tag) tags.push({ ...aim, tag });
  }
  return [...shares.values(), ...tags];
}

/** The tags alone, without their shares. */
export function tagsOf(targets: readonly TrafficTarget[]): TrafficTarget[] {
  return targets.flatMap(({ percent: _, ...target }) => (target.tag ? [target] : []));
}
