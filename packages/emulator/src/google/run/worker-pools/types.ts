import type { AskedContainer } from '../v2/asked.ts';
import type { Condition, Container, Resource, Template } from '../v2/types.ts';

/** Resources of the Cloud Run Admin API v2 (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.workerPools). */
export interface WorkerPool extends Resource {
  description?: string;
  template: PoolTemplate;
  scaling?: { manualInstanceCount?: number };
  instanceSplits: InstanceSplit[];
  instanceSplitStatuses?: InstanceSplit[];
  latestReadyRevision?: string;
  latestCreatedRevision: string;
}

export type PoolTemplate = Pick<
  Template,
  | 'revision'
  | 'labels'
  | 'annotations'
  | 'serviceAccount'
  | 'containers'
  | 'vpcAccess'
  | 'volumes'
  | 'nodeSelector'
  | 'encryptionKey'
>;

/** A pool as a caller may give it. */
export interface AskedPool extends Partial<Omit<WorkerPool, 'template'>> {
  template?: Partial<Omit<PoolTemplate, 'containers'>> & { containers?: AskedContainer[] };
}

export interface InstanceSplit {
  type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST' | 'INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION';
  revision?: string;
  percent?: number;
}

export interface PoolRevision extends Omit<PoolTemplate, 'revision'> {
  name: string;
  uid: string;
  generation: string;
  createTime: string;
  updateTime: string;
  launchStage: string;
  containers: Container[];
  conditions: Condition[];
  logUri: string;
  observedGeneration: string;
  reconciling: boolean;
  etag: string;
}
