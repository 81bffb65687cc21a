import type { Preparation } from './preparation.ts';
import type { Selected } from './selection.ts';

/**
 * Runs test files as soon as their tools are there: those that need none first, and each of the others with the first wave that
 * begins when all of its tools have come, or can't.
 *
 * @param runWave runs files to their end
 */
export async function runInWaves(
  run: readonly Selected[],
  preparation: Pick<Preparation, 'settled' | 'next'>,
  runWave: (files: readonly Selected[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let waiting = run;
  while (waiting.length > 0 && !signal.aborted) {
    const isReady = ({ needs }: Selected) => [...needs].every((name) => preparation.settled.has(name));
    const ready = waiting.filter(isReady);
    waiting = waiting.filter((one) => !ready.includes(one));
    if (ready.length > 0) await runWave(ready);
    else await preparation.next();
  }
}
