import { cancellation, createScratch, log, type Stopwatch } from '@gangway/action';
import type { SignedIn } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { createDockerConfig, dockerName, ensureRepository, hostOf } from '@gangway/registry';
import { build } from './build.ts';
import { findBuilder } from './builder.ts';
import type { Inputs } from './inputs.ts';
import { push } from './push.ts';
import { takeSpec } from './spec.ts';
import { warnOfStrayCredentials } from './stray-credentials.ts';

export interface Published {
  readonly digest: string;
  /** Whether a tag names another image than before. */
  readonly changed: boolean;
  /** Whether the repository was created now. */
  readonly created: boolean;
  /** Path of the document that spec_command printed. */
  readonly spec: string | undefined;
}

/** Makes the repository be there, builds the image, takes the document out of it, and pushes it under every tag. */
export async function publish(
  inputs: Inputs,
  { cloud, credentials }: SignedIn,
  watch: Stopwatch,
): Promise<Published> {
  const { image, specCommand } = inputs;
  const { client } = credentials;
  const scratch = await createScratch();
  const registry = registryOverride();
  const freshToken = async () => (await client.getYoungToken()).token;
  const config = await createDockerConfig(scratch, registry ?? hostOf(image), freshToken);
  const { env } = config;
  const references = inputs.tags.map((tag) => `${dockerName(image, registry)}:${tag}`);

  await warnOfStrayCredentials(inputs.context, inputs.file);
  const builder = await findBuilder(env);
  const created = await watch.time('repository', () =>
    ensureRepository(cloud, image, inputs.createRepository, { timeout: 300_000, signal: cancellation }),
  );
  if (created) log.info(`Created the repository ${image.repository} in ${image.location}.`);
  await watch.time('build', () =>
    log.group('Build', () => build({ builder, inputs, references, scratch, env })),
  );
  const [first = ''] = references;
  const spec = specCommand
    ? await watch.time('document', () => takeSpec(first, specCommand, scratch, env))
    : undefined;
  const pushed = await watch.time('push', () => log.group('Push', () => push(references, config, client)));
  return { ...pushed, created, spec };
}
