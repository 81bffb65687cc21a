/**
 * How many faults, races and malformed documents the tests try. Without a setting they try a few. `npm run test:full` tries one round
 * of races, and half of the usual random sample of faults; which half depends on the commit. To try something else, set
 *
 * - GANGWAY_FAULT_RUNS: `half`, `usual` (the whole sample, two rounds), `all` (everything there is, 50 rounds), or how many of each;
 * - GANGWAY_FAULT_SEED: what samples and rounds are drawn by, a whole number;
 * - GANGWAY_FAULT_HALF: the half that `half` takes, 0 or 1.
 */
export const FAULT_RUNS = faultRuns(process.env.GANGWAY_FAULT_RUNS);
export const FAULT_SEED = wholeNumber('GANGWAY_FAULT_SEED', process.env.GANGWAY_FAULT_SEED || '12');
export const FAULT_HALF = faultHalf(process.env.GANGWAY_FAULT_HALF);

export type FaultRuns = 'few' | 'half' | 'usual' | 'all' | number;

/** How many to try: what FAULT_RUNS says, or as many as the test gives for it. */
export function howMany(given: Readonly<Record<Exclude<FaultRuns, number>, number>>): number {
  return typeof FAULT_RUNS === 'number' ? FAULT_RUNS : given[FAULT_RUNS];
}

/** @throws Error if it is none of these: a misspelled value would otherwise try less than was asked for, and pass */
export function faultRuns(value = ''): FaultRuns {
  if (value === '') return 'few';
  if (value === 'half' || value === 'usual' || value === 'all') return value;
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new Error(`GANGWAY_FAULT_RUNS is "${value}". Set it to half, usual, all or a whole number from 1.`);
}

export function faultHalf(value = ''): 0 | 1 {
  if (value === '' || value === '0') return 0;
  if (value === '1') return 1;
  throw new Error(`GANGWAY_FAULT_HALF is "${value}". Set it to 0 or 1.`);
}

function wholeNumber(name: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new Error(`${name} is "${value}". Set it to a whole number.`);
}
