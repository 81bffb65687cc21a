import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { manifestDigest } from '@gangway/registry';
import type { BuildRequest } from './build.ts';
import type { BuildReport } from './build-report.ts';
import type { CacheInputs } from './cache-inputs.ts';
import { stageCache } from './stage-cache.ts';

/** How one build uses what earlier ones did. */
export interface Cache {
  /** Arguments of the builder. */
  readonly more: readonly string[];
  /** Keeps what the build did. Called when the image is pushed, and never fails. */
  save(report: BuildReport): Promise<void>;
}

/** What a cache is made of: the build but for the cache's own arguments. */
export interface CacheRequest extends Omit<BuildRequest, 'more' | 'references'> {
  /** Whether a tag of the image's repository can't be moved. */
  readonly immutableTags: boolean;
}

const NONE: Cache = { more: [], save: async () => {} };

/**
 * The cache that a builder supports best, as measured (docs/benchmarks.md): with BuildKit everything it did in one cache
 * of the registry, with an older engine an image of each stage. A cache that can't be read makes a build slower, never
 * fail.
 */
export async function prepareCache(request: CacheRequest, auth: TokenClient): Promise<Cache> {
  const { inputs, image, immutableTags } = request;
  if (!inputs.cache || inputs.noCache) return NONE;
  const cache = inputs.cache.image ?? `${image}/cache`;
  const repository = image.slice(0, -inputs.image.name.length);
  if (immutableTags && cache.startsWith(repository)) {
    // All of it would be sent with each build, for a tag that the registry then refuses to move.
    log.info(
      `No cache: tags of the repository ${inputs.image.repository} are immutable, and those of a cache have to move. Input "cache" may name an image of another repository.`,
    );
    return NONE;
  }
  const kind = kindOf(request);
  if (kind === 'none') {
    log.info(
      'No cache: this engine can write none that would save time. docker/setup-buildx-action before this step makes a builder that can.',
    );
    return NONE;
  }
  const held = createLookup(cache, image, auth);
  return kind === 'registry'
    ? registryCache(inputs.cache, cache, held)
    : stageCache(request, inputs.cache, cache, held);
}

/** Tells which tags of the cache are there; where that can't be asked, they may be. */
export type Lookup = (tag: string) => Promise<boolean>;

function createLookup(cache: string, image: string, auth: TokenClient): Lookup {
  const own = cache.split('/')[0] === image.split('/')[0];
  return async (tag) => {
    // The credentials are for the one registry; the builder has those of others.
    if (!own) return true;
    try {
      return (await manifestDigest(auth, cache, tag)) !== undefined;
    } catch (error) {
      log.warning(
        `The cache ${cache}:${tag} can't be read: ${error instanceof Error ? error.message : error}`,
      );
      return false;
    }
  };
}

/** @see https://docs.docker.com/build/cache/backends/registry/ */
async function registryCache({ read, write }: CacheInputs, cache: string, held: Lookup): Promise<Cache> {
  const there: string[] = [];
  for (const tag of read) if (await held(tag)) there.push(tag);
  log.info(
    there.length > 0
      ? `Reads the cache ${there.map((tag) => `${cache}:${tag}`).join(' and ')}.`
      : `There is no cache in ${cache} yet for ${read.join(' or ')}.`,
  );
  return {
    more: [
      ...there.map((tag) => `--cache-from=type=registry,ref=${cache}:${tag}`),
      ...(write
        ? [
            // Artifact Registry takes a cache as an image, and a write that fails must not fail the build.
            `--cache-to=type=registry,ref=${cache}:${write},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
          ]
        : []),
    ],
    save: async () => {},
  };
}

function kindOf({ builder }: CacheRequest): 'registry' | 'stages' | 'none' {
  if (builder.complete) return 'registry';
  if (builder.kind !== 'buildx') return 'stages';
  // Inline caches of stages gain on the BuildKit of old engines; with a current one they cost more than they save.
  return Number.parseInt(builder.engine ?? '', 10) < 23 ? 'stages' : 'none';
}
