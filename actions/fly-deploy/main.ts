/**
 * The rooms of this action, in the order in which a step passes through them; `work.ts` leads through the first two, and
 * holds the app's lock during the third.
 *
 *   flyctl/   the program: downloaded and checked, or found; what it makes of fly.toml
 *   app/      the app on Fly.io: its token, its image, its secrets, its identity at Google
 *   rollout/  the deploy, its release command, the look at every machine, and the way back
 */
import { input, log, run, stopwatch } from '@gangway/action';
import { skipFork } from '@gangway/github';
import { appName, openFly } from './app/access.ts';
import { givenToken, readInputs } from './inputs.ts';
import { report } from './report.ts';
import { destroyReview, tellReview } from './review.ts';
import { carryOut } from './rollout/carry-out.ts';
import { withWork } from './work.ts';

await run(async () => {
  if (input.boolean('pull_request') && (await skipFork('The app of this pull request', givenToken()))) return;
  const inputs = readInputs();
  const fly = openFly(inputs);
  const app = appName(inputs);
  if (inputs.review?.destroy) {
    await destroyReview(fly, app, inputs);
    return;
  }
  const { error, url } = await withWork(inputs, app, fly, stopwatch(), async (work) => {
    const result = await carryOut(work);
    await report(work, result).catch((error: unknown) => {
      if (!result.error) throw error;
      // Why the deploy failed matters more than that it can't be handed on.
      log.warning(error instanceof Error ? error.message : String(error));
    });
    return result;
  });
  if (error) throw error;
  if (inputs.review) await tellReview(app, url, inputs);
});
