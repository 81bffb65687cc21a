import { log, run, stopwatch } from '@gangway/action';
import { appName, openFly } from './access.ts';
import { carryOut } from './carry-out.ts';
import { readInputs } from './inputs.ts';
import { report } from './report.ts';
import { destroyReview, tellReview } from './review.ts';
import { withWork } from './work.ts';

await run(async () => {
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
