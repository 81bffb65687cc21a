import type { StepResult } from '@gangway/runner';
import type { Job } from '../helpers/job.ts';

/** An action that several runs race with. */
export interface Race {
  readonly title: string;
  /** What it needs and is missing here. */
  readonly missing: readonly string[];
  open(): Promise<Ground>;
}

/** A local cloud, and a field of its own for each round. */
export interface Ground extends AsyncDisposable {
  readonly job: Job;
  start(round: number): Promise<Field>;
}

/** The names that the runs of a round all use. */
export interface Field {
  run(runner: number, options: NonNullable<Parameters<Job['step']>[2]>): Promise<StepResult>;
  /** Expects a run that got through to have put out its own. */
  check(runner: number, result: StepResult): Promise<void> | void;
  /** Expects that nothing is lost of what those who got through have set. */
  settled?(runners: readonly number[]): Promise<void>;
  /** Whether all runs may stand in each other's way: nothing that they could hold is there yet. */
  readonly mayAllLose?: boolean;
}
