import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { DockerfileError, parseDockerfile, readStages, stagesFor } from '@gangway/dockerfile';
import { FileError, LIMITS, readText } from '@gangway/files';
import {
  digestAt,
  dockerLogin,
  type ImageConfig,
  imageConfig,
  isDigest,
  manifestDigest,
  parseReference,
  type Reference,
  registryClient,
} from '@gangway/registry';
import { baseImages, NoKey } from '@gangway/sources';
import type { Inputs } from '../inputs.ts';

/**
 * Registries of Google's that a build takes images from beside its own: the same token reads them all.
 *
 * @returns none where the Dockerfile can't be read, which the builder says better
 */
export async function googleRegistries({
  file,
  buildArgs,
  buildContexts,
  target,
}: Pick<Inputs, 'file' | 'buildArgs' | 'buildContexts' | 'target'>): Promise<string[]> {
  try {
    const text = readText(file, LIMITS.dockerfile, { lenient: true });
    const stages = readStages(parseDockerfile(text), { buildArgs });
    const named = Object.values(buildContexts).flatMap((source) => imageContext(source) ?? []);
    const names = [...baseImages(stagesFor(stages, target)), ...named];
    const hosts = names.flatMap((name) => parseReference(name)?.host ?? []);
    return [...new Set(hosts.filter((host) => GOOGLE.test(host)))];
  } catch (error) {
    if (error instanceof DockerfileError || error instanceof FileError) return [];
    throw error;
  }
}

/** The image that a value of build_contexts names, if it is one. */
export function imageContext(source: string): string | undefined {
  return /^docker-image:\/\/(.+)$/.exec(source)?.[1];
}

/** Not those of gcr.io, where public images are that some accounts may not ask for by name. */
const GOOGLE = /^[a-z0-9-]+-docker\.pkg\.dev$/;

/** Milliseconds in which a registry other than the own has to tell what a base image is now. */
const PATIENCE = 5000;

/**
 * What an image is now, by its registry.
 *
 * @param own the registry that the credentials are for
 * @throws NoKey when the registry does not tell
 */
export async function imageDigest(name: string, own: string, auth: TokenClient): Promise<string> {
  const image = parseReference(name);
  if (!image) throw new NoKey(`"${name}" is not an image reference`);
  if (image.digest && isDigest(image.digest)) return image.digest;
  const signIn =
    image.host === own ? '' : `sign in to ${image.host} with docker/login-action before this step, or `;
  const cure = `${signIn}pin the image by its digest (NAME@sha256:…), so that unchanged sources are reused nevertheless`;
  try {
    const digest = await look(image, own, auth);
    if (digest) return digest;
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/\.$/, '') : error;
    throw new NoKey(`the base image ${name} can't be looked up (${said}); ${cure}`);
  }
  throw new NoKey(`its registry has no base image ${name}; ${cure}`);
}

/**
 * The ONBUILD instructions of an image, by its registry; undefined where it does not tell.
 *
 * @param platform what is built for
 * @param own the registry that the credentials are for
 */
export async function triggersOf(
  name: string,
  platform: string,
  own: string,
  auth: TokenClient,
): Promise<readonly string[] | undefined> {
  return (await configOf(name, platform, own, auth))?.onBuild;
}

/** The labels of an image likewise. */
export async function labelsOf(
  name: string,
  platform: string,
  own: string,
  auth: TokenClient,
): Promise<Readonly<Record<string, string>> | undefined> {
  return (await configOf(name, platform, own, auth))?.labels;
}

async function configOf(
  name: string,
  platform: string,
  own: string,
  auth: TokenClient,
): Promise<ImageConfig | undefined> {
  const image = parseReference(name);
  if (!image) return undefined;
  const { host, path, tag, digest } = image;
  const login = dockerLogin(host);
  const token = async () => ({
    username: 'oauth2accesstoken',
    password: (await auth.getYoungToken()).token,
  });
  const ours = host === own || (GOOGLE.test(host) && !(await login()));
  const registry = registryClient(host, ours ? token : login, AbortSignal.timeout(PATIENCE));
  try {
    return await imageConfig({ registry, repository: path }, digest ?? tag, platform);
  } catch (error) {
    log.debug(`The configuration of ${name} can't be seen: ${error}`);
    return undefined;
  }
}

async function look(
  { host, path, tag }: Reference,
  own: string,
  auth: TokenClient,
): Promise<string | undefined> {
  if (host === own) return manifestDigest(auth, `${host}/${path}`, tag);
  const login = dockerLogin(host);
  if (GOOGLE.test(host) && !(await login())) return manifestDigest(auth, `${host}/${path}`, tag);
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const registry = registryClient(host, login, signal);
    return await digestAt({ registry, repository: path }, tag, { retry: false });
  } catch (error) {
    throw signal.aborted ? new Error(`${host} did not answer within ${PATIENCE / 1000} s`) : error;
  }
}
