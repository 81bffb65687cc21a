import { join } from 'node:path';
import { service } from '../contracts.ts';
import type { Platform } from '../kernel/service/platform.ts';
import { BlobStore } from './blobs.ts';
import type { RegistryState } from './context.ts';
import { registryRoutes } from './routes.ts';
import { RegistryTokens } from './tokens.ts';

/** The OCI registry: the distribution specification v1.1 behind Google's token flow. Whose images it has, others say. */
export const registry = service({
  name: 'registry',
  title: 'OCI registry',
  hosts: ['*.pkg.dev', 'gcr.io', '*.gcr.io', 'registry.fly.io'],
  prefix: undefined,
  needs: ['imageHomes'],
  state: async ({ data }: Platform): Promise<RegistryState> => ({
    blobs: await BlobStore.create(undefined, data && join(data, 'blobs')),
    registryTokens: new RegistryTokens(),
  }),
  routes: registryRoutes,
  env: ({ origin }) => ({ GANGWAY_REGISTRY_HOST: new URL(origin).host }),
  expireTokens: ({ registryTokens }) => registryTokens.expire(),
  close: ({ blobs }) => blobs.close(),
});
