/** A resource as a list shows it. */
export type Item = Readonly<Record<string, unknown>>;

/** What a field's path names, such as `scheduling.automaticRestart`; of a list, what each item has there. */
export function valueAt(item: unknown, path: string): unknown {
  const [first = '', ...rest] = path.split('.');
  if (Array.isArray(item)) return item.map((one) => valueAt(one, path));
  if (typeof item !== 'object' || item === null) return undefined;
  const value = (item as Item)[first];
  return rest.length === 0 ? value : valueAt(value, rest.join('.'));
}
