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
import { run, setOutputs, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { placeOf } from './api/place.ts';
import { deployAll, type Outcome } from './deploy/outcome.ts';
import { resolveImage } from './image.ts';
import { readInputs } from './inputs.ts';
import { refuseBeyondLimits } from './limits/refuse.ts';
import { writeResult } from './summary.ts';

await run(async () => {
  const inputs = readInputs();
  refuseBeyondLimits(inputs);
  const signedIn = await signIn(inputs.google);
  const watch = stopwatch();
  const outcome: Outcome = await explaining(signedIn.actor, async () => {
    const image = await resolveImage(inputs, signedIn.credentials.client);
    return deployAll(placeOf(signedIn.cloud, signedIn.projectId, inputs), image, inputs, watch);
  });
  const { url, revision, previousRevision, tagUrl, execution, changed } = outcome;
  setOutputs({ url, revision, previous_revision: previousRevision, tag_url: tagUrl, execution, changed });
  await writeResult(signedIn.projectId, inputs, outcome, watch.parts);
});
