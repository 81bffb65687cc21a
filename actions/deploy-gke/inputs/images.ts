import { input, invalid } from '@gangway/action';
import { nameOfImage } from '@gangway/kubernetes';
import { parseReference } from '@gangway/registry';

/** An image to put in place: as the input says it, not yet by digest. */
export interface WantedImage {
  /** The name that the manifests have, without tag and digest. */
  readonly name: string;
  readonly image: string;
}

const HINT = 'write HOST/PATH@sha256:DIGEST, or HOST/PATH:TAG';

/** @throws ActionError for what is no image, or is named twice */
export function readImages(): readonly WantedImage[] {
  const images = input.list('images').map((line) => {
    const [, name, image = ''] = /^(?:([^=]*)=)?(.*)$/.exec(line) ?? [];
    if (!parseReference(image)) throw invalid('images', line, HINT);
    if (name !== undefined && (nameOfImage(name) !== name || !parseReference(name)))
      throw invalid(
        'images',
        line,
        'before "=" goes the name that the manifests have, without tag and digest',
      );
    return { name: name ?? nameOfImage(image), image };
  });
  for (const [index, { name }] of images.entries())
    if (images.findIndex((other) => other.name === name) !== index)
      throw invalid('images', name, 'it is listed twice; keep one');
  return images;
}

/** @throws ActionError for what is no image */
export function readImage(): string {
  const image = input.required('image', 'set it to the image that the deployment is to get');
  if (!parseReference(image)) throw invalid('image', image, HINT);
  return image;
}
