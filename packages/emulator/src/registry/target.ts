import { RegistryError, type Target } from '../oci/index.ts';
import type { Context } from './context.ts';

const COMPONENTS = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** What a repository name of the OCI API means. @throws RegistryError NAME_INVALID */
export function parseTarget({ imageHomes }: Context, name: string): Target {
  if (COMPONENTS.test(name) && name.length <= 255)
    for (const home of imageHomes) {
      const target = home.find(name);
      if (target) return target;
    }
  throw new RegistryError('NAME_INVALID', `Invalid repository name "${name}"`);
}
