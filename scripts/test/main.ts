import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { declarationOf } from './declarations.ts';
import { type Judgement, judgement } from './judgement.ts';
import { inOrder } from './order.ts';
import { planOf, writePlan } from './plan.ts';
import { isThere, prepare } from './preparation.ts';
import { needsOf, select } from './selection.ts';
import { openSuite } from './suite.ts';
import { summaryOf } from './summary.ts';

/*
 * `npm test [-- vitest's arguments]` runs the tests, or those of the files that the arguments name, and sees to the tools that
 * these files declare. Without a path it leaves to `npm run test:full` what takes long to get or build.
 */

const root = resolve(import.meta.dirname, '../..');
const isFull = process.argv[2] === '--full';
const given = process.argv.slice(isFull ? 3 : 2);
const suite = await openSuite(root, given);
if (suite.files.length === 0) console.log('No test file matches.');
const declared = new Map(suite.files.map((file) => [file, declarationOf(file)]));
const selection = select(declared, isFull || suite.named, isThere);
// The full run also takes a larger random sample of faults: one half of it or the other, depending on the commit.
if (isFull) {
  process.env.GANGWAY_FAULT_RUNS ??= 'half';
  process.env.GANGWAY_FAULT_HALF ??= String(halfOf(root));
}

const folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
const plan = join(folder, 'plan.json');
process.env.GANGWAY_TEST_PLAN = plan;
// Of programs in Go: flyctl, Helm, kubectl and buildx need 11 to 26 % less of a processor with it, and some more memory.
process.env.GOGC ??= '400';
// Where everything is tested, what was said on the wire is judged.
const exchanges = process.env.GANGWAY_EXCHANGES ?? (isFull ? join(folder, 'exchanges') : undefined);
if (exchanges) process.env.GANGWAY_EXCHANGES = exchanges;
let verdict: Judgement = { lines: [], isGood: true };
const stopped = new AbortController();
const preparation = prepare(needsOf(selection.run), stopped.signal);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());
try {
  const { run } = selection;
  // A worker that is at a file waits until the plan has it.
  const planned = preparation.each(() => writePlan(plan, planOf(run, preparation.settled)));
  // What was built before is found in a moment, and what was not is known then.
  await Promise.race([planned, sleep(3000)]);
  await suite.run(inOrder(run, declared, suite.isUnit, preparation.settled), stopped.signal);
} finally {
  // It waits for the tests that run; after a signal they end with this process.
  if (!stopped.signal.aborted) await suite.close();
  await preparation.stop();
  if (exchanges && !stopped.signal.aborted) verdict = judgement(exchanges);
  await rm(folder, { recursive: true, force: true });
}

const results = suite.results();
for (const line of [...verdict.lines, ...summaryOf(results, root, selection, preparation.settled)])
  console.log(line);
const isGood =
  results.length > 0 && !suite.failed() && verdict.isGood && results.every(({ failed }) => failed === 0);
process.exit(stopped.signal.aborted ? 130 : isGood ? 0 : 1);

/** 0 or 1, from the hash of the commit that is checked out, so that everyone who tests a commit takes the same half. */
function halfOf(repository: string): number {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: repository, encoding: 'utf8' });
  return Number.parseInt(stdout?.trim().at(-1) ?? '', 16) % 2 || 0;
}
