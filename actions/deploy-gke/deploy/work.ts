import type { Kubernetes } from '@gangway/kubernetes';

/** What carries out a plan works with. */
export interface Work {
  readonly api: Kubernetes;
  readonly force: boolean;
  /** By `performance.now()`. */
  readonly deadline: number;
}
