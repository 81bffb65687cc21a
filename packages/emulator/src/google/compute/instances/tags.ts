import { invalid } from '../errors.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { NAME } from '../resources/resource.ts';

const MOST = 64;

/** Network tags as an instance has them. @throws ComputeError for what are none */
export function tagsOf(given: unknown): { fingerprint: string; items?: readonly string[] } {
  const { items: listed = [] } = (given ?? {}) as { items?: readonly string[] };
  for (const [index, tag] of listed.entries())
    if (!new RegExp(`^${NAME}$`).test(tag))
      throw invalid(`resource.tags.items[${index}]`, tag, `Must be a match of regex '${NAME}'`);
  const items = [...new Set(listed)].sort();
  if (items.length > MOST) throw invalid('resource.tags', '', `At most ${MOST} tags can be set.`);
  return { fingerprint: fingerprintOf(['tags', items]), ...(items.length > 0 && { items }) };
}
