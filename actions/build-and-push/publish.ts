import { createScratch, log, type Stopwatch, withEngineImage } from '@gangway/action';
import type { SignedIn, TokenClient } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { createDockerConfig, dockerName, hostOf } from '@gangway/registry';
import { build } from './build/build.ts';
import { requireEngine } from './builder/builder.ts';
import { usableBuilder } from './builder/usable.ts';
import { buildWithPack } from './buildpacks/build-with-pack.ts';
import { type PackPlan, planPack } from './buildpacks/plan.ts';
import type { PackReport } from './buildpacks/progress.ts';
import { tellCache } from './cache/hits.ts';
import { prepareCache } from './cache/prepare.ts';
import { type Comparison, compareImages } from './compare/compare-images.ts';
import { copyFrom } from './copy/copy-image.ts';
import { commitTime } from './inputs/commit-time.ts';
import type { Inputs } from './inputs.ts';
import type { BuildReport } from './progress/build-report.ts';
import { pushFromEngine } from './push/push-from-engine.ts';
import { staySignedIn } from './push/stay-signed-in.ts';
import { type Tagged, tagPushed } from './push/tag-pushed.ts';
import { prepareRepository } from './repository/prepare.ts';
import { requirePushable } from './repository/pushable.ts';
import { type Found, findBuilt } from './reuse/find-built.ts';
import { remember } from './reuse/remember.ts';
import { findStanding } from './reuse/standing-image.ts';
import { googleRegistries } from './sources/base-images.ts';
import { reachingArguments } from './sources/build-arguments.ts';
import { sourceKey } from './sources/source-key.ts';
import { warnOfStrayCredentials } from './sources/stray-credentials.ts';
import { attach, readAttached } from './spec/attached-spec.ts';
import { takeSpec } from './spec/take-spec.ts';
import { hasStages, pushStages } from './stages/push-stages.ts';

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
  /** What built it where that were buildpacks. */
  readonly pack?: PackPlan & { readonly report: PackReport };
}

/**
 * Provides the image, then puts its OpenAPI document beside it in the registry: that of the repository, or what a build printed.
 */
export async function publish(inputs: Inputs, signedIn: SignedIn, watch: Stopwatch): Promise<Published> {
  const scratch = await createScratch();
  const published = await provide(inputs, signedIn, watch, scratch);
  const { spec = published.spec } = inputs;
  // What was built before has its document already.
  const isNew = inputs.spec !== undefined || (inputs.specCommand !== undefined && !isReused(published));
  if (spec && isNew) {
    const name = dockerName(inputs.image, registryOverride());
    await watch.time('document', () => attach(name, published.digest, spec, signedIn.credentials.client));
  }
  if (inputs.staysSignedIn) await staySignedIn(inputs.image, signedIn.credentials.client, scratch);
  return { ...published, spec };
}

function isReused({ build, standing }: Published): boolean {
  return build === undefined && !standing;
}

/**
 * Sets up the repository as the inputs say. Then copies an image, or takes the one that was built from the same sources before, or that
 * immutable tags name already; or builds the image, with a Dockerfile or with buildpacks, takes the document out of it, and pushes it. No tag moves before all else went
 * well. Other runs may build and push the same names at the same time: what this one built is known to it by a digest, or
 * in the engine by a name of its own.
 */
async function provide(
  inputs: Inputs,
  { cloud, credentials }: SignedIn,
  watch: Stopwatch,
  scratch: string,
): Promise<Published> {
  const { image, specCommand } = inputs;
  const { client } = credentials;
  const registry = registryOverride();
  const name = dockerName(image, registry);
  const { plan, found } = await watch.time('sources', () => look(inputs, name, client, scratch));
  const freshToken = async () => (await client.getYoungToken()).token;
  const others = plan?.builder.hosts ?? (await googleRegistries(inputs));
  const config = await createDockerConfig(scratch, registry ?? hostOf(image), freshToken, {
    others,
    context: inputs.context,
  });
  const { env } = config;
  if (inputs.fromImage) {
    const { fromImage } = inputs;
    const { created } = await watch.time('repository', () => prepareRepository(cloud, inputs));
    await requirePushable(cloud, inputs);
    const digest = await watch.time('copy', () => copyFrom(fromImage, name, client));
    const spec = specCommand
      ? await takeSpec(`${name}@${digest}`, specCommand, scratch, env)
      : await readAttached(name, digest, client, scratch);
    const tagged = await watch.time('tags', () => tagPushed(name, digest, inputs.tags, client));
    return { ...tagged, created, build: undefined, comparison: undefined, standing: false, spec };
  }
  // What the builder can't do is said before anything is changed.
  if (plan && !found.image) await requireEngine(env);
  const usable = found.image || plan ? undefined : await usableBuilder(inputs, env);
  const { created, immutableTags } = await watch.time('repository', () => prepareRepository(cloud, inputs));
  const built = found.image?.manifest.digest;
  const standing = immutableTags ? await findStanding(name, inputs, client, built) : undefined;
  const nothing = { created, build: undefined, comparison: undefined };
  if (found.image && (standing ?? built) === built) {
    const { manifest, spec } = found.image;
    const tagged = await watch.time('tags', () => tagPushed(name, manifest, inputs.tags, client));
    return { ...tagged, ...nothing, standing: false, spec };
  }
  if (standing) {
    const spec = specCommand && (await takeSpec(`${name}@${standing}`, specCommand, scratch, env));
    const tagged = await watch.time('tags', () => tagPushed(name, standing, inputs.tags, client));
    return { ...tagged, ...nothing, standing: true, spec };
  }

  if (plan) {
    const { deletesTags } = await requirePushable(cloud, inputs);
    const request = { ...plan, inputs, image: name, immutableTags, deletesTags, scratch, config };
    const { tagged, spec, report } = await buildWithPack(request, cloud, client, watch);
    await remember(inputs, name, { key: found.key, digest: tagged.digest, spec }, client);
    const comparison = await watch.time('comparison', () => compareImages(name, tagged, client));
    const build = { steps: report.steps, checks: [], failure: undefined, line: undefined };
    return { ...tagged, created, standing: false, spec, build, comparison, pack: { ...plan, report } };
  }

  await warnOfStrayCredentials(inputs.context, inputs.file);
  const epoch = inputs.reproducible ? commitTime(inputs.context) : undefined;
  const { deletesTags } = await requirePushable(cloud, inputs);
  const builder = usable ?? (await usableBuilder(inputs, env));
  const request = { builder, inputs, image: name, epoch, scratch, config };
  const cache = await watch.time('cache', () => prepareCache({ ...request, immutableTags }, client));

  /** @param own what only this step calls the image in the engine; undefined where the builder pushes it by digest */
  const make = async (own: string | undefined) => {
    const { digest, report } = await watch.time('build', () =>
      build({ ...request, reference: own, more: cache.more }),
    );
    tellCache(report);
    const source = own ?? `${name}@${digest}`;
    const spec = specCommand
      ? await watch.time('document', () => takeSpec(source, specCommand, scratch, env))
      : undefined;
    const target = { image: name, key: found.key, immutableTags, deletesTags };
    const tagged = await watch.time('push', () =>
      log.group('Push', () =>
        own
          ? pushFromEngine(own, target, inputs, { cloud, config, auth: client })
          : tagPushed(name, digest ?? '', inputs.tags, client),
      ),
    );
    await watch.time('keeping the cache', () => cache.save(report));
    return { tagged, spec, report };
  };
  const { tagged, spec, report } = builder.pushes
    ? await make(undefined)
    : await withEngineImage(name, env, make);
  if (inputs.stages.length > 0)
    await watch.time('stages', () => pushStages(request, { cloud, auth: client, deletesTags }));
  await remember(inputs, name, { key: found.key, digest: tagged.digest, spec }, client);
  const comparison = await watch.time('comparison', () => compareImages(name, tagged, client));
  return { ...tagged, created, standing: false, spec, build: report, comparison };
}

/** Looks for an image of the same sources; for buildpacks, finds out what they are to build with. */
async function look(
  inputs: Inputs,
  name: string,
  client: TokenClient,
  scratch: string,
): Promise<{ readonly plan: PackPlan | undefined; readonly found: Found }> {
  const { fromImage, buildpacks } = inputs;
  const [host = ''] = name.split('/');
  if (fromImage) return { plan: undefined, found: { key: undefined, image: undefined } };
  if (buildpacks) {
    const plan = await planPack(inputs, buildpacks, host, client, scratch);
    return { plan, found: await findBuilt(inputs, () => plan.key(), name, client, scratch) };
  }
  const args = await reachingArguments(inputs, host, client);
  const keyOf = () => sourceKey(inputs, args, host, client);
  const found = await findBuilt(inputs, keyOf, name, client, scratch);
  if (!found.image || inputs.stages.length === 0) return { plan: undefined, found };
  // Of the same sources they are as they were; what is not there has to be built.
  if (await hasStages(name, inputs.stages, client)) {
    log.info(`The tags of the stages stay as they are, as nothing is built: ${inputs.stages.join(', ')}.`);
    return { plan: undefined, found };
  }
  return { plan: undefined, found: { ...found, image: undefined } };
}
