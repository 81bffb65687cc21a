import type { TokenClient } from '@gangway/auth';
import type { ImageChange } from '@gangway/kubernetes';
import { pinImage } from '@gangway/registry';
import type { Inputs } from './inputs.ts';

/**
 * The images of the inputs by digest: a tag of Artifact Registry is looked up. Images of other registries are left as they are.
 *
 * @throws ActionError `image-missing` when a tag is not there
 */
export async function resolvedImages(work: Inputs['work'], auth: TokenClient): Promise<ImageChange[]> {
  const resolved = async (name: string, image: string) =>
    (await pinImage(image, auth, `Input "${name}"`)) ?? image;
  if (work.kind === 'manifests')
    return Promise.all(
      work.images.map(async ({ name, image }) => ({ name, image: await resolved('images', image) })),
    );
  return work.image === undefined ? [] : [{ name: '', image: await resolved('image', work.image) }];
}
