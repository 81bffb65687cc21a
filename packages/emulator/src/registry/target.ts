import type { Call } from '../kernel/http/call.ts';
import { RegistryError, type Target } from '../oci/index.ts';
import type { Context } from './context.ts';

const COMPONENTS = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/**
 * What a repository name of the OCI API means.
 *
 * @param options.host the registry's own name that was asked, which is the first part of the full name
 * @param options.whole whether it may be a repository without an image
 * @throws RegistryError NAME_INVALID
 */
export function parseTarget(
  { imageHomes }: Context,
  name: string,
  { host, whole = false }: { host?: string | undefined; whole?: boolean } = {},
): Target {
  if (COMPONENTS.test(name) && name.length <= 255)
    for (const home of imageHomes) {
      const target = home.find(host && !name.startsWith(`${host}/`) ? `${host}/${name}` : name, whole);
      if (target) return { ...target, name };
    }
  throw new RegistryError('NAME_INVALID', `Invalid repository name "${name}"`);
}

/** The host of Artifact Registry or Container Registry that a call is for; undefined on loopback, where names begin with it. */
export function registryHost({ url: { hostname } }: Call): string | undefined {
  return /^[a-z0-9-]+-docker\.pkg\.dev$|^(?:[a-z]+\.)?gcr\.io$/.test(hostname) ? hostname : undefined;
}
