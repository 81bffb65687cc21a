import type { Fault } from '../faults/fault.ts';
import type { Migration } from '../migrate.ts';

/** What became of a file. */
export interface Outcome {
  /** From the top of the repository. */
  readonly path: string;
  readonly before: string;
  readonly migration: Migration;
  readonly faults: readonly Fault[];
  readonly lint: readonly string[];
  /** Why GitHub would not run it, line by line: it is left as it is. */
  readonly mistakes: readonly string[];
}
