import { log } from '@gangway/action';
import { digestAt, type Place, tagImage } from '@gangway/registry';
import { NoKey } from '@gangway/sources';

/** Images that were built before, by what they were built from. */
export interface Built {
  /** The one of the same sources, if there is one. */
  readonly image: string | undefined;
  /** Keeps what was built for the next time; nothing that goes wrong there fails the step. */
  remember(image: string): Promise<void>;
}

/**
 * Looks in Fly's registry for an image that was built from the same sources. Nothing that goes wrong here fails the step: it
 * builds then.
 *
 * @param keyOf finds the key of the sources
 * @param place the app's repository
 */
export async function findBuilt(keyOf: () => Promise<string>, place: Place): Promise<Built> {
  try {
    const tag = `gangway-${await keyOf()}`;
    const digest = await digestAt(place, tag);
    return {
      image: digest && `${place.registry.host}/${place.repository}:${tag}@${digest}`,
      remember: (image) => remember(place, image, tag),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.info(
      error instanceof NoKey
        ? `Building, as ${why}.`
        : `Building, because earlier images could not be looked up: ${why}`,
    );
    return { image: undefined, remember: async () => undefined };
  }
}

async function remember(place: Place, image: string, tag: string): Promise<void> {
  try {
    const built = /:([^:/@]+)$/.exec(image)?.[1] ?? '';
    const digest = await digestAt(place, built);
    if (digest) await tagImage(place, digest, tag);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.info(`The image could not be kept for an unchanged rebuild: ${why}`);
  }
}
