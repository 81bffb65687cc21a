import type { Machine } from '../machines/machine.ts';
import type { Run } from '../machines/run.ts';

/** What runs machines. */
export interface Runtime {
  /**
   * Starts a machine's current version.
   * @throws Error that says why it can't be started
   */
  start(machine: Machine): Promise<Run>;
  /** @throws Error that says why it can't be pulled */
  pullPublic(reference: string): Promise<{ digest: string; size: number }>;
}
