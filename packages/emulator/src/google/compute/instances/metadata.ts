import { invalid } from '../errors.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { MetadataItem } from '../state.ts';

/** Bytes of all metadata together, and characters of one value (https://cloud.google.com/compute/docs/metadata/setting-custom-metadata#limitations). */
const MOST = { all: 512 * 1024, value: 256 * 1024 };

/** Metadata as an instance has them. @throws ComputeError for what are none */
export function metadataOf(
  given: unknown,
  field = 'resource.metadata',
): { kind: string; fingerprint: string; items?: readonly MetadataItem[] } {
  const { items: listed = [] } = (given ?? {}) as { items?: unknown };
  const items = (Array.isArray(listed) ? listed : [listed]).map((item, index) =>
    itemOf(item, `${field}.items[${index}]`),
  );
  const keys = items.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw invalid(field, '', `Duplicate metadata key '${twice}'.`);
  const bytes = items.reduce(
    (sum, { key, value = '' }) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (bytes > MOST.all)
    throw invalid(
      field,
      '',
      `Metadata size is too large: maximum size ${MOST.all} byte(s); actual size ${bytes}.`,
    );
  return {
    kind: 'compute#metadata',
    fingerprint: fingerprintOf(['metadata', items]),
    ...(items.length > 0 && { items }),
  };
}

function itemOf(item: unknown, field: string): MetadataItem {
  const { key, value } = (item ?? {}) as { key?: unknown; value?: unknown };
  if (typeof key !== 'string' || !/^[a-zA-Z0-9-_]{1,128}$/.test(key))
    throw invalid(`${field}.key`, key, "Must be a match of regex '[a-zA-Z0-9-_]{1,128}'");
  if (value === undefined || value === null) return { key };
  if (typeof value !== 'string') throw invalid(`${field}.value`, value, 'Must be a string.');
  if (value.length > MOST.value)
    throw invalid(
      `${field}.value`,
      `${value.slice(0, 20)}…`,
      `Value is too large: maximum size ${MOST.value} character(s); actual size ${value.length}.`,
    );
  return { key, value };
}

/** What metadata have for a key. */
export function metadataValue(metadata: unknown, key: string): string | undefined {
  const { items = [] } = (metadata ?? {}) as { items?: readonly MetadataItem[] };
  return items.find((item) => item.key === key)?.value;
}
