import type { Contracts } from '../contracts.ts';
import type { FlyState } from '../fly/state.ts';
import type { ApiGatewayState } from '../google/api-gateway/state.ts';
import type { ApiKeysState } from '../google/api-keys/state.ts';
import type { ArtifactRegistryState } from '../google/artifact-registry/state.ts';
import type { IamState } from '../google/iam/context.ts';
import type { RunJobsState } from '../google/run/jobs/state.ts';
import type { RunState } from '../google/run/v2/state.ts';
import type { WorkerPoolsState } from '../google/run/worker-pools/state.ts';
import type { SecretManagerState } from '../google/secret-manager/state.ts';
import type { ServiceUsageState } from '../google/service-usage/state.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Project } from '../kernel/service/project.ts';

/** What the console looks at: a cloud, as far as a person wants to see it. */
export interface View extends IamState {
  /** e.g. `http://127.0.0.1:8080` */
  readonly origin: string;
  readonly project: Project;
  readonly clock: Clock;
  readonly contracts: Contracts;
  readonly run: RunState;
  readonly runJobs: RunJobsState;
  readonly workerPools: WorkerPoolsState;
  readonly apiGateway: ApiGatewayState;
  readonly apiKeys: ApiKeysState;
  readonly artifactRegistry: ArtifactRegistryState;
  readonly secretManager: SecretManagerState;
  readonly serviceUsage: ServiceUsageState;
  readonly fly: FlyState;
}
