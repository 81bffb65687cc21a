import type { UpOptions } from '../options.ts';
import { type Place, type Running, recordOf } from './place.ts';
import { startDetached } from './start.ts';

/** The local cloud of a place, for as long as somebody needs it. */
export interface Lease {
  readonly running: Running;
  /** Whether this started it: it then ends when it is released, unless it was told to keep. */
  readonly isNew: boolean;
  release(): void;
}

/** The local cloud that runs at a place, else a new one. */
export async function leaseCloud(
  place: Place,
  options: Omit<UpOptions, 'leased'>,
  say: (line: string) => void,
): Promise<Lease> {
  const there = recordOf(place);
  if (there) return { running: there, isNew: false, release: () => undefined };
  const { running, release } = await startDetached(place, { ...options, leased: true }, say);
  return { running, isNew: true, release };
}
