import { ActionError } from '@gangway/action/error';
import {
  type GoogleCloud,
  GoogleError,
  isGoogleError,
  OPERATION,
  type WaitOptions,
  waitForOperation,
} from '@gangway/google-cloud';
import { fields, object, text } from '@gangway/http';
import type { ImageName } from '../names/image.ts';
import { elsewhere, isLocation } from './locations.ts';
import { repositoryName } from './repository-name.ts';
import {
  applySettings,
  initialSettings,
  type RepositorySettings,
  STORED,
  type StoredSettings,
} from './repository-settings.ts';

/** What is so of a repository after `ensureRepository`. */
export interface EnsuredRepository {
  readonly created: boolean;
  /** What was changed of an existing one, in words. */
  readonly changes: readonly string[];
  /** Whether a tag that is there can't be moved. */
  readonly immutableTags: boolean;
}

interface Repository extends StoredSettings {
  readonly name: string;
  readonly format?: string;
  readonly mode?: string;
}

const REPOSITORY = fields<Repository>({ ...STORED, name: text, format: text, mode: text }, 'name');
const CREATING = { service: 'artifactregistry', version: 'v1', response: object } as const;

/**
 * Makes sure that an image's repository is there, for Docker images, with the settings that were asked for; what was not
 * asked for stays.
 *
 * @param create whether to create it when it is missing
 * @throws ActionError when it is missing and may not be created, or can't be pushed to
 * @see https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
 */
export async function ensureRepository(
  cloud: GoogleCloud,
  image: ImageName,
  { create, ...settings }: { readonly create: boolean } & RepositorySettings,
  wait: WaitOptions,
): Promise<EnsuredRepository> {
  const standing = await find(cloud, image);
  if (standing) return adopt(cloud, image, standing, settings);
  if (!create) throw await missing(cloud, image);
  if (await createRepository(cloud, image, settings, wait))
    return { created: true, changes: [], immutableTags: settings.immutableTags ?? false };
  // Another run, or a retried request whose answer was lost, made it.
  const made = await find(cloud, image);
  return made ? adopt(cloud, image, made, settings) : { created: false, changes: [], immutableTags: false };
}

async function find(cloud: GoogleCloud, image: ImageName): Promise<Repository | undefined> {
  const path = `v1/${repositoryName(image)}`;
  try {
    return await cloud.request({ service: 'artifactregistry', method: 'GET', path, answer: REPOSITORY });
  } catch (error) {
    if (isGoogleError(error, 404)) return undefined;
    throw misplaced(image, error);
  }
}

async function adopt(
  cloud: GoogleCloud,
  image: ImageName,
  standing: Repository,
  settings: RepositorySettings,
): Promise<EnsuredRepository> {
  const { format, mode } = standing;
  if (format && format !== 'DOCKER') {
    throw new ActionError(
      `Input "image" names ${describe(image)}, which holds ${format} packages, not Docker images.`,
      { code: 'repository-format', hint: 'name a repository of the format Docker, or a new one' },
    );
  }
  if (mode === 'REMOTE_REPOSITORY' || mode === 'VIRTUAL_REPOSITORY') {
    const kind = mode === 'REMOTE_REPOSITORY' ? 'remote' : 'virtual';
    throw new ActionError(
      `Input "image" names ${describe(image)}, a ${kind} repository, which accepts no images.`,
      {
        code: 'repository-format',
        hint: `push to a standard repository${kind === 'virtual' ? ', such as one of those behind it' : ''}`,
      },
    );
  }
  const changes = await applySettings(cloud, repositoryName(image), standing, settings);
  const immutableTags = settings.immutableTags ?? standing.dockerConfig?.immutableTags ?? false;
  return { created: false, changes, immutableTags };
}

/** @returns whether it was created; not so where another run was faster */
async function createRepository(
  cloud: GoogleCloud,
  image: ImageName,
  settings: RepositorySettings,
  wait: WaitOptions,
): Promise<boolean> {
  const path = `v1/${repositoryName(image).replace(/\/[^/]+$/, '')}`;
  const what = `creating ${describe(image)}`;
  try {
    const operation = await cloud.request({
      service: 'artifactregistry',
      method: 'POST',
      path,
      query: { repositoryId: image.repository },
      body: { format: 'DOCKER', ...initialSettings(settings) },
      answer: OPERATION,
    });
    await waitForOperation(cloud, CREATING, operation, what, wait);
    return true;
  } catch (error) {
    if (isGoogleError(error, 409)) return false;
    throw misplaced(image, error);
  }
}

function describe({ repository, location }: ImageName): string {
  return `the Artifact Registry repository ${repository} in ${location}`;
}

async function missing(cloud: GoogleCloud, image: ImageName): Promise<ActionError> {
  const message = `Input "image" names ${describe(image)}, which does not exist in ${image.project}.`;
  const { location, repository, project } = image;
  const others = await elsewhere(cloud, image);
  const make = `set create_repository to true, or create it: gcloud artifacts repositories create ${repository} --repository-format=docker --location=${location} --project=${project.replace('/', ':')}`;
  const [other] = others;
  const hint = other
    ? `there is one in ${others.join(' and ')}: write ${other}-docker.pkg.dev if that is meant; else ${make}`
    : make;
  return new ActionError(message, { code: 'repository-missing', hint });
}

/** Says so where a request failed because there is no such location; any other error stays as it is. */
function misplaced({ location }: ImageName, error: unknown): unknown {
  if (!(error instanceof GoogleError) || isLocation(location)) return error;
  if (error.httpStatus !== 400 && error.httpStatus !== 403 && error.httpStatus !== 404) return error;
  return new ActionError(
    `Input "image" names the location ${location}, which Artifact Registry does not seem to have: ${error.detail}`,
    {
      code: 'location-unknown',
      hint: 'write a region such as us-central1, or us, europe or asia; https://cloud.google.com/artifact-registry/docs/repositories/repo-locations lists them all',
      cause: error,
    },
  );
}
