import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepResult } from '@gangway/runner';
import { describe, expect, it } from 'vitest';
import { generator } from '../fault-matrix/sample.ts';
import { FAULT_SEED, howMany } from '../helpers/fault-runs.ts';
import { RACES } from './contests.ts';
import type { Field } from './race.ts';

// needs: base-image
// some tests need: flyctl
// takes minutes

/*
 * Several runs of an action at once on the same names, each on a runner of its own: what a run puts out is its own, or it fails
 * and says who was faster; and what one sets is not lost by another. Rounds are seeded: they differ in who begins when.
 */

const ROUNDS = howMany({ few: 1, half: 1, usual: 2, all: 50 });
/** Runs of a round. */
const RUNNERS = 3;
/** Milliseconds within which they all begin. */
const SPREAD = 1200;
const FASTER = /at the same time|was faster|overtaken|deployed .* before/;

describe.each(RACES)('$title', (race) => {
  it.skipIf(race.missing.length > 0)(
    `puts out what is its own, or says who was faster (${ROUNDS} rounds of ${RUNNERS} runs)`,
    { timeout: 3_600_000, retry: 0 },
    async () => {
      await using ground = await race.open();
      const random = generator(FAULT_SEED);
      const count = { own: 0, overtaken: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        const delays = Array.from({ length: RUNNERS }, () => Math.floor(random() * SPREAD));
        const field = await ground.start(round);
        const ends = await Promise.all(
          delays.map(async (delay, runner) => {
            await sleep(delay);
            const temp = join(ground.job.temp, '..', `runner-${round}-${runner}`);
            const result = await field.run(runner, {
              fails: 'either',
              temp,
              env: { GITHUB_RUN_ID: `${runner + 1}` },
            });
            await result.post();
            await rm(temp, { recursive: true, force: true });
            return result;
          }),
        );
        const told = `seed ${FAULT_SEED}, round ${round}, delays ${delays.join(', ')}\n${ends.map(logOf).join('\n')}`;
        const won = await judge(ends, field, told);
        count.own += won;
        count.overtaken += ends.length - won;
      }
      console.log(
        `${race.title}: ${count.own} runs with what is their own, ${count.overtaken} overtaken and told so`,
      );
    },
  );
});

async function judge(ends: readonly StepResult[], field: Field, told: string): Promise<number> {
  const own = new Map([...ends.entries()].filter(([, { exitCode }]) => exitCode === 0));
  for (const [runner, { exitCode, log }] of ends.entries())
    if (exitCode !== 0) expect(log, `runner ${runner}, ${told}`).toMatch(FASTER);
  if (!field.mayAllLose) expect(own.size, `nobody got through, ${told}`).toBeGreaterThan(0);
  try {
    for (const [runner, result] of own) await field.check(runner, result);
    await field.settled?.([...own.keys()]);
  } catch (error) {
    throw new Error(`${told}\n--- but ${error}`);
  }
  return own.size;
}

function logOf({ log }: StepResult, runner: number): string {
  return `--- runner ${runner}\n${log}`;
}
