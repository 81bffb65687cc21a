import { run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { readInputs } from './inputs.ts';
import { publish } from './publish.ts';
import { report } from './report.ts';

await run(async () => {
  const inputs = readInputs();
  const signedIn = await signIn(inputs.google);
  const watch = stopwatch();
  await report(inputs, await explaining(signedIn.actor, () => publish(inputs, signedIn, watch)), watch);
});
