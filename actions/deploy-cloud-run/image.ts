import { ActionError, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { pinImage } from '@gangway/registry';
import { mainIndex } from './api/main-container.ts';
import type { Inputs } from './inputs.ts';

/**
 * The main container's image by digest, of the input or of the file: a tag of Artifact Registry is looked up, since a tag that moved would otherwise look
 * unchanged. Images of other registries are left to Cloud Run.
 *
 * @returns undefined when neither names one
 * @throws ActionError `image-missing` when the tag is not there
 */
export async function resolveImage(
  { image: given, described }: Pick<Inputs, 'image' | 'described'>,
  auth: TokenClient,
): Promise<string | undefined> {
  const image = given ?? imageOf(described);
  if (image === undefined) return undefined;
  const pinned = await pinImage(auth, image);
  if (!pinned) {
    throw new ActionError(
      `${given ? 'Input "image"' : 'The file'} names ${image}, which is not in the registry.`,
      {
        code: 'image-missing',
        hint: 'build and push it first, and check the tag',
      },
    );
  }
  if (!pinned.includes('@'))
    log.info(
      `${image} is not in Artifact Registry: Cloud Run resolves the tag, and a tag that moved is not seen as a change.`,
    );
  return pinned;
}

function imageOf(described: Inputs['described']): string | undefined {
  if (!described) return undefined;
  const { containers = [] } =
    (described.kind === 'service' ? described.service.template : described.job.template?.template) ?? {};
  return containers[mainIndex(containers)]?.image;
}
