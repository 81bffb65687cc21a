import { createScratch, log, type Stopwatch } from '@gangway/action';
import type { SignedIn } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { createDockerConfig, dockerName, hostOf } from '@gangway/registry';
import { build } from './build/build.ts';
import { usableBuilder } from './builder/usable.ts';
import { tellCache } from './cache/hits.ts';
import { prepareCache } from './cache/prepare.ts';
import { type Comparison, compareImages } from './compare/compare-images.ts';
import { commitTime } from './inputs/commit-time.ts';
import type { Inputs } from './inputs.ts';
import type { BuildReport } from './progress/build-report.ts';
import { push } from './push/push.ts';
import { type Tagged, tagPushed } from './push/tag-pushed.ts';
import { prepareRepository } from './repository/prepare.ts';
import { requirePushable } from './repository/pushable.ts';
import { findBuilt } from './reuse/find-built.ts';
import { remember } from './reuse/remember.ts';
import { findStanding } from './reuse/standing-image.ts';
import { googleRegistries } from './sources/base-images.ts';
import { warnOfStrayCredentials } from './sources/stray-credentials.ts';
import { takeSpec } from './spec/take-spec.ts';

export interface Published extends Tagged {
  /** Whether the repository was created now. */
  readonly created: boolean;
  /** Whether immutable tags named the image of this commit already. */
  readonly standing: boolean;
  /** Path of the document that spec_command printed. */
  readonly spec: string | undefined;
  /** What the builder did; undefined where an image of the same sources was there, and nothing was built. */
  readonly build: BuildReport | undefined;
  /** What was built beside the images that its tags named before. */
  readonly comparison: Comparison | undefined;
}

/**
 * Makes the repository be as wanted; then takes the image that was built from the same sources before, or that immutable
 * tags name already; or builds the image, takes the document out of it, and pushes it. No tag moves before all else went
 * well.
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
  const name = dockerName(image, registry);
  const found = await watch.time('sources', () => findBuilt(inputs, name, client, scratch));
  const freshToken = async () => (await client.getYoungToken()).token;
  const others = await googleRegistries(inputs);
  const config = await createDockerConfig(scratch, registry ?? hostOf(image), freshToken, others);
  const { env } = config;
  // What the builder can't do is said before anything is changed.
  const builder = found.image ? undefined : await usableBuilder(inputs, env);
  const { created, immutableTags } = await watch.time('repository', () => prepareRepository(cloud, inputs));
  const built = found.image?.manifest.digest;
  const standing = immutableTags ? await findStanding(name, inputs, client, built) : undefined;
  const nothing = { created, build: undefined, comparison: undefined };
  if (found.image && (standing ?? built) === built) {
    const { manifest, spec } = found.image;
    const tagged = await watch.time('tags', () => tagPushed(name, manifest, inputs.tags, client));
    return { ...tagged, ...nothing, standing: false, spec };
  }
  const references = inputs.tags.map((tag) => `${name}:${tag}`);
  if (standing) {
    const spec = specCommand && (await takeSpec(`${name}@${standing}`, specCommand, scratch, env));
    const tagged = await watch.time('tags', () => tagPushed(name, standing, inputs.tags, client));
    return { ...tagged, ...nothing, standing: true, spec };
  }

  await warnOfStrayCredentials(inputs.context, inputs.file);
  const epoch = inputs.reproducible ? commitTime(inputs.context) : undefined;
  await requirePushable(cloud, inputs);
  const request = {
    builder: builder ?? (await usableBuilder(inputs, env)),
    inputs,
    image: name,
    epoch,
    scratch,
    config,
  };
  const cache = await watch.time('cache', () => prepareCache({ ...request, immutableTags }, client));
  const { digest, report } = await watch.time('build', () =>
    build({ ...request, references, more: cache.more }),
  );
  tellCache(report);
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
  await watch.time('keeping the cache', () => cache.save(report));
  await remember(inputs, name, { key: found.key, digest: tagged.digest, spec }, client);
  const comparison = await watch.time('comparison', () => compareImages(name, tagged, client));
  return { ...tagged, created, standing: false, spec, build: report, comparison };
}
