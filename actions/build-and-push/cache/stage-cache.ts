import { command, lastLines, log } from '@gangway/action';
import type { Stage } from '@gangway/dockerfile';
import { buildArguments } from '../build/arguments.ts';
import { commandEnvironment } from '../build/environment.ts';
import { type CacheInputs, cacheTag } from '../inputs/cache.ts';
import { stagesOf } from '../inputs/stages.ts';
import { type BuildReport, isWork } from '../progress/build-report.ts';
import type { Cache, CacheRequest, Lookup } from './cache.ts';

/** A stage, and the images of it that earlier builds left. */
interface CachedStage {
  readonly name: string;
  /** Undefined for the last stage without a name. */
  readonly target: string | undefined;
  readonly read: string | undefined;
  readonly write: string | undefined;
}

/**
 * Keeps an image of each stage, as one does by hand for engines whose builders export no other cache: each is pushed
 * under a tag of its own, and the next build may take layers from all of them.
 */
export async function stageCache(
  request: CacheRequest,
  tags: CacheInputs,
  cache: string,
  lookup: Lookup,
): Promise<Cache> {
  const stages = await findStages(request, tags, cache, lookup);
  const sources = stages.flatMap(({ read }) => read ?? []);
  log.info(
    sources.length > 0
      ? `Using the cache of the stages ${stages
          .filter(({ read }) => read)
          .map(({ name }) => name)
          .join(', ')} in ${cache}.`
      : `There is no cache in ${cache} yet.`,
  );
  const there = request.builder.kind === 'classic' ? await pull(sources, request) : sources;
  return {
    more: there.map((source) => `--cache-from=${source}`),
    async save(report) {
      const changed = stages.filter(({ name, read }) => !read || isBuilt(report, name));
      if (changed.length === 0 || !tags.write) return;
      await log.group('Cache', async () => {
        const built: string[] = [];
        for (const stage of changed)
          if (await nameStage(stage, report, request)) built.push(stage.write ?? '');
        await Promise.all(built.map((reference) => pushStage(reference, request)));
      });
    },
  };
}

async function findStages(
  { inputs }: CacheRequest,
  { read, write }: CacheInputs,
  cache: string,
  lookup: Lookup,
): Promise<CachedStage[]> {
  let stages: Stage[];
  try {
    stages = stagesOf(inputs);
  } catch (error) {
    // The builder says it better, on the line.
    log.debug(`No stages: ${error}`);
    return [];
  }
  const last = stages.at(-1);
  return Promise.all(
    stages
      .filter((stage) => stage.name !== undefined || stage === last)
      .map(async (stage) => {
        const name = stage.name ?? `stage-${stage.index}`;
        let found: string | undefined;
        for (const branch of read)
          if (!found && (await lookup.held(cacheTag(branch, name)))) found = cacheTag(branch, name);
        return {
          name,
          target: stage.name ?? inputs.target,
          read: found && `${cache}:${found}`,
          write: write && `${cache}:${cacheTag(write, name)}`,
        };
      }),
  );
}

/** Whether an instruction of a stage was carried out. A single stage has no name in BuildKit's words. */
function isBuilt({ steps }: BuildReport, name: string): boolean {
  return steps.some(
    (step) =>
      !step.cached &&
      isWork(step) &&
      (step.stage === name || step.stage === '' || step.stage.endsWith(` ${name}`)),
  );
}

/** The classic builder takes layers only of images that the engine has. */
async function pull(sources: readonly string[], request: CacheRequest): Promise<string[]> {
  const pulled = await Promise.all(
    sources.map(async (source) => {
      const { exitCode, stderr } = await quietly(['pull', '--quiet', source], request);
      if (exitCode !== 0) log.warning(`The cache ${source} can't be read: ${lastLines(stderr, 1)}`);
      return exitCode === 0 ? [source] : [];
    }),
  );
  return pulled.flat();
}

/**
 * Names what the build has just made of a stage. The classic builder said what that is, and would build it again when asked
 * again; to BuildKit each of its instructions is in the engine's own cache.
 */
async function nameStage(stage: CachedStage, report: BuildReport, request: CacheRequest): Promise<boolean> {
  const { name, write = '' } = stage;
  const made = report.images?.get(name);
  const args =
    request.builder.kind === 'classic' ? ['tag', made ?? name, write] : stageArguments(stage, request);
  const { exitCode, stderr } = await quietly(args, request);
  if (exitCode !== 0)
    log.warning(`The stage ${name} can't be kept for the next build: ${lastLines(stderr, 1)}`);
  return exitCode === 0;
}

function stageArguments({ target, write = '' }: CachedStage, request: CacheRequest): string[] {
  const { inputs } = request;
  const buildArgs = { ...inputs.buildArgs, BUILDKIT_INLINE_CACHE: '1' };
  const args = buildArguments({
    ...request,
    inputs: { ...inputs, target, labels: {}, pull: false, buildArgs },
    reference: write,
    secrets: {},
  });
  return [...args, inputs.context];
}

async function pushStage(reference: string, request: CacheRequest): Promise<void> {
  const { exitCode, stderr } = await quietly(['push', '--quiet', reference], request);
  if (exitCode === 0) log.info(`Kept ${reference}.`);
  else log.warning(`The cache ${reference} can't be written: ${lastLines(stderr, 1)}`);
}

function quietly(args: readonly string[], { builder, config }: CacheRequest) {
  return command('docker', args, {
    env: commandEnvironment(builder, config),
    quiet: true,
    allowFailure: true,
  });
}
