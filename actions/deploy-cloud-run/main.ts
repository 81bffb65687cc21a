/**
 * The rooms of this action, in the order in which a step passes through them:
 *
 *   inputs/   what the step is told: read and checked, before any request
 *   knative/  the same out of a YAML file, as `gcloud run services replace` takes it
 *   api/      Cloud Run's resources, as far as the action reads and writes them, and the calls
 *   limits/   what Cloud Run would refuse of it
 *   plan/     compares what is wanted with what is there: pure
 *   deploy/   a revision or a job, its check, its traffic, an execution; why one failed
 */
import { run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { skipFork } from '@gangway/github';
import { explaining } from '@gangway/google-cloud';
import type { Regional } from './deploy/regions.ts';
import { readInputs } from './inputs.ts';
import { refuseBeyondLimits } from './limits/refuse.ts';
import { writeOutputs } from './outputs.ts';
import { deployAndTell, takeAway } from './preview.ts';
import { writeResult } from './summary.ts';

await run(async () => {
  const inputs = readInputs();
  if (inputs.preview && (await skipFork(`The preview of ${inputs.name}`, inputs.google.credentialsJson)))
    return;
  if (!inputs.preview?.destroy) refuseBeyondLimits(inputs);
  const signedIn = await signIn(inputs.google);
  const watch = stopwatch();
  if (inputs.preview?.destroy) {
    await explaining(signedIn.actor, () => takeAway(signedIn, inputs));
    return;
  }
  const report = async (done: readonly Regional[]) => {
    writeOutputs(done);
    for (const { inputs: here, outcome } of done)
      await writeResult(signedIn.projectId, here, outcome, watch.parts);
  };
  await explaining(signedIn.actor, () => deployAndTell(signedIn, inputs, watch, report));
});
