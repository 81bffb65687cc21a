import { unexpected } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { askRegistry } from '../client/request.ts';
import { isDigest } from '../names/image.ts';
import { MEDIA_TYPES } from './media-types.ts';

/**
 * The digest that a tag or digest of an image names in its registry, or undefined if it is not there.
 *
 * @param auth adds the access token, which Artifact Registry takes as a bearer too
 * @param image as Docker writes it: `HOST/PATH`
 * @param reference tag or digest
 * @throws ActionError `registry` when the registry refuses, `unreachable` when it does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
 */
export async function manifestDigest(
  auth: AuthClient,
  image: string,
  reference: string,
): Promise<string | undefined> {
  const { status, headers } = await askRegistry(auth, {
    method: 'HEAD',
    image,
    path: `manifests/${reference}`,
    headers: { accept: MEDIA_TYPES.join(', ') },
  });
  if (status === 404) return undefined;
  const digest = headers.get('docker-content-digest') ?? '';
  if (!isDigest(digest)) throw unexpected(`HEAD ${image}:${reference}`, 'it tells no digest');
  return digest;
}
