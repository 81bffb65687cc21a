import { LATEST, REVISION } from '../../api/allocation.ts';
import type { Service, TrafficTarget } from '../../api/resources.ts';
import type { TrafficInputs } from '../../inputs/traffic.ts';
import { isCheckTag } from './check-tag.ts';
import { servedBefore } from './history.ts';
import { divided } from './shares.ts';
import { combined, idOf, isLatest, leadsTo, tagsOf } from './targets.ts';

const TO_LATEST: TrafficTarget = { type: LATEST };

/**
 * The traffic a service is to have.
 *
 * @param revision id of the revision that is new, or of the latest where none is made
 * @param isNew whether one is made
 * @param aim what gets the share of the latest: that revision by name, where another has followed it
 * @param service its name, for errors
 * @throws ActionError when a tag or the sum makes no sense
 */
export function wantedTraffic(
  current: Service | undefined,
  { split, tag, check }: TrafficInputs,
  revision: string | undefined,
  isNew: boolean,
  aim = TO_LATEST,
  service = '',
): readonly TrafficTarget[] {
  const before = unchecked(current);
  const spread = split
    ? divided(
        current,
        'previous' in split ? { revisions: servedBefore(current, service) } : split,
        isNew,
        aim,
      )
    : // A check that passes is what the latest revision's traffic waits for, at a second try too.
      check
      ? [{ ...aim, percent: 100 }, ...tagsOf(before)]
      : before;
  const targets = spread.length > 0 ? spread : [{ ...TO_LATEST, percent: 100 }];
  return tag && revision ? tagged(targets, tag, revision) : targets;
}

/** The traffic without what checks have put there. */
export function unchecked(current: Service | undefined): readonly TrafficTarget[] {
  return (current?.traffic ?? []).filter(({ tag }) => !isCheckTag(tag));
}

/** Whether some requests go to a revision that is the latest. */
export function isServing({ traffic = [] }: Pick<Service, 'traffic'>, revision: string): boolean {
  return traffic.some((target) => (target.percent ?? 0) > 0 && leadsTo(target, revision));
}

/** The same targets with what was latest named, so that a new revision gets no requests yet. */
export function pinned(current: Service): readonly TrafficTarget[] {
  const ready = idOf(current.latestReadyRevision);
  const targets = (current.traffic ?? [{ ...TO_LATEST, percent: 100 }]).filter(({ tag }) => !isCheckTag(tag));
  return combined(
    targets.map((target) =>
      isLatest(target) && ready ? { ...target, type: REVISION, revision: ready } : target,
    ),
  );
}

/**
 * The traffic of before, its shares pinned: a revision that failed gets none. Tags that followed the latest revision go on
 * following it, as with `gcloud run deploy --no-traffic`: they would never move again otherwise.
 */
export function undone(before: Service): readonly TrafficTarget[] {
  return [...combined(pinned(before)).filter(({ percent = 0 }) => percent > 0), ...tagsOf(unchecked(before))];
}

/** What serves keeps serving, and a tag leads to a revision beside it. */
export function beside(current: Service, tag: string, revision: string): readonly TrafficTarget[] {
  return tagged(pinned(current), tag, revision);
}

/** What serves keeps serving, and a tag for a check leads to a revision; those of other runs' checks stay. */
export function staged(current: Service, tag: string, revision: string): readonly TrafficTarget[] {
  const checks = (current.traffic ?? []).filter((target) => isCheckTag(target.tag));
  return tagged([...pinned(current), ...tagsOf(checks)], tag, revision);
}

/**
 * The traffic with the tags that followed the latest revision before it was staged: while it was, they led to what served.
 * Those that somebody has moved since stay there.
 *
 * @param aim where they lead again
 */
export function refollowed(
  now: Service,
  before: Service | undefined,
  aim: TrafficTarget,
): readonly TrafficTarget[] {
  const ready = idOf(before?.latestReadyRevision);
  const following = new Set((before?.traffic ?? []).filter(isLatest).flatMap(({ tag }) => tag ?? []));
  return combined(now.traffic ?? []).map((target) =>
    target.tag && following.has(target.tag) && target.revision === ready
      ? { ...aim, tag: target.tag }
      : target,
  );
}

/** Targets that lead a tag to a revision, and nowhere else. */
export function tagged(
  targets: readonly TrafficTarget[],
  tag: string,
  revision: string,
): readonly TrafficTarget[] {
  const others = targets.flatMap((target) => {
    if (target.tag !== tag) return [target];
    const { tag: _, ...rest } = target;
    return (target.percent ?? 0) > 0 ? [rest] : [];
  });
  return [...others, { type: REVISION, revision, tag }];
}
