import type { Authorizer } from '../access.ts';
import type { Clock } from '../clock.ts';
import type { Served } from '../forward/front.ts';
import type { Listening } from '../forward/listening.ts';
import type { Operations } from '../operations/operations.ts';
import type { Ports } from '../ports.ts';
import type { SigningKeys } from '../signing-keys.ts';
import type { Declaration } from './declaration.ts';
import type { Job } from './job.ts';
import type { Project } from './project.ts';

/** What the kernel gives every service: tools, and nothing of another service. */
export interface Platform {
  /** e.g. `http://127.0.0.1:8080`, where every service answers. */
  readonly origin: string;
  readonly project: Project;
  readonly clock: Clock;
  /** Keys of those who issue ID tokens. */
  readonly keys: SigningKeys;
  readonly authorizer: Authorizer;
  /** The folder in which the cloud keeps its data; undefined where it keeps none. */
  readonly data: string | undefined;
  /** Which ports listeners of what was deployed have. */
  readonly ports: Ports;
  /** The long-running operations of this service alone. */
  readonly operations: Operations;
  /** What each service there is says of itself. */
  readonly catalogue: readonly Declaration[];
  /** Where Docker's API answers, e.g. `unix:///var/run/docker.sock`; undefined: DOCKER_HOST, then Docker's own default. */
  readonly dockerHost: string | undefined;
  /** Where it listens in front of what is deployed. */
  readonly listening: Listening;
  /** Whether machines are only said to run, even where there is a Docker engine. */
  readonly simulateMachines: boolean;
  /** Told of each request that a listener in front of what was deployed has answered. */
  readonly report: (served: Served) => void;
  /** The job of GitHub Actions that the exports are for. */
  readonly job: Job;
}
