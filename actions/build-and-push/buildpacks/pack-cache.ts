import { randomUUID } from 'node:crypto';
import { command, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { getManifest, setTag } from '@gangway/registry';
import type { Inputs } from '../inputs.ts';

/** Where the layers of earlier builds are found, and those of this one left. */
export interface PackCache {
  readonly args: readonly string[];
  /** Removes what must not stay. */
  remove(): Promise<void>;
}

/** What decides on it. */
interface Request {
  readonly inputs: Inputs;
  /** As Docker writes it, without a tag. */
  readonly image: string;
  readonly immutableTags: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * pack's cache image, one a branch, as a tag of `IMAGE/cache`: a branch that has none begins with that of the branch it came from. pack
 * writes what it reads, so the build of a Git tag, which only reads, has none.
 *
 * @see https://buildpacks.io/docs/for-app-developers/how-to/build-outputs/specify-cache/
 */
export async function packCache(request: Request, auth: TokenClient): Promise<PackCache> {
  const { inputs, image, immutableTags } = request;
  const { cache: wanted } = inputs;
  if (!wanted || inputs.noCache) return throwaway(request);
  const cache = wanted.image ?? `${image}/cache`;
  if (immutableTags && cache.startsWith(image.slice(0, -inputs.image.name.length))) {
    log.info(
      `No cache: tags of the repository ${inputs.image.repository} are immutable, but those of a cache must move. Input "cache" may name an image of another repository.`,
    );
    return throwaway(request);
  }
  if (!wanted.write) {
    log.info(
      'No cache: buildpacks write the cache that they read, and the build of a tag leaves those of branches alone.',
    );
    return throwaway(request);
  }
  const own = cache.split('/')[0] === image.split('/')[0];
  if (own) await seed(cache, wanted.write, wanted.read, auth);
  return { args: [`--cache-image=${cache}:${wanted.write}`], remove: async () => {} };
}

/** Gives a branch without a cache that of another. A cache that can't be read makes a build slower, never fail. */
async function seed(cache: string, write: string, read: readonly string[], auth: TokenClient): Promise<void> {
  try {
    for (const tag of [write, ...read]) {
      const held = await getManifest(auth, cache, tag);
      if (!held) continue;
      log.info(`Using the cache ${cache}:${tag}.`);
      if (tag !== write) await setTag(auth, cache, held, write);
      return;
    }
    log.info(`There is no cache in ${cache} yet for ${read.join(' or ')}.`);
  } catch (error) {
    log.warning(`The cache ${cache} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** pack can't do without a cache: a volume of this build's own, which would stay in the engine. */
function throwaway({ env }: Request): PackCache {
  const name = `gangway-pack-${randomUUID()}`;
  return {
    args: [`--cache=type=build;format=volume;name=${name}`],
    async remove() {
      const options = { env, quiet: true, allowFailure: true, evenIfCancelled: true, timeout: 20_000 };
      await command('docker', ['volume', 'rm', '--force', name], options);
    },
  };
}
