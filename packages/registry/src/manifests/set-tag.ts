import { ActionError } from '@gangway/action/error';
import type { AuthClient } from 'google-auth-library';
import { getManifest, type HeldManifest, putManifest } from './held-manifest.ts';

/**
 * Puts a manifest that is in the registry under a tag: the tag names it from then on.
 *
 * @param auth adds the access token
 * @param image as Docker writes it: `HOST/PATH`
 * @param held the manifest or index, or its digest
 * @throws ActionError `registry` with what the registry said, `unreachable` when it does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
 */
export async function setTag(
  auth: AuthClient,
  image: string,
  held: HeldManifest | string,
  tag: string,
): Promise<void> {
  const manifest = typeof held === 'string' ? await getManifest(auth, image, held) : held;
  if (!manifest)
    throw new ActionError(`The registry does not have ${image}@${held}, which ${tag} should name.`, {
      code: 'registry',
      hint: 'run the job again; a cleanup policy that is too eager may have removed it',
    });
  await putManifest(auth, image, tag, manifest);
}
