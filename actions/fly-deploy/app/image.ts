import { ActionError, cancellation, invalid, log } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { flyEndpoints, tokenParts } from '@gangway/fly';
import { registryOverride } from '@gangway/google-cloud';
import {
  copyImage,
  digestAt,
  digestsOf,
  dockerLogin,
  dockerName,
  type Place,
  parseImageName,
  parseReference,
  type Reference,
  registryClient,
} from '@gangway/registry';
import type { Inputs } from '../inputs.ts';

/** Milliseconds in which a public registry tells what an image is now. */
const PATIENCE = 5000;

/** An image that Fly can pull. */
export interface DeployImage {
  /** By digest, unless it is of a registry that only Fly asks. */
  readonly reference: string;
  /** Digests that machines may show for it; empty where they are not known. */
  readonly digests: readonly string[];
}

/**
 * Makes the image one that Fly can pull. One of Artifact Registry, or of a registry that Docker is signed in to on this
 * runner, is copied to Fly's registry; one of Fly's registry is looked up; any other is left to Fly, which pulls public ones.
 *
 * @param token that may push to the app's repository
 * @throws ActionError `image-missing`, `registry`, `unreachable`
 */
export async function provideImage(
  { image, google }: Pick<Inputs, 'image' | 'google'>,
  app: string,
  token: string,
): Promise<DeployImage> {
  const reference = parseReference(image);
  if (!reference) throw invalid('image', image, 'write HOST/PATH@sha256:DIGEST, or HOST/PATH:TAG');
  const { registry } = flyPlace(app, token);
  const name = parseImageName(`${reference.host}/${reference.path}`);
  if (name) {
    const [host = '', ...path] = dockerName(name, registryOverride()).split('/');
    const { credentials } = await signIn(google);
    const credential = async () => ({
      username: 'oauth2accesstoken',
      password: (await credentials.client.getAccessToken()).token,
    });
    const source = { registry: registryClient(host, credential, cancellation), repository: path.join('/') };
    return copy(source, { registry, repository: app }, await resolve(source, reference, image));
  }
  if (reference.host === registry.host) {
    const place = { registry, repository: reference.path };
    const digests = await digestsOf(place, reference.digest ?? reference.tag);
    const tag = reference.digest ? '' : `:${reference.tag}`;
    return { reference: `${reference.host}/${reference.path}${tag}@${digests[0]}`, digests };
  }
  const login = dockerLogin(reference.host);
  if (await login()) {
    const source = {
      registry: registryClient(reference.host, login, cancellation),
      repository: reference.path,
    };
    return copy(source, { registry, repository: app }, await resolve(source, reference, image));
  }
  log.info(`${image} is pulled by Fly itself, without credentials.`);
  const digests = await publicDigests(reference);
  const named = digests.length === 0 || reference.digest ? image : `${image}@${digests[0]}`;
  return { reference: named, digests };
}

/** What a public image is now; nothing where its registry does not tell, or not at once: flyctl says why then. */
async function publicDigests({ host, path, tag, digest }: Reference): Promise<readonly string[]> {
  const signal = AbortSignal.any([cancellation, AbortSignal.timeout(PATIENCE)]);
  try {
    return await digestsOf(
      { registry: registryClient(host, undefined, signal), repository: path },
      digest ?? tag,
    );
  } catch (error) {
    cancellation.throwIfAborted();
    log.debug(`The digest of ${host}/${path} can't be seen: ${error}`);
    return [];
  }
}

/** The app's repository in Fly's registry. */
export function flyPlace(app: string, token: string): Place {
  const credential = async () => ({ username: 'x', password: flyPassword(token) });
  return { registry: registryClient(flyEndpoints().registry, credential, cancellation), repository: app };
}

/** The password of a token at Fly's registry: of several macaroons all are needed, and no scheme. */
export function flyPassword(token: string): string {
  return tokenParts(token).join(',');
}

async function copy(source: Place, target: Place, digest: string): Promise<DeployImage> {
  // A tag keeps it from being collected, and tells where machines show tags which image it is.
  const tag = `deployment-${digest.slice('sha256:'.length, 'sha256:'.length + 26)}`;
  const reference = `${target.registry.host}/${target.repository}:${tag}@${digest}`;
  const { copied, mounted, there, bytes } = await copyImage(source, target, digest, tag, cancellation);
  log.info(
    copied + mounted + there === 0
      ? `${reference} is there already.`
      : `Copied to ${reference}: ${copied} blobs sent (${(bytes / 1e6).toFixed(1)} MB), ${there + mounted} there already.`,
  );
  return { reference, digests: await digestsOf(source, digest) };
}

async function resolve(place: Place, { digest, tag }: Reference, image: string): Promise<string> {
  const found = digest ?? (await digestAt(place, tag));
  if (found) return found;
  throw new ActionError(`Input "image" names ${image}, which is not in the registry.`, {
    code: 'image-missing',
    hint: 'build and push it first, and check the tag',
  });
}
