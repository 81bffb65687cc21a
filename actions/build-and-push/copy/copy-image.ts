import { ActionError, cancellation, counted, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import {
  copyImage,
  digestAt,
  dockerLogin,
  dockerName,
  listReferrer,
  type Place,
  parseImageName,
  type Reference,
  type RegistryCredential,
  referrersOf,
  registryClient,
} from '@gangway/registry';

/**
 * Copies an image of any registry to the image's own by its digest, which stays what it is, without an engine; and with it what
 * refers to it, such as its OpenAPI document and attestations. The layers that are there are not sent again. Google's registries are read with the step's credentials, others with those that Docker has.
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
  const referring = await copyReferrers(source, target, digest);
  log.info(
    copied + mounted + there === 0
      ? `${image}@${digest} is there already.`
      : `Copied ${written}@${digest}: ${counted(copied, 'blob')} sent (${(bytes / 1e6).toFixed(1)} MB), ${mounted + there} there already.`,
  );
  if (referring > 0)
    log.info(
      `With it ${referring === 1 ? 'goes' : 'go'} ${counted(referring, 'document')} that ${referring === 1 ? 'refers' : 'refer'} to it.`,
    );
  return digest;
}

/** Nothing but the image itself is needed for what runs: what can't be copied beside it is a warning. */
async function copyReferrers(source: Place, target: Place, digest: string): Promise<number> {
  if (source.registry.host === target.registry.host && source.repository === target.repository) return 0;
  try {
    const found = await referrersOf(source, digest);
    for (const referrer of found) {
      await copyImage(source, target, referrer.digest, referrer.digest, cancellation);
      await listReferrer(target, digest, referrer);
    }
    return found.length;
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(
      `What refers to the image, such as its OpenAPI document and attestations, was not copied: ${error instanceof Error ? error.message : error}`,
    );
    return 0;
  }
}

/** Where an image is read: at Google with the step's token, unless Docker has a login of its own there. */
async function sourceOf({ host, path }: Reference, token: RegistryCredential): Promise<Place> {
  const login = dockerLogin(host);
  const google = parseImageName(`${host}/${path}`);
  if (google && !(await login())) return placeOf(dockerName(google, registryOverride()), token);
  return { registry: registryClient(host, login, cancellation), repository: path };
}

/** Where an image of Google's registries is. */
export function placeOf(image: string, credential: RegistryCredential): Place {
  const [host = '', ...path] = image.split('/');
  return { registry: registryClient(host, credential, cancellation), repository: path.join('/') };
}
