import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { imageLayers, type Layer } from '@gangway/registry';
import type { Tagged } from '../push/tag-pushed.ts';
import { differenceOf, earlierBuild } from './earlier-build.ts';

/** An image beside those that its tags named before. */
export interface Comparison {
  readonly layers: readonly Layer[];
  /** Layers of the image before, if there was another. */
  readonly before: readonly Layer[] | undefined;
  /** Another image that an earlier build of the same commit gave. */
  readonly earlier: { readonly digest: string; readonly difference: string } | undefined;
}

/** Compares what was pushed with what was there. It is for people to read: where the registry refuses, there is less. */
export async function compareImages(image: string, tagged: Tagged, auth: TokenClient): Promise<Comparison> {
  const layersOf = (digest: string): Promise<readonly Layer[] | undefined> =>
    imageLayers(auth, image, digest).catch((error: unknown) => {
      log.debug(`The layers of ${digest} can't be seen: ${error}`);
      return undefined;
    });
  const previous =
    tagged.before.get('latest') ?? [...tagged.before.values()].find((held) => held !== undefined);
  const earlier = earlierBuild(tagged);
  const layers = (await layersOf(tagged.digest)) ?? [];
  const before = previous && previous !== tagged.digest ? await layersOf(previous) : undefined;
  const other = earlier && (earlier === previous ? before : await layersOf(earlier));
  return {
    layers,
    before,
    earlier: earlier
      ? { digest: earlier, difference: other ? differenceOf(layers, other) : 'its layers are gone' }
      : undefined,
  };
}
