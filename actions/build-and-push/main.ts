import {
  cancellation,
  createScratch,
  log,
  removeScratch,
  run,
  setOutputs,
  stopwatch,
  writeSummary,
} from '@gangway/action';
import { signIn } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { createDockerConfig, dockerName, ensureRepository, formatImageName, hostOf } from '@gangway/registry';
import { build } from './build.ts';
import { findBuilder } from './builder.ts';
import { readInputs } from './inputs.ts';
import { push } from './push.ts';
import { takeSpec } from './spec.ts';
import { warnOfStrayCredentials } from './stray-credentials.ts';

await run(async () => {
  const inputs = readInputs();
  const { image, tags } = inputs;
  const { cloud, credentials } = await signIn(inputs.google);
  const scratch = await createScratch();
  const { client } = credentials;
  const config = await createDockerConfig(
    scratch,
    registryOverride() ?? hostOf(image),
    async () => (await client.getYoungToken()).token,
  );
  const references = tags.map((tag) => `${dockerName(image, registryOverride())}:${tag}`);
  const watch = stopwatch();

  await warnOfStrayCredentials(inputs.context, inputs.file);
  const builder = await findBuilder(config.env);
  const created = await watch.time('repository', () =>
    ensureRepository(cloud, image, inputs.createRepository, { timeout: 300_000, signal: cancellation }),
  );
  if (created) log.info(`Created the repository ${image.repository} in ${image.location}.`);
  await watch.time('build', () =>
    log.group('Build', () => build({ builder, inputs, references, scratch, env: config.env })),
  );
  const { specCommand } = inputs;
  const spec =
    specCommand &&
    (await watch.time('document', () => takeSpec(references[0] ?? '', specCommand, scratch, config.env)));
  const digest = await watch.time('push', () => log.group('Push', () => push(references, config, client)));

  const name = formatImageName(image);
  setOutputs({
    image: `${name}@${digest}`,
    digest,
    tags: tags.map((tag) => `${name}:${tag}`),
    spec: spec ?? '',
  });
  log.info(`Pushed ${name}@${digest}.`);
  await writeSummary({
    title: `Image ${image.name}`,
    lead: created ? `Built and pushed; the repository ${image.repository} was created.` : 'Built and pushed.',
    facts: [
      ['Image', `\`${name}\``],
      ['Digest', `\`${digest}\``],
      ['Tags', tags.map((tag) => `\`${tag}\``).join(' ')],
    ],
    parts: watch.parts,
  });
}, removeScratch);
