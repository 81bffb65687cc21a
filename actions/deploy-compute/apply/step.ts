import type { Change } from '@gangway/settings';

/** Something to be changed: what, and the work itself. */
export interface Step {
  readonly changes: readonly Change[];
  carryOut(): Promise<void>;
}

/** What stays until somebody deletes it, and what it costs. */
export interface Standing {
  readonly what: string;
  readonly costs: string;
}

/** Nothing to do. */
export const NOTHING: Step = { changes: [], carryOut: async () => {} };
