import type { Execution, Job, Task } from './types.ts';

export interface StoredJob {
  resource: Job;
  /** By full resource name, oldest first. */
  readonly executions: Map<string, StoredExecution>;
}

export interface StoredExecution {
  readonly resource: Execution;
  readonly tasks: Task[];
  /** Aborted to cancel it. */
  readonly cancelling: AbortController;
  /** Settles when the last task has ended. */
  done: Promise<void>;
}

/** The jobs of Cloud Run and their executions, by full resource name. */
export class RunJobsState {
  readonly jobs = new Map<string, StoredJob>();

  /** The jobs whose resource names begin so, by name. */
  list(prefix: string): Job[] {
    const found = [...this.jobs.values()].map(({ resource }) => resource);
    return found.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
