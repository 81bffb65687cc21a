import type { Context as ContextOf } from '../../contracts.ts';
import type { ArtifactRegistryState } from './state.ts';

/** What the handlers of Artifact Registry work with. */
export type Context = ContextOf<
  { readonly artifactRegistry: ArtifactRegistryState },
  'iam' | 'accounts' | 'tokens' | 'apis'
>;
