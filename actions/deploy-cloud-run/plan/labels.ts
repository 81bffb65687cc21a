import { merged } from '../inputs/pairs.ts';
import type { Inputs } from '../inputs.ts';

/**
 * The labels of a service or job itself: those that are there, the default ones where an image is deployed, and those of
 * the input. None of the default ones is in a template, where each commit would make another revision. A file says all
 * of them; `{}` is none.
 *
 * @returns undefined for none that are said
 */
export function wantedLabels(
  current: Readonly<Record<string, string>> | undefined,
  image: string | undefined,
  { described, labels: { given, strategy, defaults, removed = [] } }: Pick<Inputs, 'described' | 'labels'>,
): Readonly<Record<string, string>> | undefined {
  const isNone = given !== undefined && Object.keys(given).length === 0;
  const added = image === undefined || described || isNone ? {} : defaults;
  if (given === undefined && Object.keys(added).length === 0 && removed.length === 0) return current;
  const kept = given === undefined ? (current ?? {}) : merged(current ?? {}, given, strategy);
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
