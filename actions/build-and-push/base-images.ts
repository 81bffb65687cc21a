import type { TokenClient } from '@gangway/auth';
import type { Stage } from '@gangway/dockerfile';
import { isDigest, manifestDigest, parseReference, publicDigest, type Reference } from '@gangway/registry';
import { NoKey } from './no-key.ts';

/**
 * The images that stages start from or copy from, as the Dockerfile names them, but for `scratch` and named contexts.
 */
export function baseImages(stages: readonly Stage[], contexts: ReadonlySet<string>): Set<string> {
  const named = stages.flatMap(({ base, images }) => [
    ...(typeof base === 'string' ? [base] : []),
    ...images,
  ]);
  return new Set(named.filter((name) => name !== 'scratch' && !contexts.has(name.toLowerCase())));
}

/**
 * What an image is now, by its registry.
 *
 * @param own the registry that the credentials are for
 * @throws NoKey when the registry does not tell
 */
export async function imageDigest(name: string, own: string, auth: TokenClient): Promise<string> {
  const image = parseReference(name);
  if (!image) throw new NoKey(`"${name}" is no image reference`);
  if (image.digest && isDigest(image.digest)) return image.digest;
  const cure = 'pin it by its digest (NAME@sha256:…) to have unchanged sources reused all the same';
  try {
    const digest = await look(image, own, auth);
    if (digest) return digest;
  } catch (error) {
    const said = error instanceof Error ? error.message : error;
    throw new NoKey(`the base image ${name} can't be looked up (${said}); ${cure}`);
  }
  throw new NoKey(`its registry has no base image ${name}; ${cure}`);
}

function look(image: Reference, own: string, auth: TokenClient): Promise<string | undefined> {
  return image.host === own
    ? manifestDigest(auth, `${image.host}/${image.path}`, image.tag)
    : publicDigest(auth.transporter, image);
}
