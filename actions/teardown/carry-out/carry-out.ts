import { ActionError, capitalised, log, type Stopwatch } from '@gangway/action';
import type { GoogleCloud } from '@gangway/google-cloud';
import { inParallel } from '../look/in-parallel.ts';
import type { Plan, Step } from '../plan/part.ts';
import { remove } from './remove.ts';

/** How a step ended. */
export interface Result {
  readonly step: Step;
  readonly state: 'deleted' | 'failed' | 'skipped';
  /** What failed, or what it would have needed. */
  readonly error?: ActionError;
}

/** Things that are deleted at once. */
const AT_ONCE = 4;

/**
 * Carries a plan out. What fails holds up only what needs it: the rest is done, so that a second run has little left.
 *
 * @throws what is no failure of a single deletion, such as a cancelled run
 */
export async function carryOut(
  cloud: GoogleCloud,
  { steps }: Plan,
  { deadline, watch }: { readonly deadline: number; readonly watch: Stopwatch },
): Promise<Result[]> {
  const results: Result[] = [];
  for (const step of steps) {
    const missed = step.needs.find((need) =>
      results.some(({ step: before, state }) => before.title === need && state !== 'deleted'),
    );
    if (missed !== undefined) {
      log.info(`${capitalised(step.title)} stays for now: ${missed} was not deleted.`);
      results.push({ step, state: 'skipped', error: skipped(missed) });
      continue;
    }
    try {
      await watch.time(step.title, async () => {
        log.info(`Deleting ${step.title}…`);
        for (const level of step.resources)
          await inParallel(level, AT_ONCE, (resource) => remove(cloud, resource, step.title, deadline));
      });
      log.info(`Deleted ${step.title}.`);
      results.push({ step, state: 'deleted' });
    } catch (error) {
      if (!(error instanceof ActionError) || error.code === 'cancelled') throw error;
      log.info(`${capitalised(step.title)} was not deleted: ${error.message}`);
      results.push({ step, state: 'failed', error });
    }
  }
  return results;
}

function skipped(need: string): ActionError {
  return new ActionError(`${capitalised(need)} must be deleted first.`, { code: 'skipped' });
}
