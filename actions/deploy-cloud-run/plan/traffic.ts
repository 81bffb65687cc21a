import { ActionError } from '@gangway/action';
import { LATEST, REVISION } from '../api/allocation.ts';
import type { Service, TrafficTarget } from '../api/resources.ts';
import type { Split, TrafficInputs } from '../inputs/traffic.ts';
import { isCheckTag } from './check-tag.ts';
import { servedBefore } from './history.ts';

const TO_LATEST: TrafficTarget = { type: LATEST };

/** What is asked for, in numbers. */
type Shares = Exclude<Split, { readonly previous: true }>;

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

/** Whether a target means a revision that is the latest. */
export function leadsTo(target: TrafficTarget, revision: string): boolean {
  return isLatest(target) || target.revision === revision;
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

/** What serves goes on serving, and a tag leads to a revision beside it. */
export function beside(current: Service, tag: string, revision: string): readonly TrafficTarget[] {
  return tagged(pinned(current), tag, revision);
}

/** What serves goes on serving, and a tag for a check leads to a revision; those of other runs' checks stay. */
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

function isLatest({ type, revision }: TrafficTarget): boolean {
  return type === LATEST || (type === undefined && !revision);
}

/** The last part of a resource's name. */
export function idOf(name: string | undefined): string {
  return name?.split('/').at(-1) ?? '';
}

function divided(
  current: Service | undefined,
  split: Shares,
  isNew: boolean,
  aim: TrafficTarget,
): readonly TrafficTarget[] {
  const before = current?.traffic ?? [];
  const tags = tagsOf(before.filter(({ tag }) => !isCheckTag(tag)));
  const given = sharesOf(split, before, aim);
  const sum = given.reduce((total, { percent = 0 }) => total + percent, 0);
  const beside = 'latest' in split ? servingBeside(current, given, isNew) : unassigned(before, given);
  const rest = sum === 100 ? [] : scaled(beside, 100 - sum);
  if (sum < 100 && rest.length === 0) {
    // What serves alone keeps everything: there is nobody to share with.
    if ('latest' in split) return [{ ...aim, percent: 100 }, ...tags];
    throw new ActionError(`The shares add up to ${sum}, and no other revision serves.`, {
      code: 'input-invalid',
      hint: 'make them 100 together',
    });
  }
  return [...rest, ...given.filter(({ percent = 0 }) => percent > 0), ...tags];
}

function sharesOf(split: Shares, before: readonly TrafficTarget[], aim: TrafficTarget): TrafficTarget[] {
  if ('latest' in split) return [{ ...aim, percent: split.latest }];
  if ('revisions' in split)
    return Object.entries(split.revisions).map(([revision, percent]) =>
      revision === 'LATEST' ? { ...aim, percent } : { type: REVISION, revision, percent },
    );
  return Object.entries(split.tags).map(([tag, percent]) => {
    const target = before.find((candidate) => candidate.tag === tag);
    if (!target)
      throw new ActionError(`Input "tag_traffic" names the tag ${tag}, which the service does not have.`, {
        code: 'input-invalid',
        hint: `give it first, with the input tag; there are: ${before.flatMap((other) => other.tag ?? []).join(', ') || 'none'}`,
      });
    return isLatest(target)
      ? { type: LATEST, percent }
      : { type: REVISION, revision: target.revision ?? '', percent };
  });
}

/**
 * What has a share and is not given another. What follows the latest revision goes on following it, as with
 * `gcloud run services update-traffic`.
 */
function unassigned(before: readonly TrafficTarget[], given: readonly TrafficTarget[]): TrafficTarget[] {
  const keys = new Set(given.map(keyOf));
  return before.filter((target) => (target.percent ?? 0) > 0 && !keys.has(keyOf(target)));
}

/** What serves besides the given ones; `latest` counts as the revision it means, since a new one takes its place. */
function servingBeside(
  current: Service | undefined,
  given: readonly TrafficTarget[],
  isNew: boolean,
): TrafficTarget[] {
  const ready = idOf(current?.latestReadyRevision);
  const named = new Set(given.map(({ revision }) => revision));
  const toLatest = given.some(isLatest);
  const serving = (current?.traffic ?? []).filter(({ percent = 0 }) => percent > 0);
  const others = serving.filter((target) => !isLatest(target) && !named.has(target.revision));
  if (toLatest && others.length > 0) return others;
  const latest = serving.filter(isLatest);
  if (latest.length === 0 || !ready || (toLatest && !isNew) || named.has(ready)) return others;
  const percent = latest.reduce((total, target) => total + (target.percent ?? 0), 0);
  return [...others, { type: REVISION, revision: ready, percent }];
}

/**
 * Shares in the same proportions that add up to a total, whole numbers all. What loses most by rounding gets a percent
 * more, of several the smaller and then the first by name, as gcloud does it.
 */
function scaled(targets: readonly TrafficTarget[], total: number): TrafficTarget[] {
  const whole = combined(targets.map(({ tag: _, ...target }) => target)).toSorted(byName);
  const sum = whole.reduce((all, { percent = 0 }) => all + percent, 0);
  const exact = whole.map(({ percent = 0 }) => (percent * total) / sum);
  const floors = exact.map(Math.floor);
  let left = total - floors.reduce((all, percent) => all + percent, 0);
  const byLoss = exact
    .map((value, index) => ({ index, value, rest: value % 1 }))
    .sort((a, b) => b.rest - a.rest || a.value - b.value || a.index - b.index);
  for (const { index } of byLoss) if (left-- > 0) floors[index] = (floors[index] ?? 0) + 1;
  return whole
    .map((target, index) => ({ ...target, percent: floors[index] ?? 0 }))
    .filter(({ percent }) => percent > 0);
}

/** What follows the latest revision comes last. */
function byName(a: TrafficTarget, b: TrafficTarget): number {
  if (isLatest(a) || isLatest(b)) return Number(isLatest(a)) - Number(isLatest(b));
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

/** The same for targets that lead to the same revision; empty for the latest. */
function keyOf(target: TrafficTarget): string {
  return isLatest(target) ? '' : (target.revision ?? '');
}

/** One target a revision, and one a tag. */
function combined(targets: readonly TrafficTarget[]): TrafficTarget[] {
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
function tagsOf(targets: readonly TrafficTarget[]): TrafficTarget[] {
  return targets.flatMap(({ percent: _, ...target }) => (target.tag ? [target] : []));
}
