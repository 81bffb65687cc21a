import { isMadeByGangway } from '@gangway/google-cloud';
import type { FoundWorkload } from '../look/cloud-run.ts';
import { NOT_MADE } from './gateways.ts';
import type { Home, Kept, Part, Step } from './part.ts';

const GROUPS = { service: 'run services', job: 'run jobs', 'worker pool': 'beta run worker-pools' };

/** Services, jobs or worker pools, each as it was when it was looked at. */
export function planWorkloads(
  kind: 'service' | 'job' | 'worker pool',
  found: readonly FoundWorkload[],
  needs: readonly string[],
  { projectId }: Home,
): Part {
  const steps: Step[] = [];
  const kept: Kept[] = [];
  const missing: string[] = [];
  for (const { id, region, name, workload } of found) {
    const title = `Cloud Run ${kind} ${id} in ${region}`;
    if (!workload) missing.push(title);
    else if (!isMadeByGangway(workload.labels))
      kept.push({
        title,
        reason: NOT_MADE,
        cure: `gcloud ${GROUPS[kind]} update ${id} --region=${region} --project=${projectId} --update-labels=created-by=gangway`,
      });
    else {
      const query = workload.etag && { etag: workload.etag };
      steps.push({
        title,
        resources: [[{ service: 'run', path: `v2/${name}`, ...(query && { query }) }]],
        needs,
      });
    }
  }
  return { steps, kept, missing };
}
