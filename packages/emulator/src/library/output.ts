import type { RunningCloud } from '../cloud.ts';
import type { WrittenLine } from './written-line.ts';

/**
 * What containers and machines wrote, oldest first.
 *
 * @param from name of a service, job, worker pool or app; default: all
 */
export async function outputOf(cloud: RunningCloud, from?: string): Promise<readonly WrittenLine[]> {
  const sources = await Promise.all(cloud.contracts.logSources.map((source) => source.entries()));
  const ofRun = sources.flat().map(({ timestamp, text, resource: { labels } }) => ({
    time: timestamp,
    from: labels.service_name ?? labels.job_name ?? labels.worker_pool_name ?? '',
    text,
  }));
  const ofFly = cloud.fly
    .apps()
    .flatMap(({ name, logs }) =>
      logs.map(({ time, message }) => ({ time: new Date(time).toISOString(), from: name, text: message })),
    );
  return [...ofRun, ...ofFly]
    .filter((line) => from === undefined || line.from === from)
    .sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
}
