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
  { described, labels: { given, strategy, defaults } }: Inputs,
): Readonly<Record<string, string>> | undefined {
  const isNone = given !== undefined && Object.keys(given).length === 0;
  const added = image === undefined || described || isNone ? {} : defaults;
  if (given === undefined && Object.keys(added).length === 0) return current;
  const kept = given === undefined ? (current ?? {}) : merged(current ?? {}, given, strategy);
  return { ...kept, ...added, ...given };
}
