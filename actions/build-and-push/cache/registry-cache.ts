import { log } from '@gangway/action';
import { type CacheInputs, cacheTag } from '../inputs/cache.ts';
import type { Cache, Lookup } from './cache.ts';

/** How many caches of other images a build reads at most: each is a manifest to fetch before it begins. */
const MOST_OTHERS = 8;

/**
 * Everything that BuildKit did, in one cache of the registry. Where several images keep theirs under one name, each writes a tag of
 * its own, since a cache replaces the one before, and reads those of the others: a stage that all have is built once.
 *
 * @param cache image that the caches are tags of
 * @param name of the image that is built, without its repository
 * @see https://docs.docker.com/build/cache/backends/registry/
 */
export async function registryCache(
  { image, read, write }: CacheInputs,
  cache: string,
  name: string,
  lookup: Lookup,
): Promise<Cache> {
  const shared = image !== undefined;
  const ofImage = (branch: string) => (shared ? cacheTag(branch, name) : branch);
  const there: string[] = [];
  for (const branch of read) {
    if (await lookup.held(ofImage(branch))) there.push(ofImage(branch));
    // What was written before several images could share the name.
    if (shared && (await lookup.held(branch))) there.push(branch);
  }
  const others = shared ? await othersOf(read, there, lookup) : [];
  const sources = [...there, ...others];
  log.info(
    sources.length > 0
      ? `Using the cache ${sources.map((tag) => `${cache}:${tag}`).join(' and ')}.`
      : `There is no cache in ${cache} yet for ${read.join(' or ')}.`,
  );
  return {
    more: [
      ...sources.map((tag) => `--cache-from=type=registry,ref=${cache}:${tag}`),
      ...(write
        ? [
            // Artifact Registry takes a cache as an image, and a write that fails must not fail the build.
            `--cache-to=type=registry,ref=${cache}:${ofImage(write)},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
          ]
        : []),
    ],
    save: async () => {},
  };
}

/** What other images of the branch left, or else of the one that it came from. */
async function othersOf(
  read: readonly string[],
  own: readonly string[],
  lookup: Lookup,
): Promise<readonly string[]> {
  for (const branch of read) {
    const found = (await lookup.startingWith(`${branch}.`)).filter((tag) => !own.includes(tag));
    if (found.length > 0) return found.slice(0, MOST_OTHERS);
  }
  return [];
}
