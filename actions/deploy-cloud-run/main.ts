import { log, run, setOutputs, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { deployService } from './deploy.ts';
import { resolveImage } from './image.ts';
import { readInputs } from './inputs.ts';
import { setInvokers } from './invokers.ts';
import { writeServiceSummary } from './summary.ts';

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
  await writeServiceSummary(inputs, { url, revision, image, change, invokersChanged }, watch.parts);
});
