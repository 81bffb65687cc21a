import type { Context as ContextOf } from '../../contracts.ts';
import type { ContainerPlane } from './containers/plane.ts';
import type { RunJobsState } from './jobs/state.ts';
import type { RunState } from './v2/state.ts';
import type { WorkerPoolsState } from './worker-pools/state.ts';

export interface RunStates {
  readonly run: RunState;
  readonly runJobs: RunJobsState;
  readonly workerPools: WorkerPoolsState;
  /** The data plane: containers that run, and the listeners in front of them. */
  readonly containers: ContainerPlane;
}

/** What the handlers of Cloud Run work with. */
export type Context = ContextOf<
  RunStates,
  'iam' | 'accounts' | 'tokens' | 'idTokens' | 'repositories' | 'secrets'
>;
