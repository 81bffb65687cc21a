import { ActionError } from '@gangway/action';
import { LATEST, REVISION } from '../../api/allocation.ts';
import type { Service, TrafficTarget } from '../../api/resources.ts';
import type { Split } from '../../inputs/traffic.ts';
import { isCheckTag } from './check-tag.ts';
import { combined, idOf, isLatest, keyOf, tagsOf } from './targets.ts';

/** What is asked for, in numbers. */
export type Shares = Exclude<Split, { readonly previous: true }>;

/**
 * The traffic of a service with the shares that are asked for; the rest goes to what serves besides, and tags stay.
 *
 * @param isNew whether a revision is made
 * @param aim what gets the share of the latest
 * @throws ActionError for a tag that is not there, and a rest that nobody takes
 */
export function divided(
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
      hint: 'make them add up to 100',
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
  const asked = new Map<string, string>();
  return Object.entries(split.tags).map(([tag, percent]) => {
    const target = before.find((candidate) => candidate.tag === tag);
    if (!target)
      throw new ActionError(`Input "tag_traffic" names the tag ${tag}, which the service does not have.`, {
        code: 'input-invalid',
        hint: `create it first, with the input tag; the service has: ${before.flatMap((other) => other.tag ?? []).join(', ') || 'none'}`,
      });
    const key = keyOf(target);
    const other = asked.get(key);
    asked.set(key, tag);
    // gcloud would take the last of the two, and give what is left to others.
    if (other !== undefined)
      throw new ActionError(
        `Input "tag_traffic" names ${other} and ${tag}, which both lead to ${key || 'the latest revision'}.`,
        { code: 'input-invalid', hint: 'write one of the two, with the share of both' },
      );
    return isLatest(target) ? { type: LATEST, percent } : { type: REVISION, revision: key, percent };
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
