import { ActionError, cancellation, counted, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import {
  copyImage,
  digestAt,
  dockerLogin,
  dockerName,
  type Place,
  parseImageName,
  type Reference,
  type RegistryCredential,
  registryClient,
} from '@gangway/registry';

/**
 * Copies an image of any registry to the image's own by its digest, which stays what it is, without an engine. The layers that
 * are there are not sent again. Google's registries are read with the step's credentials, others with those that Docker has.
 *
 * @param image as Docker writes it, without a tag
 * @returns the digest
 * @throws ActionError `image-missing`, `registry`, `unreachable`
 */
export async function copyFrom(from: Reference, image: string, auth: TokenClient): Promise<string> {
  const token = async () => ({
    username: 'oauth2accesstoken',
    password: (await auth.getYoungToken()).token,
  });
  const source = await sourceOf(from, token);
  const target = placeOf(image, token);
  const written = `${from.host}/${from.path}${from.tag && `:${from.tag}`}`;
  const digest = from.digest ?? (await digestAt(source, from.tag));
  if (!digest)
    throw new ActionError(`Input "from_image" names ${written}, which is not in its registry.`, {
      code: 'image-missing',
      hint: 'build and push it first, and check the tag',
    });
  const { copied, mounted, there, bytes } = await copyImage(source, target, digest, digest, cancellation);
  log.info(
    copied + mounted + there === 0
      ? `${image}@${digest} is there already.`
      : `Copied ${written}@${digest}: ${counted(copied, 'blob')} sent (${(bytes / 1e6).toFixed(1)} MB), ${mounted + there} there already.`,
  );
  return digest;
}

/** Where an image is read: at Google with the step's token, unless Docker has a login of its own there. */
async function sourceOf({ host, path }: Reference, token: RegistryCredential): Promise<Place> {
  const login = dockerLogin(host);
  const google = parseImageName(`${host}/${path}`);
  if (google && !(await login())) return placeOf(dockerName(google, registryOverride()), token);
  return { registry: registryClient(host, login, cancellation), repository: path };
}

function placeOf(image: string, credential: RegistryCredential): Place {
  const [host = '', ...path] = image.split('/');
  return { registry: registryClient(host, credential, cancellation), repository: path.join('/') };
}
