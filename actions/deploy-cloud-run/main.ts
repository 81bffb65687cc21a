import { log, run, setOutputs, stopwatch, writeSummary } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { deployService } from './deploy.ts';
import { resolveImage } from './image.ts';
import { readInputs } from './inputs.ts';
import { setInvokers } from './invokers.ts';

await run(async () => {
  const inputs = readInputs();
  const { cloud, credentials, projectId } = await signIn(inputs.google);
  const watch = stopwatch();
  const image = await resolveImage(inputs.image, credentials.client);
  const { service, change } = await watch.time('revision', () =>
    deployService(cloud, projectId, image, inputs),
  );
  const path = `v2/projects/${projectId}/locations/${inputs.region}/services/${inputs.service}`;
  const { invokers } = inputs;
  const invokersChanged =
    invokers !== undefined && (await watch.time('invokers', () => setInvokers(cloud, path, invokers)));

  const url = service.uri ?? '';
  const revision = service.latestReadyRevision?.split('/').at(-1) ?? '';
  setOutputs({ url, revision, changed: change !== 'none' || invokersChanged });
  log.info(`${inputs.service} serves at ${url} from ${revision}.`);
  await writeSummary({
    title: `Cloud Run service ${inputs.service}`,
    lead: lead(change, invokersChanged),
    facts: [
      ['URL', url],
      ['Revision', `\`${revision}\``],
      ['Image', `\`${image}\``],
      ['Region', inputs.region],
      ['Invokers', invokers?.map((member) => `\`${member}\``).join('\n') ?? 'left alone'],
    ],
    parts: watch.parts,
  });
});

function lead(change: 'created' | 'updated' | 'none', invokersChanged: boolean): string {
  if (change !== 'none') return `The service was ${change}; the new revision serves.`;
  return invokersChanged
    ? 'The revision is as wanted; the invokers were changed.'
    : 'As wanted already; nothing changed.';
}
