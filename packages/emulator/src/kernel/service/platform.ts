import type { Authorizer } from '../access.ts';
import type { Clock } from '../clock.ts';
import type { Served } from '../forward/front.ts';
import type { Operations } from '../operations/operations.ts';
import type { SigningKeys } from '../signing-keys.ts';
import type { Declaration } from './declaration.ts';

/** The one project there is. */
export interface Project {
  /** e.g. `demo-project` */
  readonly id: string;
  /** e.g. `123456789012` */
  readonly number: string;
}

/** A job of GitHub Actions, as far as somebody says what it is. */
export interface Job {
  /** `OWNER/NAME`; default `example/fastapi-on-cloud-run`. The seeded provider takes jobs of its owner. */
  readonly repository?: string;
  /** e.g. `refs/tags/v1`; default `refs/heads/main`, and `refs/pull/1/merge` for a pull request. */
  readonly ref?: string;
  /** Name of the event, e.g. `pull_request`; default `push`. */
  readonly event?: string;
  /** e.g. `production`; default none. */
  readonly environment?: string;
  /** The reusable workflow that the job is in, `OWNER/NAME/.github/workflows/FILE@REF`; default none: the job is the caller's own. */
  readonly calledWorkflow?: string;
}

/** What the kernel gives every service: tools, and nothing of another service. */
export interface Platform {
  /** e.g. `http://127.0.0.1:8080`, where every service answers. */
  readonly origin: string;
  readonly project: Project;
  readonly clock: Clock;
  /** Keys of those who issue ID tokens. */
  readonly keys: SigningKeys;
  readonly authorizer: Authorizer;
  /** The long-running operations of this service alone. */
  readonly operations: Operations;
  /** What each service there is says of itself. */
  readonly catalogue: readonly Declaration[];
  /** Where Docker's API answers, e.g. `unix:///var/run/docker.sock`; undefined: DOCKER_HOST, then Docker's own default. */
  readonly dockerHost: string | undefined;
  /** Whether machines are only said to run, even where there is a Docker engine. */
  readonly simulateMachines: boolean;
  /** Told of each request that a listener in front of what was deployed has answered. */
  readonly report: (served: Served) => void;
  /** The job of GitHub Actions that the exports are for. */
  readonly job: Job;
}
