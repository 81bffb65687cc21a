import type { Context as ContextOf } from '../contracts.ts';
import type { BlobStore } from './blobs.ts';
import type { RegistryTokens } from './tokens.ts';

export interface RegistryState {
  readonly blobs: BlobStore;
  readonly registryTokens: RegistryTokens;
}

/** What the handlers of the registry work with. */
export type Context = ContextOf<RegistryState, 'imageHomes'>;
