import { timestamp } from '../clock.ts';
import type { Cloud } from '../cloud.ts';
import { type Call, json, type Reply, type Route, route } from '../handler.ts';
import { requireCaller } from '../identity/credential.ts';
import type { Binding } from '../identity/iam.ts';

const API = 'cloudresourcemanager.googleapis.com';
const V1 = '/v1/projects/{project}';
const V3 = '/v3/projects/{project}';
const CREATED = timestamp(Date.UTC(2026, 0, 1));

/** The Cloud Resource Manager API, v1 and v3 (https://cloud.google.com/resource-manager/reference/rest). */
export const resourceManagerRoutes: readonly Route[] = [
  route('GET', '/v1/projects', undefined, (call, cloud) => ({
    body: { projects: visible(call, cloud).map(() => v1(cloud)) },
  })),
  route('GET', V1, access('get'), (_, cloud) => ({ body: v1(cloud) })),
  route('GET', '/v3/projects:search', undefined, (call, cloud) => ({
    body: { projects: visible(call, cloud).map(() => v3(cloud)) },
  })),
  route('GET', V3, access('get'), (_, cloud) => ({ body: v3(cloud) })),
  ...[V1, V3].flatMap((project) => [
    route('POST', `${project}:getIamPolicy`, access('getIamPolicy'), getPolicy),
    route('POST', `${project}:setIamPolicy`, access('setIamPolicy'), setPolicy),
    route('POST', `${project}:testIamPermissions`, undefined, testPermissions),
  ]),
];

function access(verb: string): { api: string; permission: string } {
  return { api: API, permission: `resourcemanager.projects.${verb}` };
}

/** A list holds what the caller may see, and is empty rather than refused. */
function visible(call: Call, cloud: Cloud): string[] {
  const principal = requireCaller(call, cloud, API);
  const { id } = cloud.project;
  return cloud.iam.allows(principal, 'resourcemanager.projects.get', `projects/${id}`) ? [id] : [];
}

function v1({ project: { id, number } }: Cloud): Record<string, unknown> {
  return { projectNumber: number, projectId: id, lifecycleState: 'ACTIVE', name: id, createTime: CREATED };
}

function v3({ project: { id, number } }: Cloud): Record<string, unknown> {
  return {
    name: `projects/${number}`,
    projectId: id,
    state: 'ACTIVE',
    displayName: id,
    createTime: CREATED,
    updateTime: CREATED,
  };
}

function getPolicy(_: Call, cloud: Cloud): Reply {
  return { body: cloud.iam.get(`projects/${cloud.project.id}`) };
}

function setPolicy(call: Call, cloud: Cloud): Reply {
  const { policy = {} } = json<{ policy?: { etag?: string; bindings?: Binding[] } }>(call);
  return { body: cloud.iam.set(`projects/${cloud.project.id}`, policy) };
}

/** Answers with the permissions the caller holds out of those asked about. */
function testPermissions(call: Call, cloud: Cloud): Reply {
  const principal = requireCaller(call, cloud, API);
  const { permissions = [] } = json<{ permissions?: string[] }>(call);
  const { id, number } = cloud.project;
  const resource = `projects/${call.params.project === number ? id : call.params.project}`;
  const held = permissions.filter((permission) => cloud.iam.allows(principal, permission, resource));
  return { body: held.length > 0 ? { permissions: held } : {} };
}
