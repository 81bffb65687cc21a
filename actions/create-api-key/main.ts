import { run, setOutputs, stopwatch, writeSummary } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { createApiKey } from './create.ts';
import { readInputs } from './inputs.ts';
import { store } from './store.ts';

await run(async () => {
  const inputs = readInputs();
  const { cloud, projectId } = await signIn(inputs.google);
  const watch = stopwatch();
  const actor = { ...inputs.google, projectId };
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
  await writeSummary({
    title: `API key ${inputs.keyId}`,
    lead:
      change === 'none'
        ? `As wanted already; ${stored?.changed ? 'stored anew' : 'nothing changed'}.`
        : `The key was ${change}.`,
    facts: [
      [
        'May call',
        inputs.targets
          .map(({ service, methods }) => (methods ? `${service} (${methods.join(', ')})` : service))
          .join('\n'),
      ],
      ['From', [...inputs.allowedIps, ...inputs.allowedReferrers].join('\n') || 'anywhere'],
      ['Name', `\`${name}\``],
      ...(stored ? [['Stored as', `\`${stored.version}\``] as const] : []),
    ],
    parts: watch.parts,
  });
});
