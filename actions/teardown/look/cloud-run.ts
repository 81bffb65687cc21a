import { fields, map, text } from '@gangway/http';
import { find } from './ask.ts';
import type { Asker } from './asker.ts';

/** A service, job or worker pool of the Cloud Run Admin API v2 (https://cloud.google.com/run/docs/reference/rest). */
interface Workload {
  readonly labels?: Readonly<Record<string, string>>;
  readonly etag?: string;
}

export interface FoundWorkload {
  readonly id: string;
  readonly region: string;
  /** Full name. */
  readonly name: string;
  readonly workload: Workload | undefined;
}

const WORKLOAD = fields<Workload>({ labels: map(text), etag: text });

/** The services, jobs or worker pools of these ids, each in each region. */
export function lookAtWorkloads(
  asker: Asker,
  kind: 'services' | 'jobs' | 'workerPools',
  ids: readonly string[],
  regions: readonly string[],
): Promise<FoundWorkload[]> {
  return Promise.all(
    ids.flatMap((id) =>
      regions.map(async (region) => {
        const name = `projects/${asker.projectId}/locations/${region}/${kind}/${id}`;
        const workload = await find(asker, { service: 'run', path: `v2/${name}` }, WORKLOAD);
        return { id, region, name, workload };
      }),
    ),
  );
}
