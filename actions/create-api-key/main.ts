import { run, setOutputs, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { createApiKey } from './create.ts';
import { readInputs } from './inputs.ts';
import { store } from './store.ts';
import { writeKeySummary } from './summary.ts';

await run(async () => {
  const inputs = readInputs();
  const { cloud, projectId, actor } = await signIn(inputs.google);
  const watch = stopwatch();
  const { name, keyString, change } = await watch.time('key', () =>
    explaining(actor, () => createApiKey(cloud, projectId, inputs)),
  );
  const { secret } = inputs;
  const stored =
    secret &&
    (await watch.time('secret', () => explaining(actor, () => store(cloud, projectId, secret, keyString))));
  setOutputs({
    key: stored ? '' : keyString,
    name,
    secret_version: stored?.version ?? '',
    changed: change !== 'none' || stored?.changed === true,
  });
  await writeKeySummary(inputs, { name, change, stored }, watch.parts);
});
