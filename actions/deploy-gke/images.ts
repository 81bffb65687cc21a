import { ActionError } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { pinImage } from '@gangway/registry';

/**
 * An image of an input by digest: a tag of Artifact Registry is looked up. Images of other registries are left as they are.
 *
 * @param name of the input
 * @throws ActionError `image-missing` when the tag is not there
 */
export async function resolved(name: string, image: string, auth: TokenClient): Promise<string> {
  const pinned = await pinImage(auth, image);
  if (pinned) return pinned;
  throw new ActionError(`Input "${name}" names ${image}, which is not in the registry.`, {
    code: 'image-missing',
    hint: 'build and push it first, and check the tag',
  });
}
