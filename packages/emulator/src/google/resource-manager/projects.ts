import { requireCaller } from '../../kernel/access.ts';
import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import { fieldsToChange, putField } from '../../kernel/resources/mask.ts';
import { policyRoutes } from '../allow-policies/routes.ts';
import type { Context } from './context.ts';

const API = 'cloudresourcemanager.googleapis.com';
const V1 = '/v1/projects/{project}';
const V3 = '/v3/projects/{project}';
const CREATED = timestamp(Date.UTC(2026, 0, 1));

/** The Cloud Resource Manager API, v1 and v3 (https://cloud.google.com/resource-manager/reference/rest). */
export const resourceManagerRoutes: readonly Route<Context>[] = [
  route('GET', '/v1/projects', undefined, (call, cloud) => ({
    body: { projects: visible(call, cloud).map(() => v1(cloud)) },
  })),
  route('GET', V1, access('get'), (_, cloud) => ({ body: v1(cloud) })),
  route('PUT', V1, access('update'), (call, cloud) => {
    rename(cloud, json<{ name?: string; labels?: Record<string, string> }>(call));
    return { body: v1(cloud) };
  }),
  route('POST', `${V1}:getAncestry`, access('get'), (_, { project }) => ({
    body: { ancestor: [{ resourceId: { type: 'project', id: project.id } }] },
  })),
  route('GET', '/v3/projects:search', undefined, (call, cloud) => ({
    body: { projects: visible(call, cloud).map(() => v3(cloud)) },
  })),
  route('GET', V3, access('get'), (_, cloud) => ({ body: v3(cloud) })),
  route('PATCH', V3, access('update'), patchV3),
  ...[V1, V3].flatMap((template) =>
    policyRoutes<Context>(template, {
      api: API,
      kind: 'resourcemanager.projects',
      get: 'POST',
      guarded: (method, path, permission, handler) => route(method, path, { api: API, permission }, handler),
      nameOf: ({ params: { project = '' } }, { project: { id, number } }) =>
        `projects/${project === number ? id : project}`,
      requireThere: () => undefined,
    }),
  ),
];

function access(verb: string): { api: string; permission: string } {
  return { api: API, permission: `resourcemanager.projects.${verb}` };
}

/** A list holds what the caller may see, and is empty rather than refused. */
function visible(call: Call, cloud: Context): string[] {
  const principal = requireCaller(call, cloud, API);
  const { id } = cloud.project;
  return cloud.iam.allows(principal, 'resourcemanager.projects.get', `projects/${id}`) ? [id] : [];
}

/** A project's name, up to now, and its labels are all that can be changed. @throws ApiError INVALID_ARGUMENT */
function rename(
  { project, projectSettings }: Context,
  { name, labels }: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> },
): void {
  if (name !== undefined && !/^[\w '"!-]{4,30}$/.test(name))
    throw new ApiError(
      'INVALID_ARGUMENT',
      `field [name] has issue [project display name contains invalid characters]: ${name}`,
    );
  projectSettings.displayName = name ?? project.id;
  projectSettings.labels = labelsOf({ labels: labels ?? {} });
}

/** The operation is done at once; its metadata say nothing that anybody reads. */
function patchV3(call: Call, cloud: Context): Reply {
  const asked = json<{ displayName?: string; labels?: Record<string, string> }>(call);
  const { displayName = cloud.project.id, labels = {} } = cloud.projectSettings;
  const after: typeof asked = { displayName, labels };
  for (const path of fieldsToChange(call.query.get('updateMask'), asked, ['displayName', 'labels'] as const))
    putField(asked, after, path);
  rename(cloud, { name: after.displayName ?? cloud.project.id, labels: after.labels ?? {} });
  const response = { '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project', ...v3(cloud) };
  return { body: { name: `operations/up.${cloud.clock.now()}`, done: true, response } };
}

function v1({ project: { id, number }, projectSettings }: Context): Record<string, unknown> {
  const { displayName: name = id, labels = {} } = projectSettings;
  return {
    projectNumber: number,
    projectId: id,
    lifecycleState: 'ACTIVE',
    name,
    ...(Object.keys(labels).length > 0 && { labels }),
    createTime: CREATED,
  };
}

function v3({ project: { id, number }, projectSettings }: Context): Record<string, unknown> {
  const { displayName = id, labels = {} } = projectSettings;
  return {
    name: `projects/${number}`,
    projectId: id,
    state: 'ACTIVE',
    displayName,
    ...(Object.keys(labels).length > 0 && { labels }),
    createTime: CREATED,
    updateTime: CREATED,
  };
}
