import { isMadeByGangway, MADE_BY } from '@gangway/google-cloud';
import { merged } from '@gangway/settings';
import type { Inputs } from '../inputs.ts';

/**
 * The labels of a service or job itself: those that are there, the default ones where an image is deployed, and those of
 * the input. What is created says so, and keeps saying it. None of the default ones is in a template, where each commit
 * would make another revision. A file says all of them; `{}` is none.
 *
 * @param current undefined for what is not there yet
 * @returns undefined for none that are said
 */
export function wantedLabels(
  current: { readonly labels?: Readonly<Record<string, string>> } | undefined,
  image: string | undefined,
  { described, labels: { given, strategy, defaults, removed = [] } }: Pick<Inputs, 'described' | 'labels'>,
): Readonly<Record<string, string>> | undefined {
  const isNone = given !== undefined && Object.keys(given).length === 0;
  const before = current?.labels;
  const added = image === undefined || described || isNone ? {} : { ...madeBy(current), ...defaults };
  if (given === undefined && Object.keys(added).length === 0 && removed.length === 0) return before;
  const kept = given === undefined ? (before ?? {}) : merged(before ?? {}, given, strategy);
  return without({ ...kept, ...added, ...given }, removed);
}

/** The labels of a template: those that are there and those of the input. */
export function templateLabels(
  current: Readonly<Record<string, string>> | undefined,
  { labels: { given, strategy, removed = [] } }: Pick<Inputs, 'labels'>,
): Readonly<Record<string, string>> | undefined {
  const isRemoving = removed.some((name) => current && Object.hasOwn(current, name));
  if (given === undefined && !isRemoving) return current;
  return without(merged(current ?? {}, given, strategy), removed);
}

function without(labels: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

/** Who made it: Gangway, if it isn't there yet; else what its label says. */
function madeBy(
  current: { readonly labels?: Readonly<Record<string, string>> } | undefined,
): Readonly<Record<string, string>> {
  return current === undefined || isMadeByGangway(current.labels) ? MADE_BY : {};
}
