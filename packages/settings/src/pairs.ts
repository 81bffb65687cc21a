/** What an input of pairs says: the pairs, that there are to be none (`{}`), or nothing. */
export type Pairs = Readonly<Record<string, string>> | undefined;

/** How what is given goes together with what the service has. */
export type Strategy = 'merge' | 'overwrite';
export const STRATEGIES = ['merge', 'overwrite'] as const;

/** The pairs that come of it: all that was there and what is given put in, or what is given alone. */
export function merged<T>(
  current: Readonly<Record<string, T>>,
  given: Readonly<Record<string, T>> | undefined,
  strategy: Strategy,
): Record<string, T> {
  if (given === undefined) return { ...current };
  const none = Object.keys(given).length === 0;
  return strategy === 'overwrite' || none ? { ...given } : { ...current, ...given };
}

/** A list that may be emptied by the word `none`; undefined when the input is empty. */
export function emptiable(items: readonly string[]): readonly string[] | undefined {
  if (items.length === 0) return undefined;
  return items.length === 1 && items[0] === 'none' ? [] : items;
}
