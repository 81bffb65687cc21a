import { log } from '@gangway/action';
import { type BuildReport, isWork } from '../progress/build-report.ts';

/** Says what the caches did: how much of each stage they spared, and which could not be used. */
export function tellCache(report: BuildReport): void {
  const hits = cacheHits(report);
  if (hits) log.info(hits);
  for (const { cache, reason } of report.cacheErrors ?? [])
    log.warning(`The cache could not be used (${cache}): ${reason}`);
}

/** How many instructions of each stage came from a cache, in words; undefined where there are none. */
export function cacheHits({ steps }: BuildReport): string | undefined {
  const stages = new Map<string, { hits: number; count: number }>();
  for (const { stage, cached } of steps.filter(isWork)) {
    const { hits, count } = stages.get(stage) ?? { hits: 0, count: 0 };
    stages.set(stage, { hits: hits + (cached ? 1 : 0), count: count + 1 });
  }
  if (stages.size === 0) return undefined;
  const words = [...stages].map(
    ([name, { hits, count }]) => `${name || 'the only stage'} ${hits} of ${count}`,
  );
  return `Instructions from the cache: ${words.join(', ')}.`;
}
