import { ActionError, cancellation, log, type Stopwatch } from '@gangway/action';
import { placeOf } from '../api/place.ts';
import type { Inputs } from '../inputs.ts';
import { deployAll, type Outcome } from './outcome.ts';

/** What was done in a region. */
export interface Regional {
  readonly inputs: Inputs;
  readonly outcome: Outcome;
}

/**
 * Deploys in each region in turn; the first that fails ends it, so that a mistake doesn't spread.
 *
 * @param report tells what was done, also before a failure
 * @throws ActionError that says in which region, and which are deployed already
 */
export async function deployRegions(
  signedIn: Parameters<typeof placeOf>[0],
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
  report: (done: readonly Regional[]) => Promise<void>,
): Promise<readonly Regional[]> {
  const done: Regional[] = [];
  for (const region of inputs.regions) {
    const here = { ...inputs, region };
    if (inputs.regions.length > 1) log.info(`In ${region}:`);
    try {
      const place = placeOf(signedIn, here);
      done.push({ inputs: here, outcome: await deployAll(place, image, here, watch) });
    } catch (error) {
      // What is deployed is told, also where the step ends here.
      if (done.length > 0) await report(done);
      cancellation.throwIfAborted();
      throw inputs.regions.length > 1 ? named(error, region, done, inputs.regions) : error;
    }
  }
  await report(done);
  return done;
}

function named(error: unknown, region: string, done: readonly Regional[], all: readonly string[]): unknown {
  if (!(error instanceof ActionError)) return error;
  const left = all.slice(done.length + 1);
  const state = [
    done.length > 0 ? `deployed in ${done.map(({ inputs }) => inputs.region).join(', ')} before` : '',
    left.length > 0 ? `not tried in ${left.join(', ')}` : '',
  ].filter((part) => part !== '');
  return new ActionError(`In ${region}: ${error.message}`, {
    code: error.code,
    hint: [error.hint, ...state].filter(Boolean).join('; '),
    cause: error,
  });
}
