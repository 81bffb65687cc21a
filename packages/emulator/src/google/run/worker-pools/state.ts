import type { PoolRevision, WorkerPool } from './types.ts';

export interface StoredPool {
  resource: WorkerPool;
  /** By full resource name, oldest first. */
  readonly revisions: Map<string, PoolRevision>;
  /** The end of the changes that are under way: they are carried out one after the other. */
  queue: Promise<void>;
}

/** The worker pools of Cloud Run, by full resource name. */
export class WorkerPoolsState {
  readonly pools = new Map<string, StoredPool>();

  /** The pools whose resource names begin so, by name. */
  list(prefix: string): StoredPool[] {
    return [...this.pools.values()]
      .filter(({ resource }) => resource.name.startsWith(prefix))
      .sort((a, b) => (a.resource.name < b.resource.name ? -1 : 1));
  }
}
