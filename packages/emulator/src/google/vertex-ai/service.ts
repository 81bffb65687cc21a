import { service } from '../../contracts.ts';
import { VertexAiState } from './model.ts';
import { generateRoutes } from './routes.ts';

/** The part of the Vertex AI API v1, and v1beta1, that asks Gemini (https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest); its model is canned. */
export const vertexAi = service({
  name: 'aiplatform.googleapis.com',
  title: 'Vertex AI API',
  // A region's own host, and those of the multi-regions.
  hosts: [
    '*-aiplatform.googleapis.com',
    'aiplatform.us.rep.googleapis.com',
    'aiplatform.eu.rep.googleapis.com',
  ],
  scopes: { read: ['cloud-platform.read-only'] },
  permissions: { 'aiplatform.endpoints': 'predict' },
  roles: {
    'roles/editor': ['aiplatform.endpoints.predict'],
    'roles/aiplatform.admin': ['aiplatform.*'],
    'roles/aiplatform.user': ['aiplatform.endpoints.predict'],
  },
  needs: ['iam'],
  state: () => ({ vertexAi: new VertexAiState() }),
  routes: generateRoutes,
});
