import { setTimeout as sleep } from 'node:timers/promises';
import type { Process } from './process.ts';

/** Milliseconds. */
const PATIENCE = 120_000;

/**
 * Waits until something holds of a cluster.
 *
 * @param holds asked again when it is not so yet, and when it fails
 * @throws Error when a part of the cluster has ended, or after two minutes
 */
export async function waitUntil(processes: readonly Process[], holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  let last: unknown;
  for (;;) {
    const held = await holds().catch((error: unknown) => {
      last = error;
      return false;
    });
    if (held) return;
    for (const one of processes) await one.check();
    if (Date.now() > deadline)
      throw new Error('The cluster did not get ready within two minutes.', { cause: last });
    await sleep(100);
  }
}
