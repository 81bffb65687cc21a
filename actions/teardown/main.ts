/**
 * The rooms of this action, in the order in which a step passes through them:
 *
 *   look/       what there is of all that the inputs name, and what else depends on it: questions only
 *   plan/       what goes, in which order, and what stays, with the reason: pure
 *   carry-out/  the deletions, each once what depends on it is gone
 *   report/     outputs, the log, the summary
 */
import { run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { carryOut } from './carry-out/carry-out.ts';
import { failureOf } from './carry-out/failure.ts';
import { readInputs } from './inputs.ts';
import { look } from './look/look.ts';
import { makePlan } from './plan/plan.ts';
import { report } from './report/report.ts';

await run(async () => {
  const inputs = readInputs();
  const deadline = performance.now() + inputs.timeout;
  const { cloud, credentials, projectId, actor } = await signIn(inputs.google);
  const watch = stopwatch();
  await explaining(actor, async () => {
    const found = await watch.time('look', () =>
      look({ cloud, auth: credentials.client, projectId }, inputs),
    );
    const plan = makePlan(inputs, found, projectId);
    const results = inputs.dryRun ? [] : await carryOut(cloud, plan, { deadline, watch });
    await report(inputs, plan, results, watch.parts);
    const failure = failureOf(plan, results);
    if (failure) throw failure;
  });
});
