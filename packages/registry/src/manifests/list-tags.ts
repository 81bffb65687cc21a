import { fields, list, parseJson, text } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { askRegistry } from '../client/request.ts';

/**
 * The tags of an image, a thousand at most; none where there is no such image.
 *
 * @param auth adds the access token, which Artifact Registry takes as a bearer too
 * @param image as Docker writes it: `HOST/PATH`
 * @throws ActionError `registry` when the registry refuses, `unreachable` when it does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
 */
export async function listTags(auth: AuthClient, image: string): Promise<readonly string[]> {
  const path = 'tags/list?n=1000';
  const { status, body } = await askRegistry(auth, { method: 'GET', image, path });
  if (status === 404) return [];
  return parseJson(body, `GET ${image}/${path}`, fields({ tags: list(text) })).tags;
}
