import { ActionError } from '@gangway/action/error';
import type { Surroundings } from './sources/source.ts';

/** Host names of two labels or more, in lower case. */
export const UNIVERSE = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/**
 * The universe that is meant, whatever the credentials say.
 *
 * @param given the input's; default is what gcloud's environment names
 */
export function meantUniverse(given: string | undefined): string | undefined {
  const { GOOGLE_CLOUD_UNIVERSE_DOMAIN, CLOUDSDK_CORE_UNIVERSE_DOMAIN } = process.env;
  return given || GOOGLE_CLOUD_UNIVERSE_DOMAIN || CLOUDSDK_CORE_UNIVERSE_DOMAIN || undefined;
}

/**
 * The surroundings in the universe that credentials name.
 *
 * @param named the credentials' own universe domain, where they name one
 * @param name what holds the credentials, as a person knows it
 * @throws ActionError `universe-mismatch` when another one is meant: the token must not go there
 * @see https://google.aip.dev/auth/4117
 */
export function inUniverse(named: unknown, name: string, surroundings: Surroundings): Surroundings {
  if (typeof named !== 'string' || named === '') return surroundings;
  const { universeDomain: meant = named } = surroundings;
  if (meant === named && UNIVERSE.test(named)) return { ...surroundings, universeDomain: named };
  throw new ActionError(
    `Input "universe_domain" is "${meant}", but ${name} belongs to the universe "${named}".`,
    {
      code: 'universe-mismatch',
      hint: `leave universe_domain empty, or use credentials of ${meant}`,
    },
  );
}
