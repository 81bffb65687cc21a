import { ActionError } from '@gangway/action/error';
import { registryOverride } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { dockerName, formatImageName, parseImageName } from '../names/image.ts';
import { manifestDigest } from './manifest.ts';

/**
 * An image by its digest: a tag of Artifact Registry is looked up, since a tag that moved would otherwise look unchanged.
 *
 * @param named what names the image, for errors: `Input "image"`
 * @returns undefined for a tag of another registry
 * @throws ActionError `image-missing` when the tag is not there
 */
export async function pinImage(image: string, auth: AuthClient, named: string): Promise<string | undefined> {
  if (image.includes('@')) return image;
  const [, name = '', tag = 'latest'] = /^(.*?)(?::([\w.-]+))?$/.exec(image) ?? [];
  const parsed = parseImageName(name);
  if (!parsed) return undefined;
  const digest = await manifestDigest(auth, dockerName(parsed, registryOverride()), tag);
  if (!digest) {
    throw new ActionError(`${named} names ${image}, which is not in the registry.`, {
      code: 'image-missing',
      hint: 'build and push it first, and check the tag',
    });
  }
  return `${formatImageName(parsed)}@${digest}`;
}
