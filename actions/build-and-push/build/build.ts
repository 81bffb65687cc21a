import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, command, log } from '@gangway/action';
import { FileError, LIMITS, readText } from '@gangway/files';
import type { DockerConfig } from '@gangway/registry';
import type { Builder } from '../builder/builder.ts';
import type { Inputs } from '../inputs.ts';
import type { BuildReport } from '../progress/build-report.ts';
import { classicProgress } from '../progress/classic.ts';
import { plainProgress } from '../progress/plain.ts';
import { isPassing, pushErrorIn, refusedPush } from '../push/failure.ts';
import { buildArguments } from './arguments.ts';
import { annotateChecks } from './checks.ts';
import { commandEnvironment } from './environment.ts';
import { buildFailure } from './failure.ts';

const TRIES = 4;

/**
 * The last word of the classic builder, which looks for a step among all images of the engine, where another job removes one of
 * them at that moment (https://github.com/moby/moby/blob/v28.2.2/image/cache/cache.go, getLocalCachedImage).
 */
const LOST_IMAGE = /\nunable to find image "sha256:[0-9a-f]{64}"\s*$/;

export interface BuildRequest {
  readonly builder: Builder;
  readonly inputs: Inputs;
  /** The image without a tag, as Docker writes it. */
  readonly image: string;
  /** What to call the image in the engine, as only this step does; undefined for a builder that pushes. */
  readonly reference: string | undefined;
  /** Seconds since 1970 that stand for every time in a reproducible image. */
  readonly epoch: number | undefined;
  /** Further arguments of the builder, such as where it finds its cache. */
  readonly more: readonly string[];
  /** The step's own directory, for secret files. */
  readonly scratch: string;
  readonly config: DockerConfig;
}

/** What was built. */
export interface Built {
  /** Digest of what the builder pushed by itself, without a tag; undefined when the image is in the engine. */
  readonly digest: string | undefined;
  readonly report: BuildReport;
}

/**
 * Builds the image, its progress in the log: into the registry by digest where the builder pushes by itself, else into
 * the engine under the name of this step's.
 *
 * @throws ActionError that points at the line of the Dockerfile; `push-failed` when the registry did not take it
 */
export async function build(request: BuildRequest): Promise<Built> {
  const { inputs, scratch } = request;
  const folder = join(scratch, 'secrets');
  try {
    const secrets = { ...inputs.secretFiles, ...(await writeSecrets(inputs.secrets, folder)) };
    return await buildWith(request, secrets);
  } finally {
    // As soon as nothing reads them; the post step removes what a step that is killed leaves.
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildWith(request: BuildRequest, secrets: Readonly<Record<string, string>>): Promise<Built> {
  const { builder, inputs, image, scratch, config, more } = request;
  const metadata = join(scratch, 'metadata.json');
  const args = [
    ...buildArguments({ ...request, secrets }),
    ...(builder.pushes ? [`--metadata-file=${metadata}`] : []),
    ...more,
    inputs.context,
  ];
  const env = commandEnvironment(builder, config);
  for (let attempt = 1; ; attempt++) {
    const { exitCode, output, report } = await log.group('Build', () => runBuilder(builder, args, env));
    if (attempt === 1) annotateChecks(report.checks, inputs.file);
    if (exitCode === 0) return { digest: builder.pushes ? pushedDigest(metadata) : undefined, report };
    // Base images may be in the registry too; what kept it from giving a token is the better word for either.
    if (config.failure()) throw config.failure();
    if (attempt < TRIES && builder.kind === 'classic' && LOST_IMAGE.test(output)) {
      log.info('Building again, as an image that the builder looked at was removed meanwhile.');
      continue;
    }
    const unsent = builder.pushes ? pushErrorIn(output) : undefined;
    if (!unsent) throw await buildFailure(report, output, inputs.file, exitCode);
    if (attempt === TRIES || !isPassing(unsent)) throw refusedPush(image, unsent);
    log.info(`Pushing again; finished build steps and uploaded layers are kept: ${unsent}`);
  }
}

async function runBuilder(builder: Builder, args: readonly string[], env: Readonly<Record<string, string>>) {
  const progress = builder.kind === 'classic' ? classicProgress() : plainProgress();
  const { exitCode, stdout, stderr } = await command('docker', args, {
    env,
    allowFailure: true,
    onOutput: (text) => progress.take(text, performance.now()),
  });
  return { exitCode, output: `${stdout}\n${stderr}`, report: progress.end(performance.now()) };
}

/** Secrets go to the builder as files that only this user can read; their paths alone are arguments. */
async function writeSecrets(
  secrets: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, string>> {
  await mkdir(folder, { mode: 0o700 });
  const written = Object.entries(secrets).map(async ([id, value], index): Promise<[string, string]> => {
    const path = join(folder, String(index));
    await writeFile(path, value, { mode: 0o600 });
    return [id, path];
  });
  return Object.fromEntries(await Promise.all(written));
}

function pushedDigest(metadata: string): string {
  let digest: unknown;
  let why = 'it names no digest';
  try {
    ({ 'containerimage.digest': digest } = Object(JSON.parse(readText(metadata, LIMITS.settings))));
  } catch (error) {
    why = error instanceof FileError ? error.message : 'it is not JSON';
  }
  if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new ActionError(
    `buildx pushed the image, but does not say which: ${metadata} is of no use, as ${why}.`,
    {
      code: 'push-failed',
      hint: 'run the job again; if it persists, use the buildx that docker/setup-buildx-action installs',
    },
  );
}
