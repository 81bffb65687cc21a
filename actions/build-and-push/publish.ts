import { createScratch, log, type Stopwatch } from '@gangway/action';
import type { SignedIn } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { createDockerConfig, dockerName, hostOf } from '@gangway/registry';
import { build } from './build.ts';
import type { BuildReport } from './build-report.ts';
import { findBuilder } from './builder.ts';
import { commitTime } from './commit-time.ts';
import type { Inputs } from './inputs.ts';
import { prepareRepository, requirePushable } from './prepare-repository.ts';
import { push } from './push.ts';
import { takeSpec } from './spec.ts';
import { findStanding } from './standing-image.ts';
import { warnOfStrayCredentials } from './stray-credentials.ts';
import { type Tagged, tagPushed } from './tag-pushed.ts';
import { refuseUnsupported } from './unsupported.ts';

export interface Published extends Tagged {
  /** Whether the repository was created now. */
  readonly created: boolean;
  /** Path of the document that spec_command printed. */
  readonly spec: string | undefined;
  /** Whether immutable tags named the image of this commit already, so that none was built. */
  readonly standing: boolean;
  /** What the builder did. */
  readonly build: BuildReport | undefined;
}

/**
 * Makes the repository be there, builds the image, takes the document out of it, and pushes it under every tag. No tag
 * moves before all else went well.
 */
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
  const name = dockerName(image, registry);
  const references = inputs.tags.map((tag) => `${name}:${tag}`);

  await warnOfStrayCredentials(inputs.context, inputs.file);
  const builder = await findBuilder(inputs.builder, env);
  refuseUnsupported(builder, inputs);
  const epoch = inputs.reproducible ? await commitTime(inputs.context) : undefined;
  const { created, immutableTags } = await watch.time('repository', () => prepareRepository(cloud, inputs));
  const standing = immutableTags ? await findStanding(name, inputs, client) : undefined;
  if (!standing) await requirePushable(cloud, inputs);
  const built = standing
    ? undefined
    : await watch.time('build', () =>
        build({ builder, inputs, image: name, references, epoch, more: [], scratch, config }),
      );
  const digest = standing ?? built?.digest;
  const [first = ''] = references;
  const spec = specCommand
    ? await watch.time('document', () =>
        takeSpec(digest ? `${name}@${digest}` : first, specCommand, scratch, env),
      )
    : undefined;
  const tagged = await watch.time('push', () =>
    log.group('Push', () =>
      digest ? tagPushed(name, digest, inputs.tags, client) : push(name, inputs.tags, config, client),
    ),
  );
  return { ...tagged, created, standing: standing !== undefined, spec, build: built?.report };
}
