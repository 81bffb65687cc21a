import { log } from '@gangway/action';
import type { CacheInputs } from '../inputs/cache.ts';
import type { Cache, Lookup } from './cache.ts';

/**
 * Everything that BuildKit did, in one cache of the registry.
 *
 * @see https://docs.docker.com/build/cache/backends/registry/
 */
export async function registryCache(
  { read, write }: CacheInputs,
  cache: string,
  held: Lookup,
): Promise<Cache> {
  const there: string[] = [];
  for (const tag of read) if (await held(tag)) there.push(tag);
  log.info(
    there.length > 0
      ? `Using the cache ${there.map((tag) => `${cache}:${tag}`).join(' and ')}.`
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
