import type { Context as ContextOf } from '../../contracts.ts';
import type { VertexAiState } from './model.ts';

/** What the handlers of Vertex AI work with. */
export type Context = ContextOf<{ readonly vertexAi: VertexAiState }, 'iam'>;
