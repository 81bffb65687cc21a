import { run, setOutputs, stopwatch, writeSummary } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { enable } from './enable.ts';
import { readInputs } from './inputs.ts';

await run(async () => {
  const inputs = readInputs();
  const { cloud, projectId, actor } = await signIn(inputs.google);
  const watch = stopwatch();
  const { enabled, alreadyEnabled } = await watch.time('enable', () =>
    explaining(actor, () => enable(cloud, projectId, inputs)),
  );
  setOutputs({ enabled, already_enabled: alreadyEnabled });
  await writeSummary({
    title: `Services of ${projectId}`,
    lead:
      enabled.length > 0
        ? `${enabled.length} enabled, ${alreadyEnabled.length} already enabled.`
        : 'All services were already enabled; nothing changed.',
    facts: [
      ...enabled.map((name) => [name, 'enabled now'] as const),
      ...alreadyEnabled.map((name) => [name, 'already enabled'] as const),
    ],
    parts: watch.parts,
  });
});
