import { log, type Stopwatch } from '@gangway/action';
import { restoreInvokers, setInvokers } from '../api/invokers.ts';
import type { Place } from '../api/place.ts';
import type { Inputs } from '../inputs.ts';

/** What became of the invokers. */
export interface Invokers {
  readonly changed: boolean;
  /** Makes them those again that they were, unless somebody has changed them since. */
  readonly restore: () => Promise<void>;
}

/** Makes the invokers those of the input, where it names some. */
export async function bindInvokers(
  { cloud, path }: Place,
  { invokers, dryRun }: Inputs,
  watch: Stopwatch,
): Promise<Invokers> {
  if (invokers === undefined || dryRun) return { changed: false, restore: async () => {} };
  const before = await watch.time('invokers', () => setInvokers(cloud, path, invokers));
  return {
    changed: before !== undefined,
    restore: async () => {
      if (!before || (await restoreInvokers(cloud, path, invokers, before))) return;
      log.warning(
        `Someone else has changed the invokers since, so they stay. Before this step, they were: ${before.join(', ') || 'none'}.`,
      );
    },
  };
}
