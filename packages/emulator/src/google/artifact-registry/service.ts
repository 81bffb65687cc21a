import { service } from '../../contracts.ts';
import { operationRoutes } from '../../kernel/operations/routes.ts';
import { Images } from '../../oci/index.ts';
import { dockerRepositories } from './docker-repositories.ts';
import { parseReference, resolve } from './reference.ts';
import { artifactRegistryRoutes } from './routes.ts';
import { ArtifactRegistryState } from './state.ts';

const API = 'artifactregistry.googleapis.com';

/** Artifact Registry v1, as far as Docker repositories need it (https://cloud.google.com/artifact-registry/docs/reference/rest). */
export const artifactRegistry = service({
  name: API,
  title: 'Artifact Registry API',
  enabled: true,
  scopes: { read: ['cloud-platform.read-only'] },
  permissions: {
    'artifactregistry.dockerimages': 'get list',
    'artifactregistry.files': 'delete download get list update upload',
    'artifactregistry.locations': 'get list',
    'artifactregistry.packages': 'delete get list update',
    'artifactregistry.repositories':
      'create createOnPush delete deleteArtifacts downloadArtifacts get list readViaVirtualRepository update uploadArtifacts getIamPolicy setIamPolicy',
    'artifactregistry.tags': 'create delete get list update',
    'artifactregistry.versions': 'delete get list update',
  },
  deployerRoles: ['roles/artifactregistry.admin'],
  needs: ['iam', 'accounts', 'tokens', 'apis'],
  state: () => ({ artifactRegistry: new ArtifactRegistryState() }),
  save: ({ artifactRegistry }) =>
    artifactRegistry.list('').map(({ resource, images }) => ({ resource, images: images.save() })),
  restore({ artifactRegistry }, saved) {
    for (const { resource, images } of saved) artifactRegistry.add(resource, Images.restore(images));
  },
  provides: (context) => ({
    repositories: {
      find: (reference) => resolve(context.artifactRegistry, reference),
      parse: parseReference,
      mayPull: (principal, repository) =>
        context.iam.allows(principal, 'artifactregistry.repositories.downloadArtifacts', repository),
    },
    imageHomes: [dockerRepositories(context)],
  }),
  routes: [
    ...artifactRegistryRoutes,
    ...operationRoutes({ api: API, version: 'v1', published: { location: ['get', 'cancel'] } }),
  ],
});
