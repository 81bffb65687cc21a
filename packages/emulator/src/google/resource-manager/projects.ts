import { requireCaller } from '../../kernel/access.ts';
import { timestamp } from '../../kernel/clock.ts';
import type { Call } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
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
  route('GET', '/v3/projects:search', undefined, (call, cloud) => ({
    body: { projects: visible(call, cloud).map(() => v3(cloud)) },
  })),
  route('GET', V3, access('get'), (_, cloud) => ({ body: v3(cloud) })),
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

function v1({ project: { id, number } }: Context): Record<string, unknown> {
  return { projectNumber: number, projectId: id, lifecycleState: 'ACTIVE', name: id, createTime: CREATED };
}

function v3({ project: { id, number } }: Context): Record<string, unknown> {
  return {
    name: `projects/${number}`,
    projectId: id,
    state: 'ACTIVE',
    displayName: id,
    createTime: CREATED,
    updateTime: CREATED,
  };
}
