import { removeImages } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { FAULT_HALF, FAULT_RUNS, FAULT_SEED } from '../helpers/fault-runs.ts';
import { type FaultProxy, startFaultProxy } from './proxy.ts';
import { type Cell, cellCount, sample } from './sample.ts';
import type { Ground, Row } from './subject.ts';

/*
 * Every kind of fault, for each request of each action, once and for good: the step converges or says clearly why not, in time,
 * and a clean run after it converges. The usual sample meets each request and takes every kind (test/helpers/fault-runs.ts).
 */

/** Runs of each row where only a few are asked for. */
const FEW = 3;
/** Milliseconds in which a step has to end, whatever happens. */
const HANGS = 60_000;
const QUICK = { GANGWAY_REQUEST_TIMEOUT: '2', GANGWAY_RETRY_TIMEOUT: '3', GANGWAY_GRANT_TIMEOUT: '0' };
/** In a sample, only every third run that converges in spite of its fault is followed by a clean run. One that fails always is. */
const REPEATED = 3;
/** Nothing of ours that a person can't read: a stack, source, a value that is none. */
const UNCLEAR = /This is a bug|Unexpected error|\n\s+at |\[object |undefined|NaN|node:internal|index\.js/;
/** The share of runs whose request may not come, nor that of the run in its place. */
const MISSES = 0.05;

/**
 * Declares a test of each row.
 *
 * @param kinds how many runs other rows have before these: each row begins with the kind of fault after the last of the row before it
 */
export function faultMatrix(rows: readonly Row[], kinds = 0): void {
  const turn = (row: Row) => kinds + turnOf(rows, row);
  describe.each(rows)('$title', (row) => declareRow(row, turn(row)));
}

function declareRow(row: Row, turn: number): void {
  it.skipIf(row.missing.length > 0)(
    'converges or says why not, whatever a request is answered with',
    {
      timeout: 36_000_000,
      retry: 0,
    },
    async () => {
      const started = performance.now();
      await using ground = await row.open();
      const requests = await record(ground, row);
      const places = placesIn(requests, row, turn);
      const sampled = sample(places, runsOf(row, places), FAULT_SEED, turn);
      const cells = FAULT_RUNS === 'half' ? sampled.filter((_, index) => index % 2 === FAULT_HALF) : sampled;
      expect(cells.length, 'runs').toBeGreaterThan(0);
      const ends: End[] = [];
      await inParallel([...cells.entries()], row.atOnce, async ([index, cell]) => {
        const repeats = FAULT_RUNS === 'all' || index % REPEATED === 0;
        const end = await tryCell(ground, cell, row, repeats);
        // One that asked for the state of something less often than the recorded run: its last request takes the place.
        const again = end.met === undefined && { ...cell, at: end.requests - 1 };
        ends.push(again ? await tryCell(ground, again, row, repeats) : end);
      });
      report(row, places.length, ends, performance.now() - started);
      const missed = ends.filter(({ met }) => met === undefined);
      expect(missed.length, 'runs whose request never came').toBeLessThanOrEqual(
        Math.max(1, ends.length * MISSES),
      );
    },
  );
}

/** How a run ended. */
interface End {
  readonly kind: string;
  /** The request that met the fault. */
  readonly met: string | undefined;
  /** How many requests the step made. */
  readonly requests: number;
  readonly converged: boolean;
}

function runsOf(row: Row, places: readonly number[]): number {
  if (FAULT_RUNS === 'all') return cellCount(places);
  if (FAULT_RUNS === 'usual' || FAULT_RUNS === 'half') return usual(row, places);
  return FAULT_RUNS === 'few' ? FEW : FAULT_RUNS;
}

export function usual({ runs }: Row, places: readonly number[]): number {
  return Math.max(runs, places.length);
}

/** The requests to spoil: of one question to all locations only the first; of a sample fewer. */
function placesIn(requests: readonly string[], row: Row, turn: number): number[] {
  const anywhere = requests.map((line) => line.replace(/\/locations\/[^/]+/, ''));
  const places = [...requests.keys()].filter(
    (at) => anywhere[at] !== anywhere[at - 1] || requests[at] === requests[at - 1],
  );
  if (FAULT_RUNS === 'all') return places;
  const left = new Set([...asked(requests), ...(row.isSignIn ? [] : signIns(requests, turn))]);
  return places.filter((at) => !left.has(at));
}

/** Of a question that is asked until its answer changes, all but the first two. */
function asked(requests: readonly string[]): number[] {
  const known = new Set<string>();
  const sinceNew = new Map<string, number>();
  return [...requests.entries()].flatMap(([at, request]) => {
    if (!known.has(request)) sinceNew.clear();
    known.add(request);
    const count = (sinceNew.get(request) ?? 0) + 1;
    sinceNew.set(request, count);
    return count > 2 ? [at] : [];
  });
}

/** What every action does first, by the same code: all but one, another one in each row. */
function signIns(requests: readonly string[], turn: number): number[] {
  const signsIn = /^GET \/github\/idtoken|^POST \/sts\/|^POST \S+:generateAccessToken$/;
  const found = [...requests.keys()].filter((at) => signsIn.test(requests[at] ?? ''));
  return found.filter((_, index) => index !== turn % found.length);
}

/** The kind that a row begins with: the one after the last of the row before. */
export function turnOf(rows: readonly Row[], row: Row): number {
  return rows.slice(0, rows.indexOf(row)).reduce((sum, { runs }) => sum + runs, 0);
}

/** The requests of a clean run. */
async function record(ground: Ground, { builds }: Row): Promise<readonly string[]> {
  await using clean = await ground.start();
  await using proxy = await startFaultProxy(clean.job.cloud.origin);
  const result = await clean.step({ env: proxy.env(clean.job.exports) });
  await clean.check(result);
  if (builds) await clearImages(proxy);
  return proxy.seen;
}

/** @param repeats whether a clean run follows even if this run converges */
async function tryCell(ground: Ground, { kind, at, times }: Cell, row: Row, repeats: boolean): Promise<End> {
  await using tried = await ground.start();
  await using proxy = await startFaultProxy(tried.job.cloud.origin);
  const env = proxy.env(tried.job.exports);
  proxy.arm(kind, at, times);
  const signal = AbortSignal.timeout(HANGS);
  const result = await tried.step({ fails: 'either', env: { ...env, ...QUICK }, signal });
  const { met, seen } = proxy;
  const said = `${row.title}, ${kind} at request ${at}, ${met}, ${times === 1 ? 'once' : 'for good'}:\n${result.log}`;
  expect(signal.aborted, `it hangs: ${said}`).toBe(false);
  expect(result.log, said).not.toMatch(UNCLEAR);
  const converged = result.exitCode === 0;
  if (converged) {
    await explained(said, () => tried.check(result));
  } else {
    expect(result.exitCode, said).toBe(1);
    expect(result.annotations.at(-1)?.message.length, said).toBeGreaterThan(20);
  }
  if (!converged || repeats) {
    proxy.disarm();
    const after = await tried.step({ fails: 'either', env });
    const then = `a clean run after ${said}\n--- says\n${after.log}`;
    expect(after.exitCode, then).toBe(0);
    await explained(then, () => tried.check(after));
  }
  if (row.builds) await clearImages(proxy);
  return { kind, met, requests: seen.length, converged };
}

async function explained(said: string, check: () => Promise<void> | void): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new Error(`${said}\n--- but ${error}`);
  }
}

/** Removes what was built under the name of the proxy. */
async function clearImages({ host }: FaultProxy): Promise<void> {
  const { DOCKER_HOST } = process.env;
  if (DOCKER_HOST) await removeImages(host, { DOCKER_HOST });
}

function report({ title }: Row, places: number, ends: readonly End[], took: number): void {
  const of = (some: readonly End[]) => `${some.filter(({ converged }) => converged).length}/${some.length}`;
  const met = ends.filter((end) => end.met !== undefined);
  const kinds = [...Map.groupBy(met, ({ kind }) => kind)].toSorted(([a], [b]) => a.localeCompare(b));
  console.log(
    `${title}: ${ends.length} runs over ${places} requests in ${Math.round(took / 1000)} s; ${met.length} met their fault: ${of(met)} converged, the others failed clearly. Converged by kind: ${kinds.map(([kind, some]) => `${kind} ${of(some)}`).join(', ')}`,
  );
}

async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of waiting) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${items.length}:\n${failures.map(String).join('\n\n')}`);
}
