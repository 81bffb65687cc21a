import { ActionError, log } from '@gangway/action';
import { imagesIn, type Manifest, nameOfImage, withImages } from '@gangway/kubernetes';
import type { WantedImage } from '../inputs/images.ts';

/**
 * Makes sure that every image of the input is in the manifests: one that is in none would be lost without a word.
 *
 * @throws ActionError `image-unused` that says which images there are
 */
export function checkImagesUsed(manifests: readonly Manifest[], images: readonly WantedImage[]): void {
  const there = [...new Set(manifests.flatMap(({ object }) => imagesIn(object)).map(nameOfImage))];
  const unused = images.find(({ name }) => !there.includes(name));
  if (!unused) return;
  throw new ActionError(`Input "images" names ${unused.name}, which no container in the manifests has.`, {
    code: 'image-unused',
    hint:
      there.length === 0
        ? 'the manifests have no containers: leave images out'
        : `the containers have ${there.join(', ')}: write NAME=IMAGE with one of these as NAME`,
  });
}

/** The manifests with the images in place. */
export function replaceImages(
  manifests: readonly Manifest[],
  images: readonly WantedImage[],
): readonly Manifest[] {
  const replaced = manifests.map((one) => ({ ...one, object: withImages(one.object, images) }));
  const tags = [...new Set(replaced.flatMap(({ object }) => imagesIn(object)))].filter(
    (image) => !image.includes('@'),
  );
  if (tags.length > 0)
    log.info(
      `Not by digest: ${tags.join(', ')}. A tag that moved is not seen as a change, and a node that has an image of that tag may keep it.`,
    );
  return replaced;
}
