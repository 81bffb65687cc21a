import type { Challenge } from './challenge.ts';

/** Docker Hub, which goes by several names, and always answers the first request with the same challenge. */
export const HUB = {
  host: 'registry-1.docker.io',
  /** As Docker's configuration and credential helpers know it. */
  server: 'https://index.docker.io/v1/',
  names: ['index.docker.io', 'docker.io', 'registry-1.docker.io'],
  challenge: {
    scheme: 'bearer',
    realm: 'https://auth.docker.io/token',
    service: 'registry.docker.io',
    scope: undefined,
  } satisfies Challenge,
} as const;
