import { ActionError } from '@gangway/action';
import { LIMITS } from '@gangway/cloud-run';
import { LATEST, REVISION } from '../api/allocation.ts';
import type { Service, TrafficTarget } from '../api/resources.ts';
import type { Split, TrafficInputs } from '../inputs/traffic.ts';
import { servedBefore } from './history.ts';

/** What is asked for, in numbers. */
type Shares = Exclude<Split, { readonly previous: true }>;

/** Under which a revision is asked before it gets requests, longest first; taken away after. */
const CHECK_TAGS = ['gangway-check', 'gw-check', 'gwc'];

/** The tag to ask a revision of a service at; undefined where the service's name leaves no room for one. */
export function checkTagOf(service: string): string | undefined {
  return CHECK_TAGS.find((tag) => tag.length + service.length <= LIMITS.tagAndService.most);
}

/** Whether a tag is one of those. */
export function isCheckTag(tag: string | undefined): boolean {
  return tag !== undefined && CHECK_TAGS.includes(tag);
}

/**
 * The traffic a service is to have.
 *
 * @param revision id of the revision that is new, or of the latest where none is made
 * @param isNew whether one is made
 * @param service its name, for errors
 * @throws ActionError when a tag or the sum makes no sense
 */
export function wantedTraffic(
  current: Service | undefined,
  { split, tag, check }: TrafficInputs,
  revision: string | undefined,
  isNew: boolean,
  service = '',
): readonly TrafficTarget[] {
  const before = current?.traffic ?? [];
  const untagged = before.filter((target) => !isCheckTag(target.tag));
  const spread = split
    ? divided(current, 'previous' in split ? { revisions: servedBefore(current, service) } : split, isNew)
    : // A check that passes is what the latest revision's traffic waits for, at a second try too.
      check
      ? [{ type: LATEST, percent: 100 }, ...tagsOf(untagged)]
      : untagged;
  const targets = spread.length > 0 ? spread : [{ type: LATEST, percent: 100 }];
  return tag && revision ? tagged(targets, tag, revision) : targets;
}

/** The same targets with what was latest named, so that a new revision gets no requests yet. */
export function pinned(current: Service): readonly TrafficTarget[] {
  const ready = idOf(current.latestReadyRevision);
  const targets = (current.traffic ?? [{ type: LATEST, percent: 100 }]).filter(({ tag }) => !isCheckTag(tag));
  return combined(
    targets.map((target) =>
      isLatest(target) && ready ? { ...target, type: REVISION, revision: ready } : target,
    ),
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

export function isLatest({ type, revision }: TrafficTarget): boolean {
  return type === LATEST || (type === undefined && !revision);
}

/** The last part of a resource's name. */
export function idOf(name: string | undefined): string {
  return name?.split('/').at(-1) ?? '';
}

function divided(current: Service | undefined, split: Shares, isNew: boolean): readonly TrafficTarget[] {
  const before = current?.traffic ?? [];
  const tags = tagsOf(before.filter(({ tag }) => !isCheckTag(tag)));
  const given = sharesOf(split, before);
  const sum = given.reduce((total, { percent = 0 }) => total + percent, 0);
  const rest = sum === 100 ? [] : scaled(servingBeside(current, given, isNew), 100 - sum);
  if (sum < 100 && rest.length === 0) {
    // What serves alone keeps everything: there is nobody to share with.
    if ('latest' in split) return [{ type: LATEST, percent: 100 }, ...tags];
    throw new ActionError(`The shares add up to ${sum}, and no other revision serves.`, {
      code: 'input-invalid',
      hint: 'make them 100 together',
    });
  }
  return [...rest, ...given.filter(({ percent = 0 }) => percent > 0), ...tags];
}

function sharesOf(split: Shares, before: readonly TrafficTarget[]): TrafficTarget[] {
  if ('latest' in split) return [{ type: LATEST, percent: split.latest }];
  if ('revisions' in split)
    return Object.entries(split.revisions).map(([revision, percent]) =>
      revision === 'LATEST' ? { type: LATEST, percent } : { type: REVISION, revision, percent },
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

/** Shares in the same proportions that add up to a total, whole numbers all. */
function scaled(targets: readonly TrafficTarget[], total: number): TrafficTarget[] {
  const whole = combined(targets.map(({ tag: _, ...target }) => target));
  const sum = whole.reduce((all, { percent = 0 }) => all + percent, 0);
  const exact = whole.map(({ percent = 0 }) => (percent * total) / sum);
  const floors = exact.map(Math.floor);
  let left = total - floors.reduce((all, percent) => all + percent, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, rest: value % 1 }))
    .sort((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder) if (left-- > 0) floors[index] = (floors[index] ?? 0) + 1;
  return whole
    .map((target, index) => ({ ...target, percent: floors[index] ?? 0 }))
    .filter(({ percent }) => percent > 0);
}

/** One target a revision, and one a tag. */
function combined(targets: readonly TrafficTarget[]): TrafficTarget[] {
  const shares = new Map<string, TrafficTarget>();
  const tags: TrafficTarget[] = [];
  for (const { percent = 0, tag, ...aim } of targets) {
    const key = isLatest(aim) ? '' : (aim.revision ?? '');
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
