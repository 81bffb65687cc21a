import { registryOverride } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { dockerName, formatImageName, parseImageName } from '../names/image.ts';
import { manifestDigest } from './manifest.ts';

/**
 * An image by digest: a tag of Artifact Registry, or the tag `latest` where it names none, is looked up. What has a digest already, and what is in another
 * registry, stays as it is.
 *
 * @param auth adds the access token
 * @returns undefined when the tag is not there
 * @throws ActionError as {@link manifestDigest}
 */
export async function pinImage(auth: AuthClient, image: string): Promise<string | undefined> {
  const [, name = '', tag = 'latest'] = /^(.*?)(?::([\w.-]+))?$/.exec(image) ?? [];
  const parsed = image.includes('@') ? undefined : parseImageName(name);
  if (!parsed) return image;
  const digest = await manifestDigest(auth, dockerName(parsed, registryOverride()), tag);
  return digest && `${formatImageName(parsed)}@${digest}`;
}
