import { run, setOutputs, stopwatch, writeSummary } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { createApiKey } from './create.ts';
import { readInputs } from './inputs.ts';

await run(async () => {
  const inputs = readInputs();
  const { cloud, projectId } = await signIn(inputs.google);
  const watch = stopwatch();
  const { name, keyString, change } = await watch.time('key', () =>
    explaining({ ...inputs.google, projectId }, () => createApiKey(cloud, projectId, inputs)),
  );
  setOutputs({ key: keyString, name, changed: change !== 'none' });
  await writeSummary({
    title: `API key ${inputs.keyId}`,
    lead: change === 'none' ? 'As wanted already; nothing changed.' : `The key was ${change}.`,
    facts: [
      [
        'May call',
        inputs.targets
          .map(({ service, methods }) => (methods ? `${service} (${methods.join(', ')})` : service))
          .join('\n'),
      ],
      ['From', [...inputs.allowedIps, ...inputs.allowedReferrers].join('\n') || 'anywhere'],
      ['Name', `\`${name}\``],
    ],
    parts: watch.parts,
  });
});
