import { requireCaller } from '../../kernel/access.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import { locationsReply } from '../../kernel/resources/locations.ts';
import { policyRoutes } from '../allow-policies/routes.ts';
import type { Context } from './context.ts';
import { getDockerImage, listDockerImages } from './docker-images.ts';
import { getFile, listFiles } from './files.ts';
import { LOCATIONS } from './locations.ts';
import * as packages from './packages.ts';
import {
  createRepository,
  deleteRepository,
  getRepository,
  listRepositories,
  patchRepository,
  repositoryOf,
} from './repositories.ts';

/** Requests of gcr.io are not led to Artifact Registry: here its repositories serve that name anyway. */
const DISABLED = 'REDIRECTION_FROM_GCR_IO_DISABLED';
const root = '/v1/projects/{project}/locations/{location}/repositories';
const one = `${root}/{repository}`;
const pkg = `${one}/packages/{package}`;

/** Artifact Registry v1, as far as Docker repositories need it (https://cloud.google.com/artifact-registry/docs/reference/rest). */
export const artifactRegistryRoutes: readonly Route<Context>[] = [
  // gcloud lists the locations with either version.
  route('GET', '/v1/projects/{project}/locations', undefined, listLocations),
  route('GET', '/v1beta2/projects/{project}/locations', undefined, listLocations),
  settingsRoute('GET', 'projectsettings.get', (_, cloud) => ({ body: shownSettings(cloud) })),
  settingsRoute('PATCH', 'projectsettings.update', (call, cloud) => {
    const { legacyRedirectionState: state } = json<{ legacyRedirectionState?: string }>(call);
    if (state && state !== DISABLED)
      throw new ApiError(
        'FAILED_PRECONDITION',
        'The local cloud redirects no requests of gcr.io: its repositories answer for it.',
      );
    return { body: shownSettings(cloud) };
  }),
  guarded('POST', root, 'repositories.create', createRepository),
  guarded('GET', root, 'repositories.list', listRepositories),
  guarded('GET', one, 'repositories.get', getRepository),
  guarded('PATCH', one, 'repositories.update', patchRepository),
  guarded('DELETE', one, 'repositories.delete', deleteRepository),
  ...policyRoutes<Context>(one, {
    api: 'artifactregistry.googleapis.com',
    kind: 'artifactregistry.repositories',
    guarded: (method, template, permission, handler) =>
      guarded(method, template, permission.replace(/^artifactregistry\./, ''), handler),
    nameOf: repositoryName,
    requireThere: (call, cloud) => void repositoryOf(call, cloud),
  }),
  guarded('GET', `${one}/dockerImages`, 'dockerimages.list', listDockerImages),
  guarded('GET', `${one}/dockerImages/{image=**}`, 'dockerimages.get', getDockerImage),
  guarded('GET', `${one}/files`, 'files.list', listFiles),
  guarded('GET', `${one}/files/{file=**}`, 'files.get', getFile),
  guarded('GET', `${one}/packages`, 'packages.list', packages.listPackages),
  guarded('GET', pkg, 'packages.get', packages.getPackage),
  guarded('DELETE', pkg, 'packages.delete', packages.deletePackage),
  guarded('POST', `${pkg}/versions:batchDelete`, 'versions.delete', packages.deleteVersions),
  guarded('GET', `${pkg}/versions`, 'versions.list', packages.listVersions),
  guarded('GET', `${pkg}/versions/{version=**}`, 'versions.get', packages.getVersion),
  guarded('DELETE', `${pkg}/versions/{version=**}`, 'versions.delete', packages.deleteVersion),
  guarded('GET', `${pkg}/tags`, 'tags.list', packages.listTags),
  guarded('POST', `${pkg}/tags`, 'tags.create', packages.createTag),
  guarded('GET', `${pkg}/tags/{tag}`, 'tags.get', packages.getTag),
  guarded('PATCH', `${pkg}/tags/{tag}`, 'tags.update', packages.updateTag),
  guarded('DELETE', `${pkg}/tags/{tag}`, 'tags.delete', packages.deleteTag),
];

function settingsRoute(method: string, permission: string, handler: Handler<Context>): Route<Context> {
  const access = {
    api: 'artifactregistry.googleapis.com',
    permission: `artifactregistry.${permission}`,
    on: 'projects/{project}',
  };
  return route(method, '/v1/projects/{project}/projectSettings', access, handler);
}

function shownSettings({ project: { id } }: Context): Record<string, unknown> {
  return { name: `projects/${id}/projectSettings`, legacyRedirectionState: DISABLED };
}

function listLocations(call: Call, cloud: Context): Reply {
  const caller = requireCaller(call, cloud, 'artifactregistry.googleapis.com');
  cloud.iam.require(caller, 'artifactregistry.locations.list', `projects/${cloud.project.id}`);
  return locationsReply(cloud, LOCATIONS);
}

function guarded(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  const access = {
    api: 'artifactregistry.googleapis.com',
    permission: `artifactregistry.${permission}`,
    on: template.replace(/^\/v1\/|:\w+$/g, ''),
  };
  return route(method, template, access, handler);
}

function repositoryName({ params: { project, location, repository } }: Call, cloud: Context): string {
  const { id, number } = cloud.project;
  return `projects/${project === number ? id : project}/locations/${location}/repositories/${repository}`;
}
