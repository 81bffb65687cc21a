import { log, run, setOutputs, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { readInputs } from './inputs.ts';
import { rollOut } from './roll-out.ts';
import { writeServiceSummary } from './summary.ts';

await run(async () => {
  const inputs = readInputs();
  const signedIn = await signIn(inputs.google);
  const watch = stopwatch();
  const { service, image, change, invokersChanged } = await explaining(signedIn.actor, () =>
    rollOut(inputs, signedIn, watch),
  );
  const url = service.uri ?? '';
  const revision = service.latestReadyRevision?.split('/').at(-1) ?? '';
  setOutputs({ url, revision, changed: change !== 'none' || invokersChanged });
  log.info(`${inputs.service} serves at ${url} from ${revision}.`);
  await writeServiceSummary(inputs, { url, revision, image, change, invokersChanged }, watch.parts);
});
