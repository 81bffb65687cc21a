import type { InstanceProperties, Metadata } from '@gangway/compute';

/** Metadata by key. */
export function metadataOf({ metadata }: InstanceProperties): ReadonlyMap<string, string> {
  return new Map((metadata?.items ?? []).map(({ key, value = '' }) => [key, value]));
}

/** Items with others put in; one that is undefined is taken away. */
export function withItems(
  current: ReadonlyMap<string, string>,
  items: Readonly<Record<string, string | undefined>>,
): NonNullable<Metadata['items']> {
  const all = new Map<string, string | undefined>([...current, ...Object.entries(items)]);
  return [...all].flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

/** Whether putting these in changes anything. */
export function changesItems(
  current: ReadonlyMap<string, string>,
  items: Readonly<Record<string, string | undefined>>,
): boolean {
  return Object.entries(items).some(([key, value]) => current.get(key) !== value);
}
