import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { dockerName, listTags, manifestDigest, parseImageName } from '@gangway/registry';
import type { Cache, CacheRequest, Lookup } from './cache.ts';
import { registryCache } from './registry-cache.ts';
import { stageCache } from './stage-cache.ts';

const NONE: Cache = { more: [], save: async () => {} };

/**
 * The cache that a builder supports best, as measured (docs/benchmarks.md): with BuildKit everything it did in one cache
 * of the registry, with an older engine an image of each stage. A cache that can't be read makes a build slower, never
 * fail.
 */
export async function prepareCache(request: CacheRequest, auth: TokenClient): Promise<Cache> {
  const { inputs, image, immutableTags } = request;
  if (!inputs.cache || inputs.noCache) return NONE;
  const cache = inputs.cache.image ? nameIn(inputs.cache.image) : `${image}/cache`;
  const repository = image.slice(0, -inputs.image.name.length);
  if (immutableTags && cache.startsWith(repository)) {
    // All of it would be sent with each build, for a tag that the registry then refuses to move.
    log.info(
      `No cache: tags of the repository ${inputs.image.repository} are immutable, but those of a cache must move. Input "cache" may name an image of another repository.`,
    );
    return NONE;
  }
  const kind = kindOf(request);
  if (kind === 'none') {
    log.info(
      "No cache: this engine can't write one that would save time. Add docker/setup-buildx-action before this step for a builder that can.",
    );
    return NONE;
  }
  const lookup = createLookup(cache, image, auth);
  return kind === 'registry'
    ? registryCache(inputs.cache, cache, inputs.image.name, lookup)
    : stageCache(request, inputs.cache, cache, lookup);
}

/** Where Docker finds an image of Artifact Registry now; another one, under its own name. */
function nameIn(image: string): string {
  const name = parseImageName(image);
  return name ? dockerName(name, registryOverride()) : image;
}

function createLookup(cache: string, image: string, auth: TokenClient): Lookup {
  // The credentials are for the one registry; the builder has those of others.
  const own = cache.split('/')[0] === image.split('/')[0];
  const warn = (what: string, error: unknown) =>
    log.warning(`The cache ${what} can't be read: ${error instanceof Error ? error.message : error}`);
  return {
    async held(tag) {
      if (!own) return true;
      try {
        return (await manifestDigest(auth, cache, tag)) !== undefined;
      } catch (error) {
        warn(`${cache}:${tag}`, error);
        return false;
      }
    },
    async startingWith(prefix) {
      if (!own) return [];
      try {
        return (await listTags(auth, cache)).filter((tag) => tag.startsWith(prefix));
      } catch (error) {
        warn(cache, error);
        return [];
      }
    },
  };
}

function kindOf({ builder }: CacheRequest): 'registry' | 'stages' | 'none' {
  if (builder.complete) return 'registry';
  if (builder.kind !== 'buildx') return 'stages';
  // Inline caches of stages gain on the BuildKit of old engines; with a current one they cost more than they save.
  return Number.parseInt(builder.engine ?? '', 10) < 23 ? 'stages' : 'none';
}
