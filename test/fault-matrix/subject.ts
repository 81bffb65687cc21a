import type { StepResult } from '@gangway/runner';
import type { Job } from '../helpers/job.ts';

/** What a row of the fault matrix needs and does. */
export interface Row {
  readonly title: string;
  /** What it needs and is missing here. */
  readonly missing: readonly string[];
  /** Runs of the usual sample, unless it makes more requests than that. */
  readonly runs: number;
  /** Whether signing in is all that it does. */
  readonly isSignIn?: boolean;
  /** Whether it builds images, which stay in the engine. */
  readonly builds?: boolean;
  /** How many of them go on at the same time. */
  readonly atOnce: number;
  open(): Promise<Ground>;
}

/** Where the subjects of a row come from. */
export interface Ground extends AsyncDisposable {
  start(): Promise<Subject>;
}

/** A local cloud with what a step needs, and the step. */
export interface Subject extends AsyncDisposable {
  readonly job: Job;
  step(options: NonNullable<Parameters<Job['step']>[2]>): Promise<StepResult>;
  /** Expects everything to be as the step is to leave it. */
  check(result: StepResult): Promise<void> | void;
}

export function subject(
  job: Job,
  step: Subject['step'],
  check: Subject['check'],
  dispose: () => PromiseLike<void> = async () => {},
): Subject {
  return { job, step, check, [Symbol.asyncDispose]: dispose };
}
