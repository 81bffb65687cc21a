import { run, setOutputs, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { placeOf } from './api.ts';
import { resolveImage } from './image.ts';
import { readInputs } from './inputs.ts';
import { deployAll, type Outcome } from './outcome.ts';
import { writeResult } from './summary.ts';

await run(async () => {
  const inputs = readInputs();
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
