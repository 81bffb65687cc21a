import type { TokenClient } from '@gangway/auth';
import { pinImage } from '@gangway/registry';

/**
 * An image of an input by digest: a tag of Artifact Registry is looked up. Images of other registries are left as they are.
 *
 * @param name of the input
 * @throws ActionError `image-missing` when the tag is not there
 */
export async function resolved(name: string, image: string, auth: TokenClient): Promise<string> {
  return (await pinImage(image, auth, `Input "${name}"`)) ?? image;
}
