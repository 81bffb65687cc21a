import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { operationName } from '../../kernel/operations/operations.ts';
import { page } from '../../kernel/resources/page.ts';
import { sizeOf } from '../../oci/index.ts';
import type { Context } from './context.ts';
import { gcrLocation } from './gcr.ts';
import { LOCATIONS } from './locations.ts';
import { applyPatch, initialSettings } from './settings.ts';
import type { Repository, StoredRepository } from './state.ts';

const FORMATS = new Set(['DOCKER', 'MAVEN', 'NPM', 'APT', 'YUM', 'PYTHON', 'KFP', 'GO', 'GENERIC']);
const ID = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const TYPE = 'type.googleapis.com/google.devtools.artifactregistry.v1';

export function createRepository(call: Call, cloud: Context): Reply {
  const { project, location = '' } = call.params;
  const id = call.query.get('repositoryId') ?? '';
  const parent = `projects/${project}/locations/${location}`;
  const name = `${parent}/repositories/${id}`;
  const asked = json<Partial<Repository>>(call);
  if (!LOCATIONS.includes(location))
    throw new ApiError('NOT_FOUND', `Location ${location} is not found or access is unauthorized.`);
  const onlyIn = gcrLocation(id);
  if (onlyIn ? onlyIn !== location || asked.format !== 'DOCKER' : !ID.test(id))
    throw new ApiError('INVALID_ARGUMENT', `Invalid repository id "${id}": it must match ${ID.source}`);
  if (!FORMATS.has(asked.format ?? ''))
    throw new ApiError(
      'INVALID_ARGUMENT',
      'Request contains an invalid argument: repository.format must be specified.',
    );
  if (asked.mode && !['MODE_UNSPECIFIED', 'STANDARD_REPOSITORY'].includes(asked.mode)) {
    // Clients would try again what is not implemented, or not there.
    throw new ApiError(
      'FAILED_PRECONDITION',
      `The local cloud has no ${asked.mode}: only standard repositories.`,
    );
  }
  if (cloud.artifactRegistry.find(name))
    throw new ApiError('ALREADY_EXISTS', 'the repository already exists');
  const now = timestamp(cloud.clock.now());
  const { format = 'DOCKER' } = asked;
  const resource: Repository = {
    name,
    format,
    mode: 'STANDARD_REPOSITORY',
    createTime: now,
    updateTime: now,
    ...initialSettings(asked),
  };
  cloud.artifactRegistry.add(resource);
  const operation = cloud.operations.start({
    name: operationName(parent, cloud.clock.now()),
    metadata: { '@type': `${TYPE}.OperationMetadata` },
    work: () => ({ '@type': `${TYPE}.Repository`, ...resource }),
  });
  return { body: operation };
}

export function getRepository(call: Call, cloud: Context): Reply {
  return { body: present(repositoryOf(call, cloud)) };
}

export function listRepositories(call: Call, cloud: Context): Reply {
  const { project, location } = call.params;
  const found = cloud.artifactRegistry.list(
    `projects/${project}/locations/${location === '-' ? '' : `${location}/`}`,
  );
  const { items, nextPageToken } = page(call, found, 1000);
  return { body: { repositories: items.map(present), ...(nextPageToken && { nextPageToken }) } };
}

export function patchRepository(call: Call, cloud: Context): Reply {
  const stored = repositoryOf(call, cloud);
  applyPatch(stored.resource, json<Partial<Repository>>(call), call.query.get('updateMask'));
  stored.resource.updateTime = timestamp(cloud.clock.now());
  return { body: present(stored) };
}

export function deleteRepository(call: Call, cloud: Context): Reply {
  const { resource } = repositoryOf(call, cloud);
  cloud.artifactRegistry.remove(resource.name);
  return { body: emptyOperation(call, cloud) };
}

/** An operation that is about a repository's content and answers nothing. */
export function emptyOperation(call: Call, cloud: Context): unknown {
  const { project, location } = call.params;
  return cloud.operations.start({
    name: operationName(`projects/${project}/locations/${location}`, cloud.clock.now()),
    metadata: { '@type': `${TYPE}.OperationMetadata` },
    work: () => ({ '@type': 'type.googleapis.com/google.protobuf.Empty' }),
  });
}

/** @throws ApiError NOT_FOUND, without the details other Google APIs give */
export function repositoryOf(call: Call, cloud: Context): StoredRepository {
  const { project, location, repository } = call.params;
  const found = cloud.artifactRegistry.find(
    `projects/${project}/locations/${location}/repositories/${repository}`,
  );
  if (!found) throw missing();
  return found;
}

export function missing(): ApiError {
  return new ApiError('NOT_FOUND', 'Requested entity was not found.');
}

function present({ resource, images }: StoredRepository): Record<string, unknown> {
  const [, project, , location, , id] = resource.name.split('/');
  const layers = new Map(
    images
      .list()
      .flatMap((image) =>
        [...image.manifests.values()].map((manifest) => [manifest.digest, sizeOf(manifest, image)]),
      ),
  );
  const sizeBytes = [...layers.values()].reduce((sum, size) => sum + size, 0);
  return {
    ...resource,
    ...(sizeBytes > 0 && { sizeBytes: String(sizeBytes) }),
    registryUri: `${location}-${resource.format.toLowerCase()}.pkg.dev/${project}/${id}`,
  };
}
