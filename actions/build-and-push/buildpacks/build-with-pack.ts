import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ActionError, CLEANING_UP, command, log, type Stopwatch } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { LIMITS, readText } from '@gangway/files';
import { type GoogleCloud, isGoogleError } from '@gangway/google-cloud';
import { isLoopback } from '@gangway/http';
import {
  type DockerConfig,
  deleteTag,
  deleteVersion,
  type HeldManifest,
  isDigest,
  manifestDigest,
  relabelImage,
} from '@gangway/registry';
import { parse } from 'smol-toml';
import type { BuildpacksInputs } from '../inputs/buildpacks.ts';
import type { Inputs } from '../inputs.ts';
import { isPassing } from '../push/failure.ts';
import { type Tagged, tagPushed } from '../push/tag-pushed.ts';
import { takeSpec } from '../spec/take-spec.ts';
import type { BuilderImage } from './builder-image.ts';
import { packCarrier } from './carrier.ts';
import { writeEnvironment } from './environment.ts';
import { packFailure } from './failure.ts';
import { installPack, packHome } from './install-pack.ts';
import { type PackCache, packCache } from './pack-cache.ts';
import { type PackReport, packProgress } from './progress.ts';
import { type Project, writeDescriptor } from './project.ts';

const TRIES = 3;

/** What is built, and where it goes. */
export interface PackRequest {
  readonly inputs: Inputs;
  readonly buildpacks: BuildpacksInputs;
  readonly project: Project;
  readonly builder: BuilderImage;
  /** The image without a tag, as Docker writes it. */
  readonly image: string;
  readonly immutableTags: boolean;
  readonly deletesTags: boolean;
  /** The step's own directory. */
  readonly scratch: string;
  readonly config: DockerConfig;
}

/** What was built and tagged. */
export interface PackBuilt {
  readonly tagged: Tagged;
  readonly spec: string | undefined;
  readonly report: PackReport;
}

/**
 * Builds the image with pack, which publishes it to the registry under a name that nobody deploys by. Then labels it, takes the
 * document out of it, and gives it its tags, in this order: no tag names what is half done.
 *
 * @throws ActionError `buildpacks-none` where no buildpack takes the context, `build-failed` and others for a build that failed
 */
export async function buildWithPack(
  request: PackRequest,
  cloud: GoogleCloud,
  auth: TokenClient,
  watch: Stopwatch,
): Promise<PackBuilt> {
  const { inputs, image, scratch, config } = request;
  const { specCommand, tags } = inputs;
  const pack = await watch.time('pack', () => installPack(request.buildpacks.pack, scratch));
  const cache = await packCache({ ...request, env: config.env }, auth);
  const carrier = packCarrier(request.immutableTags, request.deletesTags);
  let raw: string | undefined;
  try {
    const built = await watch.time('build', () =>
      log.group('Build', () => publishWithPack(pack, `${image}:${carrier.tag}`, request, cache, auth)),
    );
    raw = built.digest;
    const held = await watch.time('labels', () => label(image, built.digest, inputs, auth));
    const spec = specCommand
      ? await watch.time('document', () =>
          takeSpec(`${image}@${held.digest}`, specCommand, scratch, config.env),
        )
      : undefined;
    const tagged = await watch.time('push', () =>
      log.group('Push', () => tagPushed(image, held, tags, auth)),
    );
    return { tagged, spec, report: built.report };
  } finally {
    await cache.remove();
    if (carrier.removed) await removeCarrier(cloud, inputs, carrier.tag, raw);
  }
}

/** @see https://buildpacks.io/docs/for-platform-operators/how-to/build-inputs/pack/cli/pack_build/ */
async function publishWithPack(
  pack: string,
  reference: string,
  { inputs, buildpacks, project, builder, image, scratch, config }: PackRequest,
  cache: PackCache,
  auth: TokenClient,
): Promise<{ digest: string; report: PackReport }> {
  const environment = await writeEnvironment(buildpacks.env, scratch);
  const told = join(scratch, 'report.toml');
  const previous = inputs.noCache ? undefined : await previousImage(image, inputs.tags, auth);
  // A registry on this machine, which the local cloud has, is not seen from a container's own network.
  const network = inputs.network ?? (isLoopback(image.split('/')[0] ?? '') ? 'host' : undefined);
  const args = [
    'build',
    reference,
    `--path=${inputs.context}`,
    `--descriptor=${await writeDescriptor(project, scratch)}`,
    `--builder=${builder.reference}`,
    ...(builder.trusted ? ['--trust-builder'] : []),
    '--publish',
    `--pull-policy=${inputs.pull ? 'always' : 'if-not-present'}`,
    `--env-file=${environment.file}`,
    ...cache.args,
    ...(previous ? [`--previous-image=${previous}`] : []),
    ...(network ? [`--network=${network}`] : []),
    `--report-output-dir=${told}`,
    '--no-color',
    '--timestamps=false',
  ];
  const env = {
    ...environment.variables,
    ...config.env,
    PACK_HOME: packHome(scratch),
    PACK_VOLUME_KEY: 'gangway',
  };
  for (let attempt = 1; ; attempt++) {
    const progress = packProgress();
    const { exitCode, stdout, stderr } = await command(pack, args, {
      env,
      allowFailure: true,
      // It removes its containers then.
      patience: CLEANING_UP,
      onOutput: (text) => progress.take(text, performance.now()),
    });
    const report = progress.end(performance.now());
    if (exitCode === 0) return { digest: publishedDigest(told), report };
    if (config.failure()) throw config.failure();
    const output = `${stdout}\n${stderr}`;
    // What buildpacks print may be about other servers.
    const passing = report.phase !== 'BUILDING' && isPassing(report.output);
    if (attempt === TRIES || !passing) throw packFailure(report, output, builder.name, exitCode);
    log.info('Building again, because a registry failed; uploaded layers are not sent again.');
  }
}

/** An image whose layers can be taken again: the first that one of the tags names already. */
async function previousImage(
  image: string,
  tags: readonly string[],
  auth: TokenClient,
): Promise<string | undefined> {
  for (const tag of tags) {
    const digest = await manifestDigest(auth, image, tag);
    if (digest) return `${image}@${digest}`;
  }
  return undefined;
}

/** What the lifecycle says that it published: pack writes its report to the path, or into it where that is a directory. */
function publishedDigest(told: string): string {
  let digest: unknown;
  if (existsSync(told)) {
    const { image } = parse(readText(told, LIMITS.settings, { lenient: true }));
    ({ digest } = Object(image) as { digest?: unknown });
  }
  if (typeof digest === 'string' && isDigest(digest)) return digest;
  throw new ActionError('pack published the image, but its report does not say which.', {
    code: 'push-failed',
    hint: 'run the job again; if it persists, take the pack of another version under pack_version',
  });
}

async function label(
  image: string,
  digest: string,
  { labels, annotations }: Inputs,
  auth: TokenClient,
): Promise<HeldManifest> {
  const own = Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [name.replace(/^manifest:/, ''), value]),
  );
  return relabelImage(auth, image, digest, { labels, annotations: own });
}

/** Removes the name that pack published by, and the image without labels, which no tag names then. */
async function removeCarrier(
  cloud: GoogleCloud,
  { image }: Inputs,
  tag: string,
  raw: string | undefined,
): Promise<void> {
  try {
    await deleteTag(cloud, image, tag);
  } catch (error) {
    // The build did not get that far.
    if (isGoogleError(error, 404)) return;
    log.info(`The tag ${tag}, under which pack published the image, could not be removed: ${told(error)}`);
    return;
  }
  if (!raw) return;
  // Another run may have built the same, and tag it right now; a deployer may not have the permission, which nothing else takes.
  await deleteVersion(cloud, image, raw).catch((error: unknown) => {
    log.debug(`The image ${raw} without labels stays in the registry: ${told(error)}`);
  });
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
