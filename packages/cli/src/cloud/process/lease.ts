import type { UpOptions } from '../options.ts';
import { order } from './control.ts';
import { type Place, type Running, untilGone, untilSettled } from './place.ts';
import { startDetached } from './start.ts';

/** The local cloud of a place, for as long as somebody needs it. */
export interface Lease {
  readonly running: Running;
  /** Whether this started it: it then ends when it is released, unless it was told to keep. */
  readonly isNew: boolean;
  /** Lets go of it. If it ends with that, it is gone then, and who comes next starts another. */
  release(): Promise<void>;
}

/**
 * The local cloud that runs at a place, else a new one.
 *
 * @param say gets a line when something takes time, or one that should end does not
 */
export async function leaseCloud(
  place: Place,
  options: Omit<UpOptions, 'leased'>,
  say: (line: string) => void,
): Promise<Lease> {
  const there = await untilSettled(place);
  if (there) return { running: there, isNew: false, release: async () => {} };
  const { running, release } = await startDetached(place, { ...options, leased: true }, say);
  return {
    running,
    isNew: true,
    async release() {
      // Whoever uses it may have told it to go on. One that does not answer is ending.
      const { leased } = await order(place, 'leased', {}).catch(() => ({ leased: true }));
      release();
      if (leased) await untilGone(place).catch((error: Error) => say(error.message));
    },
  };
}
