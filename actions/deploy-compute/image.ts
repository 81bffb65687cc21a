import { invalid } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { pinImage } from '@gangway/registry';

/**
 * The image by digest, which is what the machine runs and what it is asked about.
 *
 * @throws ActionError for a tag that nobody here can look up
 */
export async function resolveImage(image: string, auth: TokenClient): Promise<string> {
  const pinned = await pinImage(image, auth, 'Input "image"');
  if (pinned !== undefined) return pinned;
  throw invalid(
    'image',
    image,
    'write it with its digest, NAME@sha256:DIGEST: a tag outside Artifact Registry may move, and a machine would run whatever it names when it restarts',
  );
}
